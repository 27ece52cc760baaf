using TradingEngine.Streaming.Commits;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>Batches, and many committers at once.</summary>
public abstract partial class TradingStoreContract
{
    [Fact]
    public async Task Batch_is_atomic_per_item_and_answers_per_item()
    {
        await using var store = await CreateAsync(InputAndOutput);
        var partition = store.Partition("0");
        Commit Item(string key, string message) => new()
        {
            Records = [new(Unique(key), 0, Bytes(message))],
            Appends = [new(Output.Name, message, Bytes(message))],
        };

        var results = await partition.CommitAsync(
            [Item("a", "a"), Item("a", "again"), Item("b", "b"), Item("b", "again"), Item("c", "c")], Stop);

        Assert.Equal(
            [
                CommitOutcome.Committed, CommitOutcome.VersionConflict, CommitOutcome.Committed,
                CommitOutcome.VersionConflict, CommitOutcome.Committed,
            ],
            results.Select(result => result.Outcome));
        await using var reader = store.Queues.OpenReader(Output.Name);
        var entries = await ReadExactlyAsync(reader, 3, "one message per committed item");
        Assert.Equal(["a", "b", "c"], entries.Select(entry => Text(entry.Payload)));
        await AssertNothingArrivesAsync(reader);
    }

    [Fact]
    public async Task Later_item_of_a_batch_sees_what_earlier_ones_wrote()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var (record, group) = (Unique("r"), Unique("g"));

        var results = await partition.CommitAsync(
            [
                new Commit { Records = [new(record, 0, Bytes("1"))], Counters = [new(group, "n", 1)] },
                new Commit { Records = [new(record, 1, Bytes("2"))], Counters = [new(group, "n", 1)] },
                new Commit { Records = [new(record, 2, Bytes("3"))], Counters = [new(group, "n", 1)] },
            ],
            Stop);

        Assert.Equal([1L, 2L, 3L], results.Select(result => Assert.Single(result.CounterVersions)));
        Assert.Equal(3, (await partition.ReadAsync(record, Stop))!.Version);
        Assert.Equal(3, (await partition.ReadCountersAsync(group, -1, Stop))!.Fields["n"]);
    }

    [Fact]
    public async Task Concurrent_committers_of_one_record_have_one_winner_per_version()
    {
        const int committers = 100;
        await using var store = await CreateAsync(InputAndOutput);
        var partition = store.Partition("0");
        var record = Unique("contended");

        for (var version = 0; version < 5; version++)
        {
            var expected = version;
            var results = await Task.WhenAll(Enumerable.Range(0, committers).Select(i => Task.Run(
                () => CommitOneAsync(store, new Commit
                {
                    Records = [new(record, expected, Bytes($"{i}"))],
                    Appends = [new(Output.Name, $"{expected}-{i}", Bytes($"{i}"))],
                }),
                Stop)));

            var winner = Array.FindIndex(results, result => result.IsCommitted);
            Assert.Single(results, result => result.IsCommitted);
            Assert.Equal(committers - 1, results.Count(result => result.Outcome == CommitOutcome.VersionConflict));
            var read = (await partition.ReadAsync(record, Stop))!;
            Assert.Equal((version + 1, $"{winner}"), (read.Version, Text(read.Data)));
        }

        Assert.Equal(5, await DepthAsync(store, Output));
    }

    [Fact]
    public async Task Concurrent_additions_are_all_counted()
    {
        await using var store = await CreateAsync([]);
        var group = Unique("sum");

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(
            () => CommitOneAsync(store, new Commit { Counters = [new(group, "n", 1)] }), Stop)));

        Assert.Equal(
            Enumerable.Range(1, 100).Select(version => (long)version),
            results.Select(result => Assert.Single(result.CounterVersions)).Order());
        Assert.Equal(100, (await store.Partition("0").ReadCountersAsync(group, -1, Stop))!.Fields["n"]);
    }
}
