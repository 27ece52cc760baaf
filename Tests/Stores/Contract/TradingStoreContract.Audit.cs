using TradingEngine.Streaming.Commits;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <content>The audit record: read in pages, in the order of the commits, and forgotten from its beginning.</content>
public abstract partial class TradingStoreContract
{
    [Fact]
    public async Task Audit_is_read_in_pages_in_the_order_of_commits()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        for (var i = 0; i < 10; i++)
        {
            await MustCommitAsync(store, new Commit { Audit = [Bytes($"a{i}"), Bytes($"b{i}")] });
        }

        var read = new List<string>();
        string? after = null;
        while (await partition.ReadAuditAsync(after, 3, Stop) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 3);
            read.AddRange(page.Select(entry => Text(entry.Line)));
            after = page[^1].Id;
        }

        Assert.Equal(Enumerable.Range(0, 10).SelectMany(i => new[] { $"a{i}", $"b{i}" }), read);
    }

    [Fact]
    public async Task Audit_of_another_partition_is_apart()
    {
        await using var store = await CreateAsync([]);
        await MustCommitAsync(store, new Commit { Audit = [Bytes("here")] });
        await store.Partition("7").CommitAsync([new Commit { Audit = [Bytes("there")] }], Stop);

        await store.Partition("7").ForgetAsync((await store.Partition("7").ReadAuditAsync(null, 9, Stop))[0].Id, [], Stop);

        Assert.Equal(["here"], await ReadAuditAsync(store));
        Assert.Empty(await store.Partition("7").ReadAuditAsync(null, 9, Stop));
    }

    [Fact]
    public async Task Forgetting_removes_the_audit_up_to_an_entry_and_may_be_repeated()
    {
        await using var first = await CreateAsync([]);
        await MustCommitAsync(first, new Commit { Audit = [.. Enumerable.Range(0, 1_500).Select(i => Bytes($"{i}"))] });
        var last = (await first.Partition("0").ReadAuditAsync(null, 1_200, Stop))[^1].Id;

        await first.Partition("0").ForgetAsync(last, [], Stop);
        await first.Partition("0").ForgetAsync(last, [], Stop);

        Assert.Equal(300, (await ReadAuditAsync(first)).Count);
        await using var second = await ReopenAsync(first, []);
        Assert.Equal("1200", (await ReadAuditAsync(second))[0]);
        Assert.Equal("1200", (await ReadAuditAsync(second, last, 1))[0]);
        await MustCommitAsync(second, new Commit { Audit = [Bytes("later")] });
        Assert.Equal("later", (await ReadAuditAsync(second))[^1]);
    }

    [Fact]
    public async Task Forgetting_removes_a_record_only_in_the_version_that_is_kept_elsewhere()
    {
        await using var store = await CreateAsync([]);
        var partition = store.Partition("0");
        var (same, changed) = (Unique("same"), Unique("changed"));
        await MustCommitAsync(store, new Commit { Records = [new(same, 0, Bytes("x")), new(changed, 0, Bytes("x"))] });
        await MustCommitAsync(store, new Commit { Records = [new(changed, 1, Bytes("y"))] });

        await partition.ForgetAsync(null, [(same, 1), (changed, 1), (Unique("none"), 1)], Stop);

        Assert.Null(await partition.ReadAsync(same, Stop));
        Assert.Equal("y", Text((await partition.ReadAsync(changed, Stop))!.Data));
        await MustCommitAsync(store, new Commit { Records = [new(same, 0, Bytes("anew"))] });
    }
}
