using Microsoft.Extensions.Logging.Abstractions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>What a silo finds when it looks after its store, and what it must agree on with others to write to one.</summary>
public sealed class RedisStoreWatchTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    private const string Control = "te:{0}:control";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Store_that_stands_is_the_same_at_every_look_of_every_silo()
    {
        await using var store = await OpenAsync(server);
        await using var other = Make(server, known: store.Epoch);
        await other.OpenAsync(Stop);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(StoreSighting.Same, await store.LookAsync(Stop));
            Assert.Equal(StoreSighting.Same, await other.LookAsync(Stop));
        }
    }

    [Theory]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Emptied_store_is_lost_for_good_and_nothing_is_taken_from_what_stands_in_its_place(RedisTransport transport)
    {
        await using var store = await OpenAsync(server, transport);
        await using var reader = store.Queues.OpenReader("signals");
        await store.Queues.PushAsync("signals", [Bytes("before")], Stop);
        Assert.Equal("before", Text(Assert.Single(await reader.TakeAsync(1))));
        var lost = store.Epoch;
        await server.ExecuteAsync("FLUSHALL");

        var seen = await store.LookAsync(Stop);

        Assert.Equal(StoreFinding.Lost, seen.Finding);
        Assert.Contains(lost, seen.Detail, StringComparison.Ordinal);
        Assert.Contains($"Client -- init --redis {server.ConnectionString}", seen.Detail, StringComparison.Ordinal);
        await using var next = Make(server, transport);
        await next.OpenAsync(Stop);
        await next.Queues.PushAsync("signals", [Bytes("after")], Stop);
        Assert.Empty(await reader.ReadAsync(1, TimeSpan.FromMilliseconds(300), Stop));
        await using var nextReader = next.Queues.OpenReader("signals");
        Assert.Equal("after", Text(Assert.Single(await nextReader.TakeAsync(1))));

        // Even where the old epoch is written back: what the silo has in memory is of another time.
        await server.ExecuteAsync("HSET", Control, "epoch", lost);
        Assert.Equal(seen, await store.LookAsync(Stop));
        var refusal = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(new Commit { Records = [new RecordWrite("a", 0, Bytes("x"))] }));
        Assert.Equal(seen.Detail, refusal.Message);
        await Assert.ThrowsAsync<StoreException>(async () => await store.Board.SetStringAsync("trading_engine_ready", "true", null, Stop));
        Assert.False((await store.GetStatusAsync(Stop)).Connected);
    }

    [Fact]
    public async Task Store_put_back_to_an_older_state_is_seen_once()
    {
        await using var store = await OpenAsync(server);
        Assert.Equal(StoreSighting.Same, await store.LookAsync(Stop));
        var older = (await server.ExecuteAsync("HGET", Control, RedisKeys.LooksField)).Text!;
        Assert.Equal(StoreSighting.Same, await store.LookAsync(Stop));
        await server.ExecuteAsync("HSET", Control, RedisKeys.LooksField, older);

        var seen = await store.LookAsync(Stop);

        Assert.Equal(StoreFinding.RolledBack, seen.Finding);
        Assert.Equal(StoreSighting.Same, await store.LookAsync(Stop));
        Assert.True((await store.CommitAsync(new Commit { Records = [new RecordWrite("a", 0, Bytes("x"))] })).IsCommitted);
    }

    [Fact]
    public async Task Silo_of_another_order_protocol_does_not_start()
    {
        await using var store = await OpenAsync(server);
        await server.ExecuteAsync("HSET", Control, RedisKeys.ProtocolField, "7");
        await using var next = Make(server, known: store.Epoch);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => next.OpenAsync(Stop));

        Assert.Contains("order protocol 7", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"this silo is of {RedisKeys.OrderProtocol}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_that_was_left_behind_by_an_upgrade_writes_nothing()
    {
        await using var store = await OpenAsync(server);
        await store.CommitAsync(new Commit { Records = [new RecordWrite("a", 0, Bytes("x"))] });
        await server.ExecuteAsync("HSET", Control, RedisKeys.ProtocolField, "7");

        var refusal = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(
            new Commit { Records = [new RecordWrite("a", 1, Bytes("y"))], Appends = [new QueueAppend("orders", "o-1", Bytes("order"))] }));

        Assert.Contains("order protocol 7", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(async () => await store.Partition("0").RaiseFenceAsync("g", Stop));
        await Assert.ThrowsAsync<StoreException>(async () => await store.Partition("0").SetModeAsync(0, 1, "r", [], [], Stop));
        Assert.Equal("x", (await server.ExecuteAsync("HGET", "te:{0}:rec:a", "d")).Text);
        Assert.Equal(0, (await server.ExecuteAsync("EXISTS", "execution_orders")).Integer);
        Assert.Equal(StoreFinding.Lost, (await store.LookAsync(Stop)).Finding);
    }

    [Fact]
    public async Task Number_of_partitions_stays_what_the_first_silo_wrote()
    {
        await server.ExecuteAsync("FLUSHALL");
        await using var first = WithPartitions(2);
        await first.OpenAsync(Stop);
        await using var same = WithPartitions(2);
        await same.OpenAsync(Stop);
        await using var other = WithPartitions(3);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => other.OpenAsync(Stop));

        Assert.Contains("--partitions 2", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("2", (await server.ExecuteAsync("HGET", Control, RedisKeys.PartitionsField)).Text);
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("1", "0")]
    public async Task Number_of_partitions_is_that_of_whichever_partition_was_opened_first(string opened, string later)
    {
        await server.ExecuteAsync("FLUSHALL");
        await using var first = WithPartitions(2, opened);
        await first.OpenAsync(Stop);
        await using var other = WithPartitions(3, later);

        var refusal = await Assert.ThrowsAsync<StoreRefusedException>(() => other.OpenAsync(Stop));

        Assert.Contains("--partitions 2", refusal.Message, StringComparison.Ordinal);
        await using var right = WithPartitions(2, later);
        await right.OpenAsync(Stop);
        Assert.NotEqual(first.Epoch, right.Epoch);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("a")]
    public void Partition_beyond_the_number_is_refused(string partition)
    {
        var refusal = Assert.Throws<StoreRefusedException>(() => WithPartitions(2, partition));

        Assert.Contains("from 0 to 1", refusal.Message, StringComparison.Ordinal);
    }

    private RedisTradingStore WithPartitions(int partitions, string partition = "0") => new(
        new RedisStoreOptions { ConnectionString = server.ConnectionString, Queues = Queues, Partitions = partitions, Partition = partition },
        TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
}
