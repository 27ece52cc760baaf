using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>What the group commit must not do to its members.</summary>
public sealed class SqliteCommits : IDisposable
{
    private readonly SqliteDirectory _directory = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Commit_that_throws_takes_no_neighbour_with_it_and_leaves_nothing_of_its_batch()
    {
        var queue = new QueueDefinition { Name = "out", ListKeys = ["wire:out"], IsRead = true };
        var activity = new QueueActivity();
        await using var store = await _directory.OpenAsync(TimeProvider.System, [queue], activity);
        var partition = store.Partition("0");
        await partition.CommitAsync([new Commit { Counters = [new("full", "x", long.MinValue)] }], Stop);
        Commit Good(string key) => new()
        {
            Records = [new(key, 0, new byte[] { 1 })],
            Appends = [new("out", key, new byte[] { 1 })],
        };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            Commit[] batch = i % 4 == 0
                ? [Good($"bad{i}"), new Commit { Counters = [new("full", "x", -1)] }]
                : [Good($"good{i}")];
            try
            {
                return (await partition.CommitAsync(batch, Stop))[0].IsCommitted;
            }
            catch (ArgumentException)
            {
                return false;
            }
        })));

        Assert.Equal(Enumerable.Range(0, 200).Select(i => i % 4 != 0), outcomes);
        Assert.Equal(150, activity.Outstanding);
        var bad = await partition.ReadManyAsync([.. Enumerable.Range(0, 200).Select(i => $"bad{i}")], Stop);
        Assert.All(bad, Assert.Null);
    }

    [Fact]
    public async Task Malformed_commits_are_refused_on_the_spot()
    {
        await using var store = await _directory.OpenAsync(TimeProvider.System);
        var partition = store.Partition("0");
        Commit[] malformed =
        [
            new() { Records = default },
            new() { Records = [new("r", 0, default), new("r", 0, default)] },
            new() { Appends = [new("nowhere", "1", default)] },
            new() { Acks = [new("nowhere", "q1")] },
        ];

        foreach (var commit in malformed)
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await partition.CommitAsync([commit], Stop));
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await partition.SetModeAsync(0, 32, "no bit for it", [], [], Stop));
    }

    [Fact]
    public async Task Retention_without_end_is_taken_for_what_it_says()
    {
        await using var store = await _directory.OpenAsync(TimeProvider.System);
        var partition = store.Partition("0");

        await partition.CommitAsync([new Commit { Records = [new("r", 0, new byte[] { 1 }, TimeSpan.MaxValue)] }], Stop);

        Assert.NotNull(await partition.ReadAsync("r", Stop));
    }
}
