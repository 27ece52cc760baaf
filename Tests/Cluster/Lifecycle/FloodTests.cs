using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Silo.Hosting;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Many more messages come than are written: what waits, waits in Redis, and all of it comes through.</summary>
[Collection(Alone.Name)]
public sealed class FloodTests
{
    private const int Signals = 14_000;
    private const int Part = 1_000;

    /// <summary>What a reader holds, a batch beyond it for each of its two lists, and what is on its way to the tier: the stream's cache of ten batches
    /// and what its receiver lets through before it.</summary>
    private const int MostHeld = 4_096 + (2 * 512) + ((10 + 5) * 512);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisTransport.Lists)]
    [InlineData(RedisTransport.Streams)]
    public async Task Commits_that_stand_still_bound_what_the_silo_holds_and_lose_nothing(RedisTransport transport)
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        var database = redis.GetDatabase();
        await using var inner = await OpenAsync(server, transport);
        await using var store = new UnreliableStore(inner);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Between = async commits =>
        {
            if (commits.Any(commit => commit.Acks.Any(ack => ack.Queue == StreamNames.FastSignals)))
            {
                isHeld.TrySetResult();
                await gate.Task;
            }

            return null;
        };
        await using var cluster = await ClusterSetup.StartAsync([store], TestOptions.Create(RiskLimits.Open), TimeProvider.System);
        for (var first = 0; first < Signals; first += Part)
        {
            await SendAsync(database, transport, first);
        }

        await Eventually.EndsAsync("a commit to be held", isHeld.Task);
        var stream = transport == RedisTransport.Lists ? "te:{0}:in:signals:fast" : "te:{0}:signals:fast";
        var (held, before, same) = (0L, -1L, 0);
        await Eventually.HoldsAsync(
            "the silo to take no more",
            async () =>
            {
                (before, held) = (held, (await database.StreamPendingAsync(stream, "engine")).PendingMessageCount);
                same = held > 0 && held == before ? same + 1 : 0;
                Assert.InRange(held, 0, MostHeld);
                return same >= 20;
            },
            seen: () => string.Create(CultureInfo.InvariantCulture, $"{held} are held"));

        gate.SetResult();
        await Eventually.HoldsAsync(
            $"{Signals} orders",
            async () => await OrdersAsync(database, transport) >= Signals && await database.StreamLengthAsync(stream) == 0,
            TimeSpan.FromMinutes(2),
            () => string.Create(CultureInfo.InvariantCulture, $"{held} were held"));
        Assert.Equal(Signals, await OrdersAsync(database, transport));
        Assert.Equal(Signals, await DistinctAsync(database, transport));
    }

    private static async Task SendAsync(IDatabase redis, RedisTransport transport, int first)
    {
        var signals = Enumerable.Range(first, Part)
            .Select(i => (SentSignal.Buy(string.Create(CultureInfo.InvariantCulture, $"s-{i}")) with { StopLoss = null, TakeProfit = null }).Json).ToList();
        if (transport == RedisTransport.Lists)
        {
            await redis.ListLeftPushAsync("strategy_signals", [.. signals.Select(signal => (RedisValue)signal)]);
        }
        else
        {
            await Task.WhenAll(signals.Select(signal => redis.StreamAddAsync("te:{0}:signals:fast", "data", signal)));
        }
    }

    private static Task<long> OrdersAsync(IDatabase redis, RedisTransport transport) => transport == RedisTransport.Lists
        ? redis.ListLengthAsync("execution_orders")
        : redis.StreamLengthAsync("te:{0}:orders");

    private static async Task<int> DistinctAsync(IDatabase redis, RedisTransport transport)
    {
        var orders = transport == RedisTransport.Lists
            ? (await redis.ListRangeAsync("execution_orders")).Select(order => (string)order!)
            : (await redis.StreamRangeAsync("te:{0}:orders")).Select(entry => (string)entry["data"]!);
        return orders.Select(order => new SentOrder(order).SignalId).Distinct(StringComparer.Ordinal).Count();
    }

    private static async Task<RedisTradingStore> OpenAsync(RedisServer server, RedisTransport transport)
    {
        var options = new RedisStoreOptions
        {
            ConnectionString = server.Address, Transport = transport, Queues = QueueCatalog.Create(ExecutionKind.Redis),
        };
        var store = new RedisTradingStore(options, TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
        await store.OpenAsync(Stop);
        return store;
    }
}
