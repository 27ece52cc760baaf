using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.TestingHost;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Silo.Hosting;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Hosting;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>Configures silos of a test cluster as <c>OrleansHost</c> does its own, without agents.</summary>
internal static class ClusterSetup
{
    /// <summary>Starts one silo a store.</summary>
    public static async Task<InProcessTestCluster> StartAsync(
        IReadOnlyList<ITradingStore> stores, EngineOptions options, TimeProvider clock)
    {
        var builder = new InProcessTestClusterBuilder((short)stores.Count);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        var started = 0;
        builder.ConfigureSilo((_, silo) => Configure(silo, stores[started++], options, clock));
        builder.ConfigureClient(client => client.Services.AddSerializer(serializer => serializer.AddTradingTypes()));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }

    private static void Configure(ISiloBuilder silo, ITradingStore store, EngineOptions options, TimeProvider clock)
    {
        silo.Services.AddSingleton(new LogLevelSwitch());
        silo.Services.AddSingleton(store);
        silo.Services.AddKeyedSingleton(EngineClock.Key, clock);
        silo.Services.AddTradingEngine(options);
        silo.Services.AddHostedService<ConfigurationWatch>();
        silo.Services.AddHostedService<TierWaker>();
        silo.Services.AddHostedService<VenueWatch>();
        silo.Services.AddSerializer(serializer => serializer.AddTradingTypes());
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedProbesLimit = 2;
        });
        silo.UseInMemoryReminderService();
        silo.AddQueueStreams(
            StreamNames.AgentStreams,
            QueueCatalog.Streams(ExecutionKind.Redis),
            StreamNames.DefaultPartition);
    }
}
