using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>Prices stay in memory, the newest win, and they are counted like anything else.</summary>
public sealed class SqlitePrices : IDisposable
{
    private const int Capacity = 65_536;

    private static readonly QueueDefinition Prices = new()
    {
        Name = "prices", ListKeys = [], IsRead = true, Channel = "market", RedeliverAfter = TimeSpan.FromMinutes(1),
    };

    private readonly SqliteDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Price_is_counted_until_it_is_acknowledged_and_never_touches_the_file()
    {
        var activity = new QueueActivity();
        await using var store = await _directory.OpenAsync(TimeProvider.System, [Prices], activity);
        await using var reader = store.Queues.OpenReader("prices");

        await store.Board.PublishAsync("market", "1.5", Stop);
        await store.Queues.PushAsync("prices", [Encoding.UTF8.GetBytes("2.5")], Stop);
        await store.Board.PublishAsync("elsewhere", "9", Stop);
        var entries = await reader.ReadAsync(10, TimeSpan.FromSeconds(5), Stop);

        Assert.Equal(["1.5", "2.5"], entries.Select(entry => Encoding.UTF8.GetString(entry.Payload.Span)));
        Assert.Equal(2, activity.Outstanding);
        Assert.Equal(2, (await store.GetStatusAsync(Stop)).QueueDepths["prices"]);
        await AckAsync(store, entries);
        await AckAsync(store, entries);
        Assert.Equal(0, activity.Outstanding);
        await using var connection = new SqliteConnection($"Data Source={_directory.Database};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Stop);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name='queue'";
        Assert.Equal(0L, await command.ExecuteScalarAsync(Stop));
    }

    [Fact]
    public async Task Full_queue_forgets_the_oldest_and_the_count_stays_exact()
    {
        var activity = new QueueActivity();
        await using var store = await _directory.OpenAsync(TimeProvider.System, [Prices], activity);
        await using var reader = store.Queues.OpenReader("prices");
        await PushAsync(store, 0, 10);
        var early = await reader.ReadAsync(5, TimeSpan.FromSeconds(5), Stop);
        Assert.Equal(5, early.Count);

        await PushAsync(store, 10, Capacity);

        Assert.Equal(Capacity, activity.Outstanding);
        await AckAsync(store, early);
        Assert.Equal(Capacity, activity.Outstanding);
        var rest = await reader.ReadAsync(Capacity + 10, TimeSpan.FromSeconds(5), Stop);
        Assert.Equal(
            Enumerable.Range(10, Capacity).Select(i => i.ToString(CultureInfo.InvariantCulture)),
            rest.Select(entry => Encoding.UTF8.GetString(entry.Payload.Span)));
        await AckAsync(store, rest);
        Assert.Equal(0, activity.Outstanding);
    }

    [Fact]
    public async Task Commit_that_would_append_a_price_is_a_mistake()
    {
        await using var store = await _directory.OpenAsync(TimeProvider.System, [Prices]);

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.Partition("0").CommitAsync(
            [new Commit { Appends = [new("prices", "1", new byte[] { 1 })] }], Stop));
    }

    private static async Task PushAsync(SqliteTradingStore store, int first, int count) => await store.Queues.PushAsync(
        "prices",
        [.. Enumerable.Range(first, count).Select(i => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(
            i.ToString(CultureInfo.InvariantCulture)))],
        Stop);

    private static async Task AckAsync(SqliteTradingStore store, IReadOnlyList<QueueEntry> entries) =>
        await store.Partition("0").CommitAsync(
            [new Commit { Acks = [.. entries.Select(entry => new QueueAck("prices", entry.Id))] }], Stop);
}
