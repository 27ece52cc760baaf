using Microsoft.Extensions.Logging.Abstractions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using Xunit;
using static TradingEngine.Tests.Stores.RedisTest;

namespace TradingEngine.Tests.Stores;

/// <summary>Two partitions on one Redis: nothing of one is seen by the other, except what is common to all.</summary>
public sealed class RedisPartitionsTests(RedisServerFixture server) : IClassFixture<RedisServerFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisTransport.Lists, "strategy_signals", "te:{1}:strategy_signals")]
    [InlineData(RedisTransport.Streams, "te:{0}:signals", "te:{1}:signals")]
    public async Task Message_is_read_in_the_partition_it_was_put_to(RedisTransport transport, string first, string second)
    {
        await server.ExecuteAsync("FLUSHALL");
        await using var zero = await OpenAsync(transport, "0");
        await using var one = await OpenAsync(transport, "1");
        await using var atZero = zero.Queues.OpenReader("signals");
        await using var atOne = one.Queues.OpenReader("signals");

        await PutAsync(transport, first, "for zero");
        await PutAsync(transport, second, "for one");

        Assert.Equal("for zero", Text(Assert.Single(await atZero.TakeAsync(1))));
        var taken = Assert.Single(await atOne.TakeAsync(1));
        Assert.Equal("for one", Text(taken));
        await one.CommitAsync(
            new Commit { Records = [new RecordWrite("r", 0, Bytes("x"), null)], Acks = [new QueueAck("signals", taken.Id)] }, "1");
        Assert.Equal(0, (await one.GetStatusAsync(Stop)).QueueDepths["signals"]);
        Assert.Equal(1, (await zero.GetStatusAsync(Stop)).QueueDepths["signals"]);
    }

    [Fact]
    public async Task Commit_pushes_orders_and_lists_under_the_tag_of_its_partition()
    {
        await server.ExecuteAsync("FLUSHALL");
        await using var one = await OpenAsync(RedisTransport.Lists, "1");

        await one.CommitAsync(
            new Commit
            {
                Appends = [new QueueAppend("orders", "o-1", Bytes("order"))],
                Pushes = [new ListPush("recent_orders", Bytes("shown"), 10), new ListPush("te:{0}:trades:a", Bytes("trade"), 10)],
            }, "1");

        Assert.Equal("order", (await server.ExecuteAsync("LINDEX", "te:{1}:execution_orders", "0")).Text);
        Assert.Equal("shown", (await server.ExecuteAsync("LINDEX", "te:{1}:recent_orders", "0")).Text);
        Assert.Equal("trade", (await server.ExecuteAsync("LINDEX", "te:{1}:trades:a", "0")).Text);
        Assert.Equal(["shown"], await one.Board.ReadListAsync("recent_orders", 5, Stop));
        Assert.Equal(0, (await server.ExecuteAsync("EXISTS", "execution_orders", "recent_orders", "te:{0}:trades:a")).Integer);
    }

    [Fact]
    public async Task Each_shows_its_own_state_and_all_share_prices()
    {
        await server.ExecuteAsync("FLUSHALL");
        await using var zero = await OpenAsync(RedisTransport.Lists, "0");
        await using var one = await OpenAsync(RedisTransport.Lists, "1");

        await zero.Board.SetStringAsync("ready", "true", null, Stop);
        await one.Board.SetHashAsync("common:BTCUSD", new Dictionary<string, string> { ["bid"] = "1" }, Stop);

        Assert.Null(await one.Board.ReadStringAsync("ready", Stop));
        Assert.Equal("true", (await server.ExecuteAsync("GET", "ready")).Text);
        Assert.Equal("1", (await zero.Board.ReadHashAsync("common:BTCUSD", Stop))["bid"]);
    }

    [Fact]
    public async Task Mode_halt_and_loss_of_one_leave_the_other_as_it_is()
    {
        await server.ExecuteAsync("FLUSHALL");
        await using var zero = await OpenAsync(RedisTransport.Lists, "0");
        await using var one = await OpenAsync(RedisTransport.Lists, "1");

        Assert.True(await one.Partition("1").SetModeAsync(0, 3, "why", [], [], Stop));
        Assert.True(await one.Partition("1").ReplaceHaltAsync("symbol/X", null, "halted", Stop));

        Assert.Equal(0, (await zero.Partition("0").ReadControlAsync(Stop)).Mode);
        Assert.Empty((await zero.Partition("0").ReadControlAsync(Stop)).Halts);
        await server.ExecuteAsync("DEL", "te:{1}:control");
        Assert.Equal(StoreFinding.Lost, (await one.LookAsync(Stop)).Finding);
        Assert.Equal(StoreFinding.Same, (await zero.LookAsync(Stop)).Finding);
    }

    private Task PutAsync(RedisTransport transport, string key, string message) => transport == RedisTransport.Lists
        ? server.ExecuteAsync("LPUSH", key, message)
        : server.ExecuteAsync("XADD", key, "*", "data", message);

    private async Task<RedisTradingStore> OpenAsync(RedisTransport transport, string partition)
    {
        var store = new RedisTradingStore(
            new RedisStoreOptions
            {
                ConnectionString = server.ConnectionString, Transport = transport, Queues = Queues, Partitions = 2, Partition = partition,
                CommonNames = ["common:"],
            },
            TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
        await store.OpenAsync(Stop);
        return store;
    }
}
