using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Silo.Hosting;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Two silos over one Redis, with agents that know Redis only.</summary>
[Collection(Alone.Name)]
public sealed class TwoSiloTests
{
    private const int Signals = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loss_of_the_silo_that_takes_signals_costs_no_signal_and_repeats_none()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var agents = await RedisAgents.ConnectAsync(server);
        await using var first = await OpenAsync(server);
        await using var second = await OpenAsync(server);
        await using var cluster = await ClusterSetup.StartAsync(
            [first, second], TestOptions.Create(RiskLimits.Open), TimeProvider.System);
        await using var client = new TradingEngineClient(cluster.Client);

        await agents.SignalAsync(Many("a"));
        await agents.TakeAsync(Signals);
        await SettledAsync(client, agents, Signals);
        Assert.Equal(2, (await client.GetEngineStatusAsync(Stop)).Silos);

        var tier = cluster.Client.GetGrain<IFastTierGrain>(StreamNames.DefaultPartition);
        var address = await cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(tier, Stop);
        var lost = cluster.Silos.Single(silo => silo.SiloAddress.Equals(address));
        await agents.SignalAsync(Many("b"));
        var store = lost.ServiceProvider.GetRequiredService<ITradingStore>();
        await cluster.KillSiloAsync(lost, Stop);
        await store.DisposeAsync();
        await agents.SignalAsync(Many("c"));

        await agents.TakeAsync(3 * Signals);
        await SettledAsync(client, agents, 3 * Signals);
        Assert.Equal(3 * Signals, agents.Taken.Select(order => order.SignalId).Distinct().Count());
        Assert.Equal(3 * Signals, agents.Taken.Count);
        Assert.Equal(1, (await client.GetEngineStatusAsync(Stop)).Silos);
    }

    private static IEnumerable<SentSignal> Many(string name) =>
        Enumerable.Range(0, Signals).Select(i => SentSignal.Buy($"{name}-{i}") with { Strategy = $"trend-{i % 4}" });

    /// <summary>Waits until all is open, armed and acknowledged: nothing more will come.</summary>
    private static Task SettledAsync(TradingEngineClient client, RedisAgents agents, int positions) => Eventually.HoldsAsync(
        $"{positions} armed positions and empty queues", async () =>
        {
            await agents.ExecuteAsync();
            try
            {
                var open = await client.GetPositionsAsync(Stop);
                var depths = (await client.GetRedisStatusAsync(Stop)).QueueDepths;
                return open.Length == positions && open.All(position => position.IsArmed)
                    && depths.Values.All(depth => depth == 0);
            }
            catch (Exception exception) when (exception is EngineUnreachableException or TimeoutException)
            {
                return false;
            }
        });

    private static async Task<RedisTradingStore> OpenAsync(RedisServer server)
    {
        var options = new RedisStoreOptions
        {
            ConnectionString = server.Address, Queues = QueueCatalog.Create(ExecutionKind.Redis),
        };
        var store = new RedisTradingStore(options, TimeProvider.System, NullLogger<RedisTradingStore>.Instance);
        await store.OpenAsync(Stop);
        return store;
    }
}
