using System.Globalization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>The audit in Redis, and the room that orders take after they were acknowledged.</summary>
public sealed class RedisAuditTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    [Fact]
    public async Task Audit_is_read_in_pages_and_forgotten_up_to_an_entry()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        foreach (var part in Enumerable.Range(0, 700).Chunk(7))
        {
            await partition.CommitAsync([.. part.Select(i => new Commit { Audit = [Bytes($"{i}")] })]);
        }

        var first = await partition.ReadAuditAsync(null, 500);
        await partition.ForgetAsync(first[^1].Id, []);
        await partition.ForgetAsync(first[^1].Id, []);
        var rest = await partition.ReadAuditAsync(first[^1].Id, 500);

        Assert.Equal(Enumerable.Range(0, 700).Select(i => $"{i}"), first.Concat(rest).Select(entry => Text(entry.Line)));
        Assert.Equal("501", Text((await partition.ReadAuditAsync(rest[0].Id, 1))[0].Line));
        Assert.InRange((await server.ExecuteAsync("XLEN", "te:{0}:audit")).Integer, 1, 200);
    }

    [Fact]
    public async Task Lines_that_share_an_entry_are_read_and_forgotten_one_by_one()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        await server.ExecuteAsync("XADD", "te:{0}:audit", "*", "d", "a", "d", "b", "d", "c");
        await server.ExecuteAsync("XADD", "te:{0}:audit", "*", "d", "d");

        var first = await partition.ReadAuditAsync(null, 2);
        var rest = await partition.ReadAuditAsync(first[1].Id, 9);
        Assert.Equal(["a", "b", "c", "d"], first.Concat(rest).Select(entry => Text(entry.Line)));
        Assert.Equal(4, first.Concat(rest).Select(entry => entry.Id).Distinct().Count());

        await partition.ForgetAsync(first[1].Id, []);
        Assert.Equal(["c", "d"], (await partition.ReadAuditAsync(first[1].Id, 9)).Select(entry => Text(entry.Line)));
        await partition.ForgetAsync(rest[0].Id, []);
        Assert.Equal(["d"], (await partition.ReadAuditAsync(null, 9)).Select(entry => Text(entry.Line)));
    }

    [Fact]
    public async Task Of_entries_with_many_lines_no_more_is_sent_than_is_asked_for()
    {
        const int size = 1_000;
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        var line = Bytes(new string('x', size));
        for (var i = 0; i < 100; i++)
        {
            await partition.CommitAsync([.. Enumerable.Range(0, 100).Select(_ => new Commit { Audit = [line] })]);
        }

        var before = await SentAsync();
        var read = await partition.ReadAuditAsync(null, 4_000);

        Assert.Equal(4_000, read.Count);
        Assert.InRange(await SentAsync() - before, 4_000 * size, 5_000 * size);

        async Task<long> SentAsync() => long.Parse(
            (await server.ExecuteAsync("INFO", "stats")).Text.Split("total_net_output_bytes:")[1].Split('\r')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Edited_entries_read_as_what_stands_there()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        foreach (var line in new[] { "a", "b", "c" })
        {
            await store.CommitAsync(new Commit { Audit = [Bytes(line)] });
        }

        var before = await partition.ReadAuditAsync(null, 9);

        await server.ExecuteAsync("XDEL", "te:{0}:audit", before[1].Id);
        await server.ExecuteAsync("XADD", "te:{0}:audit", "*", "other", "x");

        var after = await partition.ReadAuditAsync(null, 9);
        Assert.Equal(["a", "c", ""], after.Select(entry => Text(entry.Line)));
    }

    [Fact]
    public async Task Record_is_forgotten_only_in_its_version()
    {
        await using var store = await OpenAsync(server);
        var partition = store.Partition("0");
        await store.CommitAsync(new Commit { Records = [new("one", 0, Bytes("x")), new("two", 0, Bytes("x"))] });
        await store.CommitAsync(new Commit { Records = [new("two", 1, Bytes("y"))] });

        await partition.ForgetAsync(null, [("one", 1), ("two", 1), ("none", 1)]);

        Assert.Null(await partition.ReadAsync("one"));
        Assert.Equal(2, (await partition.ReadAsync("two"))!.Version);
    }

    [Fact]
    public async Task Orders_are_trimmed_to_what_the_slowest_group_acknowledged()
    {
        const string orders = "te:{0}:orders";
        await using var store = await OpenAsync(server, RedisTransport.Streams);
        await store.CommitAsync(new Commit { Appends = [.. Enumerable.Range(0, 10).Select(i => new QueueAppend("orders", $"o{i}", Bytes($"{i}")))] });
        async Task<long> LeftAsync()
        {
            await store.Queues.TrimAsync("orders");
            return (await server.ExecuteAsync("XLEN", orders)).Integer;
        }

        Assert.Equal(10, await LeftAsync());
        await server.ExecuteAsync("XGROUP", "CREATE", orders, "fast", "0");
        await server.ExecuteAsync("XGROUP", "CREATE", orders, "slow", "0");
        Assert.Equal(10, await LeftAsync());
        await AcknowledgeAsync("fast", 8);
        Assert.Equal(10, await LeftAsync());
        await AcknowledgeAsync("slow", 3);
        Assert.Equal(7, await LeftAsync());
        var taken = (await server.ExecuteAsync("XREADGROUP", "GROUP", "slow", "c", "COUNT", "2", "STREAMS", orders, ">"))
            .Items[0].Items[1].Items;
        Assert.Equal(7, await LeftAsync());
        await server.ExecuteAsync("XACK", orders, "slow", taken[0].Items[0].Text);
        Assert.Equal(6, await LeftAsync());

        async Task AcknowledgeAsync(string group, int count)
        {
            var read = await server.ExecuteAsync(
                "XREADGROUP", "GROUP", group, "c", "COUNT", $"{count}", "STREAMS", orders, ">");
            foreach (var entry in read.Items[0].Items[1].Items)
            {
                await server.ExecuteAsync("XACK", orders, group, entry.Items[0].Text);
            }
        }
    }
}
