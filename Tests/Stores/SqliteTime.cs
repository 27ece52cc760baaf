using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>What the store does by its clock: retention, housekeeping and redelivery.</summary>
public sealed class SqliteTime : IDisposable
{
    private readonly SqliteDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 5, 14, 30, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Record_is_absent_from_the_moment_its_retention_ends()
    {
        await using var store = await _directory.OpenAsync(_time);
        var partition = store.Partition("0");
        var write = new Commit { Records = [new("r", 0, new byte[] { 1 }, TimeSpan.FromHours(24))] };
        Assert.True((await partition.CommitAsync([write], Stop))[0].IsCommitted);

        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await partition.ReadAsync("r", Stop));
        Assert.Equal(CommitOutcome.VersionConflict, (await partition.CommitAsync([write], Stop))[0].Outcome);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await partition.ReadAsync("r", Stop));
        Assert.True((await partition.CommitAsync([write], Stop))[0].IsCommitted);
    }

    [Fact]
    public async Task Housekeeping_deletes_what_expired_and_nothing_else()
    {
        const int expiring = 1_700;
        await using var store = await _directory.OpenAsync(_time);
        var partition = store.Partition("0");
        await partition.CommitAsync(
            [.. Enumerable.Range(0, expiring).Select(i => new Commit
            {
                Records = [new($"r{i}", 0, new byte[] { 1 }, TimeSpan.FromSeconds(5))],
            })],
            Stop);
        await partition.CommitAsync(
            [new Commit { Records = [new("later", 0, new byte[] { 1 }, TimeSpan.FromHours(1)), new("kept", 0, new byte[] { 1 })] }],
            Stop);
        await store.Board.SetStringAsync("brief", "x", TimeSpan.FromSeconds(1), Stop);
        await store.Board.SetStringAsync("kept", "x", null, Stop);

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(await partition.ReadAsync("r0", Stop));
        Assert.Equal(expiring + 2, await CountAsync("record"));
        _time.Advance(TimeSpan.FromSeconds(5));

        await UntilAsync("the expired records to be deleted", async () => await CountAsync("record") == 2);
        await UntilAsync("the expired string to be deleted", async () => await CountAsync("board_string") == 1);
        Assert.NotNull(await partition.ReadAsync("later", Stop));
        Assert.NotNull(await partition.ReadAsync("kept", Stop));
        Assert.Equal("x", await store.Board.ReadStringAsync("kept", Stop));
    }

    [Fact]
    public async Task Entry_is_delivered_again_when_the_clock_says_so()
    {
        var queue = new QueueDefinition { Name = "in", ListKeys = ["wire:in"], IsRead = true };
        await using var store = await _directory.OpenAsync(_time, [queue]);
        await using var reader = store.Queues.OpenReader("in");
        await store.Queues.PushAsync("in", [new byte[] { 1 }], Stop);
        var first = Assert.Single(await reader.ReadAsync(5, TimeSpan.Zero, Stop));

        _time.Advance(queue.RedeliverAfter - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await reader.ReadAsync(5, TimeSpan.Zero, Stop));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var second = Assert.Single(await reader.ReadAsync(5, TimeSpan.Zero, Stop));

        Assert.Equal((first.Id, 2), (second.Id, second.Deliveries));
    }

    [Fact]
    public async Task Count_of_deliveries_survives_a_process_that_dies_at_each()
    {
        var queue = new QueueDefinition { Name = "in", ListKeys = ["wire:in"], IsRead = true };
        var counts = new List<int>();
        await using (var store = await _directory.OpenAsync(_time, [queue]))
        {
            await store.Queues.PushAsync("in", [new byte[] { 1 }], Stop);
        }

        for (var i = 0; i < 3; i++)
        {
            await using var store = await _directory.OpenAsync(_time, [queue]);
            await using var reader = store.Queues.OpenReader("in");
            counts.Add(Assert.Single(await reader.ReadAsync(5, TimeSpan.Zero, Stop)).Deliveries);
        }

        Assert.Equal([1, 2, 3], counts);
    }

    private async Task<long> CountAsync(string table)
    {
        await using var connection = new SqliteConnection($"Data Source={_directory.Database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The table is named by the test itself.
        command.CommandText = $"SELECT count(*) FROM {table}";
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static async Task UntilAsync(string what, Func<Task<bool>> isTrue)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await isTrue())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited 20 s for {what}.");
            await Task.Delay(5, Stop);
        }
    }
}
