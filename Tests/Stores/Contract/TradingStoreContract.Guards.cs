using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>Guards: each refuses, names its cause and writes nothing at all.</summary>
public abstract partial class TradingStoreContract
{
    [Theory]
    [InlineData(CommitOutcome.ModeRefused)]
    [InlineData(CommitOutcome.Halted)]
    [InlineData(CommitOutcome.FenceLost)]
    [InlineData(CommitOutcome.VersionConflict)]
    public async Task Guard_that_refuses_writes_nothing_acks_included(CommitOutcome refusal)
    {
        var (input, output) = (Queue("in", redeliverMilliseconds: 50), Output);
        await using var store = await CreateAsync([input, output]);
        var partition = store.Partition("0");
        await PushAsync(store, input, "signal");
        await using var inputs = store.Queues.OpenReader(input.Name);
        await using var outputs = store.Queues.OpenReader(output.Name);
        var entry = Assert.Single(await ReadExactlyAsync(inputs, 1, "the signal"));
        var fence = new Fence(Unique("fenced"), await partition.RaiseFenceAsync(Unique("fenced"), Stop));
        var commit = Everything(output, new QueueAck(input.Name, entry.Id)) with { Fence = fence };

        var detail = await ObstructAsync(partition, refusal, fence);
        var refused = await CommitOneAsync(store, commit);

        Assert.Equal(refusal, refused.Outcome);
        Assert.Equal(refusal == CommitOutcome.ModeRefused ? 3 : 0, refused.Mode);
        Assert.True(refused.CounterVersions.IsDefaultOrEmpty);
        if (detail is not null)
        {
            Assert.Equal(detail, refused.Detail);
        }

        Assert.Null(await partition.ReadAsync(Unique("first"), Stop));
        Assert.Equal(0, (await partition.ReadIndexAsync(Unique("index"), -1, Stop))!.Version);
        Assert.Equal(0, (await partition.ReadCountersAsync(Unique("group"), -1, Stop))!.Version);
        Assert.Empty(await store.Board.ReadListAsync(Unique("list"), 10, Stop));
        await AssertNothingArrivesAsync(outputs);
        Assert.DoesNotContain("audit", await ReadAuditAsync(store));
        var again = Assert.Single(await ReadExactlyAsync(inputs, 1, "the signal's redelivery"));
        Assert.Equal(entry.Id, again.Id);
    }

    [Fact]
    public async Task Commit_writes_everything_it_names()
    {
        var (input, output) = (Queue("in", redeliverMilliseconds: 50), Output);
        await using var store = await CreateAsync([input, output]);
        var partition = store.Partition("0");
        await PushAsync(store, input, "signal");
        await using var inputs = store.Queues.OpenReader(input.Name);
        await using var outputs = store.Queues.OpenReader(output.Name);
        var entry = Assert.Single(await ReadExactlyAsync(inputs, 1, "the signal"));
        Assert.Equal("signal", Text(entry.Payload));

        var result = await CommitOneAsync(store, Everything(output, new QueueAck(input.Name, entry.Id)));

        Assert.True(result.IsCommitted);
        Assert.Equal([1L], result.CounterVersions);
        var record = await partition.ReadAsync(Unique("first"), Stop);
        Assert.Equal((1, "first data"), (record!.Version, Text(record.Data)));
        var index = await partition.ReadIndexAsync(Unique("index"), -1, Stop);
        Assert.Equal("indexed", Text(index!.Fields["field"]));
        var counters = await partition.ReadCountersAsync(Unique("group"), -1, Stop);
        Assert.Equal(7, counters!.Fields["field"]);
        Assert.Equal(["pushed"], await store.Board.ReadListAsync(Unique("list"), 10, Stop));
        Assert.Equal("order", Text(Assert.Single(await ReadExactlyAsync(outputs, 1, "the order")).Payload));
        var audit = await ReadAuditAsync(store);
        Assert.Contains("audit", audit);
        await AssertNothingArrivesAsync(inputs, 200);
    }

    [Fact]
    public async Task Guards_are_checked_in_the_order_mode_halt_fence_version()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var fence = new Fence(Unique("fenced"), await partition.RaiseFenceAsync(Unique("fenced"), Stop));
        await ObstructAsync(partition, CommitOutcome.ModeRefused, fence);
        await ObstructAsync(partition, CommitOutcome.Halted, fence);
        await ObstructAsync(partition, CommitOutcome.FenceLost, fence);
        var commit = new Commit
        {
            AllowedModes = 1 << 0,
            HaltScopes = [Unique("free"), Unique("halted")],
            Fence = fence,
            Records = [new RecordWrite(Unique("absent"), 4, Bytes("x"))],
        };

        var results = await partition.CommitAsync(
            [
                commit,
                commit with { AllowedModes = ~0 },
                commit with { AllowedModes = ~0, HaltScopes = [] },
                commit with { AllowedModes = ~0, HaltScopes = [], Fence = null },
            ],
            Stop);

