using TradingEngine.Streaming.Commits;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>The board and the store's health.</summary>
public abstract partial class TradingStoreContract
{
    [Fact]
    public async Task Hash_fields_are_replaced_one_by_one()
    {
        await using var store = await CreateAsync([]);
        var key = Unique("hash");
        Assert.Empty(await store.Board.ReadHashAsync(key, Stop));

        await store.Board.SetHashAsync(key, new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, Stop);
        await store.Board.SetHashAsync(key, new Dictionary<string, string> { ["b"] = "zwei", ["c"] = "" }, Stop);

        var hash = await store.Board.ReadHashAsync(key, Stop);
        Assert.Equal(
            [("a", "1"), ("b", "zwei"), ("c", "")],
            hash.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => (field.Key, field.Value)));
    }

    [Fact]
    public async Task String_is_set_deleted_and_expires()
    {
        await using var store = await CreateAsync([]);
        var key = Unique("string");
        Assert.Null(await store.Board.ReadStringAsync(key, Stop));

        await store.Board.SetStringAsync(key, "ünïcode", TimeSpan.FromMinutes(10), Stop);
        Assert.Equal("ünïcode", await store.Board.ReadStringAsync(key, Stop));
        await store.Board.SetStringAsync(key, null, null, Stop);
        Assert.Null(await store.Board.ReadStringAsync(key, Stop));
        await store.Board.SetStringAsync(key, "brief", TimeSpan.FromMilliseconds(50), Stop);
        await EventuallyAsync("the string to expire", async () => await store.Board.ReadStringAsync(key, Stop) is null);
        await store.Board.SetStringAsync(key, "kept", null, Stop);
        Assert.Equal("kept", await store.Board.ReadStringAsync(key, Stop));
    }

    [Fact]
    public async Task Lists_are_newest_first_replaced_whole_and_cut_by_pushes()
    {
        await using var store = await CreateAsync([]);
        var key = Unique("list");
        Assert.Empty(await store.Board.ReadListAsync(key, 10, Stop));

        await store.Board.SetListAsync(key, ["old", "older"], Stop);
        await store.Board.SetListAsync(key, ["3", "2", "1"], Stop);
        Assert.Equal(["3", "2"], await store.Board.ReadListAsync(key, 2, Stop));
        await MustCommitAsync(store, new Commit { Pushes = [new(key, Bytes("4"), 10), new(key, Bytes("5"), 4)] });

        Assert.Equal(["5", "4", "3", "2"], await store.Board.ReadListAsync(key, 10, Stop));
        await store.Board.SetListAsync(key, [], Stop);
        Assert.Empty(await store.Board.ReadListAsync(key, 10, Stop));
    }

    [Fact]
    public async Task Removal_takes_one_value_out_with_all_that_the_commit_writes_or_nothing()
    {
        await using var store = await CreateAsync(InputAndOutput);
        var key = Unique("list");
        byte[] binary = [0, 0xFF, (byte)'\n'];
        await MustCommitAsync(store, new Commit { Pushes = [new(key, Bytes("a"), 9), new(key, Bytes("b"), 9), new(key, Bytes("a"), 9), new(key, binary, 9)] });
        Commit Move(params string[] values) => new()
        {
            Removals = [.. values.Select(value => new ListRemoval(key, Bytes(value)))],
            Appends = [new(Input.Name, "x", Bytes("moved"))],
        };

        var partition = store.Partition("0");
        var results = await partition.CommitAsync([Move("a"), Move("a", "gone"), Move("b"), Move("b")], Stop);

        Assert.Equal(
            [CommitOutcome.Committed, CommitOutcome.VersionConflict, CommitOutcome.Committed, CommitOutcome.VersionConflict],
            results.Select(result => result.Outcome));
        Assert.Equal(key, results[1].Detail);
        Assert.Equal(2, (await store.GetStatusAsync(Stop)).QueueDepths[Input.Name]);
        await MustCommitAsync(store, new Commit { Removals = [new(key, binary)] });
        Assert.Equal(["a"], await store.Board.ReadListAsync(key, 9, Stop));
    }

    [Fact]
    public async Task Value_that_many_take_out_at_once_is_moved_once()
    {
        await using var store = await CreateAsync(InputAndOutput);
        var key = Unique("list");
        await MustCommitAsync(store, new Commit { Pushes = [new(key, Bytes("a"), 9)] });
        var move = new Commit { Removals = [new(key, Bytes("a"))], Appends = [new(Input.Name, "x", Bytes("a"))] };

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => store.Partition("0").CommitAsync([move], Stop).AsTask()));

        Assert.Single(results, result => result[0].IsCommitted);
        Assert.Equal(1, (await store.GetStatusAsync(Stop)).QueueDepths[Input.Name]);
    }

    [Fact]
    public async Task Status_tells_latency_persistence_and_depths()
    {
        await using var store = await CreateAsync(InputAndOutput);
        await PushAsync(store, Input, "a", "b");

        var status = await store.GetStatusAsync(Stop);

        Assert.True(status.Connected);
        Assert.Null(status.Error);
        Assert.True(status.Latency > TimeSpan.Zero);
        Assert.NotEmpty(status.Persistence);
        Assert.NotEmpty(store.Description);
        Assert.Equal(2, status.QueueDepths[Input.Name]);
        Assert.Equal(0, status.QueueDepths[Output.Name]);
    }
}
