using Microsoft.Data.Sqlite;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>Opening: one process at a time, nothing lost by a crash, and a refusal that says what to do.</summary>
public sealed class SqliteOpening : IDisposable
{
    private static readonly QueueDefinition Input = new() { Name = "in", ListKeys = ["wire:in"], IsRead = true };

    private readonly SqliteDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Second_opener_is_refused_and_told_of_redis_until_the_first_is_gone()
    {
        var first = await _directory.OpenAsync(TimeProvider.System);
        await using var second = _directory.Store(TimeProvider.System);

        var refused = await Assert.ThrowsAsync<StoreRefusedException>(() => second.OpenAsync(Stop));

        Assert.Contains(_directory.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("in use by another silo", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--store redis", refused.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await second.OpenAsync(Stop);
    }

    [Fact]
    public async Task Files_as_a_killed_process_leaves_them_hold_every_answered_commit()
    {
        using var image = new SqliteDirectory();
        await using var store = await _directory.OpenAsync(TimeProvider.System, [Input]);
        await store.Queues.PushAsync("in", [new byte[] { 1 }, new byte[] { 2 }], Stop);
        for (var i = 0; i < 100; i++)
        {
            await store.Partition("0").CommitAsync([new Commit { Records = [new($"r{i}", 0, new byte[] { 7 })] }], Stop);
        }

        // The log was not written back into the database, as it is at an orderly end.
        foreach (var file in new[] { "engine.db", "engine.db-wal" })
        {
            File.Copy(Path.Combine(_directory.Path, file), Path.Combine(image.Path, file));
        }

        var activity = new QueueActivity();
        await using var after = await image.OpenAsync(TimeProvider.System, [Input], activity);
        Assert.Equal(2, activity.Outstanding);
        Assert.Equal(store.Epoch, after.Epoch);
        var records = await after.Partition("0").ReadManyAsync([.. Enumerable.Range(0, 100).Select(i => $"r{i}")], Stop);
        Assert.All(records, Assert.NotNull);
        await using var reader = after.Queues.OpenReader("in");
        Assert.Equal(2, (await reader.ReadAsync(10, TimeSpan.FromSeconds(5), Stop)).Count);
    }

    [Fact]
    public async Task Epoch_is_of_the_file()
    {
        using var other = new SqliteDirectory();
        await using var elsewhere = await other.OpenAsync(TimeProvider.System);
        string epoch;
        await using (var first = await _directory.OpenAsync(TimeProvider.System))
        {
            epoch = first.Epoch;
        }

        await using var second = await _directory.OpenAsync(TimeProvider.System);
        Assert.Equal(epoch, second.Epoch);
        Assert.NotEqual(epoch, elsewhere.Epoch);
    }

    [Theory]
    [InlineData("no database")]
    [InlineData("newer")]
    [InlineData("damaged inside")]
    public async Task Database_that_cannot_be_trusted_is_refused_with_directory_and_fix(string damage)
    {
        await DamageAsync(damage);
        await using var store = _directory.Store(TimeProvider.System);

        var refused = await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(Stop));

        Assert.Contains(_directory.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        File.Delete(_directory.Database);
        await store.OpenAsync(Stop);
    }

    [Fact]
    public async Task Directory_that_cannot_be_created_is_refused()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "in the way", Stop);
        var options = new SqliteStoreOptions { Directory = Path.Combine(file, "data") };
        await using var store = new SqliteTradingStore(options, TimeProvider.System);

        var refused = await Assert.ThrowsAsync<StoreRefusedException>(() => store.OpenAsync(Stop));

        Assert.Contains(options.Directory, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closed_store_says_so()
    {
        var store = await _directory.OpenAsync(TimeProvider.System, [Input]);
        var partition = store.Partition("0");
        await using var reader = store.Queues.OpenReader("in");
        var waiting = reader.ReadAsync(1, TimeSpan.FromMinutes(1), Stop).AsTask();

        await store.DisposeAsync();

        await Assert.ThrowsAsync<StoreException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        await Assert.ThrowsAsync<StoreException>(async () => await partition.CommitAsync([new Commit()], Stop));
        await Assert.ThrowsAsync<StoreException>(async () => await partition.ReadAsync("r", Stop));
        var status = await store.GetStatusAsync(Stop);
        Assert.False(status.Connected);
        Assert.NotNull(status.Error);
    }

    private async Task DamageAsync(string damage)
    {
        await using (var store = await _directory.OpenAsync(TimeProvider.System))
        {
            await store.Board.SetListAsync("filler", [.. Enumerable.Repeat(new string('x', 3_000), 100)], Stop);
        }

        if (damage == "newer")
        {
            await using var connection = new SqliteConnection($"Data Source={_directory.Database};Pooling=False");
            await connection.OpenAsync(Stop);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version=99";
            await command.ExecuteNonQueryAsync(Stop);
            return;
        }

        var bytes = await File.ReadAllBytesAsync(_directory.Database, Stop);
        var from = damage == "no database" ? 0 : bytes.Length / 2;
        bytes.AsSpan(from, 8_192).Fill(0xA5);
        await File.WriteAllBytesAsync(_directory.Database, bytes, Stop);
    }
}