        Assert.Equal(
            [CommitOutcome.ModeRefused, CommitOutcome.Halted, CommitOutcome.FenceLost, CommitOutcome.VersionConflict],
            results.Select(result => result.Outcome));
    }

    [Fact]
    public async Task Halt_refuses_until_it_is_lifted()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var commit = new Commit { HaltScopes = [Unique("symbol")], Counters = [new(Unique("group"), "n", 1)] };

        Assert.True(await partition.ReplaceHaltAsync(Unique("symbol"), null, "first reason", Stop));
        Assert.True(await partition.ReplaceHaltAsync(Unique("symbol"), "first reason", "second reason", Stop));
        var halted = await CommitOneAsync(store, commit);
        var control = await partition.ReadControlAsync(Stop);
        var elsewhere = await CommitOneAsync(store, commit with { HaltScopes = [Unique("other")] });
        Assert.True(await partition.ReplaceHaltAsync(Unique("symbol"), "second reason", null, Stop));
        var lifted = await CommitOneAsync(store, commit);

        Assert.Equal((CommitOutcome.Halted, Unique("symbol")), (halted.Outcome, halted.Detail));
        Assert.Equal("second reason", control.Halts[Unique("symbol")]);
        Assert.True(elsewhere.IsCommitted);
        Assert.True(lifted.IsCommitted);
        Assert.Empty((await partition.ReadControlAsync(Stop)).Halts);
    }

    [Fact]
    public async Task Halt_is_replaced_only_where_the_expected_one_stands()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");

        Assert.False(await partition.ReplaceHaltAsync(Unique("symbol"), "news", "other", Stop));
        Assert.True(await partition.ReplaceHaltAsync(Unique("symbol"), null, "news", Stop));
        Assert.False(await partition.ReplaceHaltAsync(Unique("symbol"), null, "other", Stop));
        Assert.False(await partition.ReplaceHaltAsync(Unique("symbol"), "other", null, Stop));
        Assert.False(await partition.ReplaceHaltAsync(Unique("symbol"), "", null, Stop));

        Assert.Equal("news", (await partition.ReadControlAsync(Stop)).Halts[Unique("symbol")]);
    }

    [Fact]
    public async Task Raised_fence_voids_older_tokens_of_its_group_only()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var first = await partition.RaiseFenceAsync(Unique("a"), Stop);
        var other = await partition.RaiseFenceAsync(Unique("b"), Stop);
        var second = await partition.RaiseFenceAsync(Unique("a"), Stop);

        Task<CommitResult> TryAsync(string group, long token) => CommitOneAsync(
            store, new Commit { Fence = new(Unique(group), token), Counters = [new(Unique(group), "n", 1)] });

        Assert.True(second > first);
        var lost = await TryAsync("a", first);
        Assert.Equal((CommitOutcome.FenceLost, Unique("a")), (lost.Outcome, lost.Detail));
        Assert.True((await TryAsync("a", second)).IsCommitted);
        Assert.True((await TryAsync("b", other)).IsCommitted);
    }

    private Commit Everything(QueueDefinition output, QueueAck ack) => new()
    {
        AllowedModes = 1 << 0 | 1 << 1,
        HaltScopes = [Unique("free"), Unique("halted")],
        Records = [new(Unique("first"), 0, Bytes("first data")), new(Unique("second"), 0, Bytes("second data"))],
        Index = [new(Unique("index"), "field", Bytes("indexed"))],
        Counters = [new(Unique("group"), "field", 7)],
        Appends = [new(output.Name, "order-1", Bytes("order"))],
        Pushes = [new(Unique("list"), Bytes("pushed"), 5)],
        Audit = [Bytes("audit")],
        Acks = [ack],
    };

    /// <summary>Brings about what refuses <see cref="Everything"/>; returns the detail a refusal must give, if it must.</summary>
    private async Task<string?> ObstructAsync(IPartitionStore partition, CommitOutcome refusal, Fence fence)
    {
        switch (refusal)
        {
            case CommitOutcome.ModeRefused:
                Assert.True(await partition.SetModeAsync(0, 3, "test", [], [], Stop));
                return null;
            case CommitOutcome.Halted:
                await partition.ReplaceHaltAsync(Unique("halted"), null, "test", Stop);
                return Unique("halted");
            case CommitOutcome.FenceLost:
                await partition.RaiseFenceAsync(fence.Group, Stop);
                return fence.Group;
            case CommitOutcome.VersionConflict:
                var other = new Commit { Records = [new(Unique("second"), 0, Bytes("in the way"))] };
                Assert.True((await partition.CommitAsync([other], Stop))[0].IsCommitted);
                return Unique("second");
            default:
                throw new ArgumentOutOfRangeException(nameof(refusal));
        }
    }
}
