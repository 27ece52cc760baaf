using Microsoft.Extensions.Time.Testing;
using System.Net;
using System.Reflection;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Serialization;
using Serilog;
using Serilog.Extensions.Logging;
using StackExchange.Redis;
using TradingEngine.Agents.Hosting;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Silo.Alerts;
using TradingEngine.Streaming.Hosting;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Hosting;

namespace TradingEngine.Silo.Hosting;

/// <summary>Builds the Orleans host of a silo over a store that is open.</summary>
internal static class OrleansHost
{
    private const string GrainStorage = "Default";

    /// <summary>Version shown to people.</summary>
    public static string Version { get; } =
        typeof(OrleansHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "0.0.0";

    public static IHost Build(SiloSettings settings, OpenStore store, TimeProvider clock, Serilog.ILogger log, QueueActivity? activity, StoreWatch watch)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSerilog(log);
        var level = new LogLevelSwitch { Level = settings.LogLevel };
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddFilter<SerilogLoggerProvider>((category, at) => at >= level.Level
            && (at >= LogLevel.Warning || level.Level <= LogLevel.Debug || !IsChatty(category)));
        builder.Services.AddSingleton(level);
        builder.Services.AddSingleton(store.Store);
        builder.Services.AddKeyedSingleton(EngineClock.Key, clock);
        builder.Services.AddTradingEngine(OptionsOf(settings));
        builder.Services.AddHostedService<ConfigurationWatch>();
        builder.Services.AddHostedService<TierWaker>();
        builder.Services.AddHostedService<SizingWatch>();
        if (settings.Execution != ExecutionKind.Paper)
        {
            builder.Services.AddHostedService<VenueWatch>();
        }

        AddObservers(builder, settings, level, watch);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(15));
        builder.Services.AddSerializer(serializer => serializer.AddTradingTypes());
        builder.UseOrleans(silo => Configure(silo, settings, store));
        builder.Services.AddTradingAgents(AgentsOf(settings));
        if (activity is not null)
        {
            builder.Services.AddSingleton(activity);
            builder.Services.AddSingleton((FakeTimeProvider)clock);
        }

        return builder.Build();
    }

    private static void AddObservers(HostApplicationBuilder builder, SiloSettings settings, LogLevelSwitch level, StoreWatch watch)
    {
        builder.Services.AddSingleton(watch);
        if (settings.Telemetry is { } telemetry)
        {
            Telemetry.AddLogs(builder.Logging, telemetry, level);
            builder.Services.AddHostedService<ReadingsWatch>();
        }

        // A replay is over before anybody could look.
        if (settings.Alerts is { } alerts && settings.Feed != FeedKind.Replay)
        {
            builder.Services.AddAlerts(alerts);
        }

        // The dashboard keeps a log of its own at every level, which nobody reads: it is not served.
        builder.Logging.AddFilter((provider, _, _) => provider?.StartsWith("Orleans.Dashboard", StringComparison.Ordinal) != true);
    }

    private static EngineOptions OptionsOf(SiloSettings settings)
    {
        return new EngineOptions
        {
            Partition = settings.Partition,
            Partitions = settings.Partitions,
            Trading = new ConfigurationBoard(settings.Trading, settings.TradingVersion),
            Settings = settings.Given,
            CommandKeys = settings.CommandKeys,
            Tiers = settings.Tiers,
            ClosesAsOpposite = settings.ClosesAsOpposite,
            Retention = settings.Retention,
            Archive = settings.Feed == FeedKind.Replay ? null : Path.Combine(settings.Data, "archive"),
            SteersUnderLoad = false,
            IsSessionOpen = settings.Sessions.IsOpen,
            SessionEnd = settings.Sessions.NextClose,
            IsLockStep = settings.Feed == FeedKind.Replay,
            ReadsSharedPrices = settings.Feed == FeedKind.Redis,
            Feed = settings.Feed == FeedKind.Replay ? $"replay of {settings.ReplayFile}" : settings.Feed.ToString().ToLowerInvariant(),
            Execution = settings.Execution.ToString().ToLowerInvariant(),
            Version = Version,
        };
    }

    private static AgentOptions AgentsOf(SiloSettings settings) => new()
    {
        SimulatesFeed = settings.Feed == FeedKind.Simulated,
        Partition = settings.Partition,
        ReplaysFile = settings.ReplayFile,
        ReplaySpeed = settings.Speed,
        ExecutesOnPaper = settings.Execution == ExecutionKind.Paper,
        Venue = settings.Venue with { Seed = (ulong)settings.Seed },
        JournalFile = settings.Feed == FeedKind.Replay ? Path.Combine(settings.Data, "orders.jsonl") : null,
        Seed = settings.Seed,
        Equity = settings.Equity,
        Strategies = settings.Strategies,
    };

    private static void Configure(ISiloBuilder silo, SiloSettings settings, OpenStore store)
    {
        silo.Configure<ClusterOptions>(cluster =>
        {
            cluster.ClusterId = ClusterNames.ClusterIdOf(settings.Partition);
            cluster.ServiceId = ClusterNames.ServiceIdOf(settings.Partition);
        });
        silo.Configure<EndpointOptions>(endpoints =>
        {
            endpoints.AdvertisedIPAddress = settings.Reach.Advertised;
            endpoints.SiloPort = settings.SiloPort;
            endpoints.GatewayPort = settings.GatewayPort;
            endpoints.SiloListeningEndpoint = new IPEndPoint(settings.Reach.Listening, settings.SiloListenPort);
            endpoints.GatewayListeningEndpoint = new IPEndPoint(settings.Reach.Listening, settings.GatewayPort);
        });
        if (settings.IsOnKubernetes)
        {
            silo.UseKubernetesHosting();
        }

        if (settings.HasDashboard)
        {
            silo.AddDashboard(dashboard => dashboard.HideTrace = true);
        }

        silo.Configure<SiloMessagingOptions>(messaging =>
        {
            messaging.ResponseTimeout = TimeSpan.FromSeconds(10);
            messaging.MaxMessageBodySize = 16 * 1024 * 1024;
        });
        silo.Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(5));

        // Each position leaves behind where it was, for others to find: by default a million entries, which grow by 400 MB in the first hours.
        silo.Configure<GrainDirectoryOptions>(directory => directory.CacheSize = 50_000);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            // The period of the probes as well as their limit, until enough of them showed how long an answer takes.
            membership.ProbeTimeout = TimeSpan.FromSeconds(0.4);
            membership.MinProbeTimeout = TimeSpan.FromSeconds(0.4);
            membership.NumMissedProbesLimit = 2;

            // The second probe by way of another silo waits for that one's own probe, and with it a crash takes twice as long to be seen;
            // against a mistake of one silo there are the two votes.
            membership.EnableIndirectProbes = false;

            // A silo that stands still keeps its connections, and who has heard of it within this times the limit does not
            // vote: by default 8 s in which nobody takes its grains over.
            membership.MaxProbeTimeout = TimeSpan.FromSeconds(1);

            // One that was voted out while it heard nothing learns of it here, by default after a minute.
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);

            // A silo that starts waits for all that seem alive to answer. Where the only one crashed and the next has
            // another address, this is how soon it sees that nobody is there: by default after 90 s.
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
            membership.NumMissedTableIAmAliveLimit = 5;
        });
        silo.AddQueueStreams(StreamNames.AgentStreams, QueuesOf(settings), settings.Partition);
        if (store.RedisConnection is { } redis)
        {
            var configuration = ConfigurationOptions.Parse(redis);
            configuration.AbortOnConnectFail = false;
            silo.UseRedisClustering(options => options.ConfigurationOptions = configuration);
            silo.AddRedisGrainStorage(GrainStorage, options => options.ConfigurationOptions = configuration);
            silo.UseRedisReminderService(options => options.ConfigurationOptions = configuration);
        }
        else
        {
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, serviceId: ClusterNames.ServiceId, clusterId: ClusterNames.ClusterId);
            silo.AddSqliteGrainStorage(GrainStorage);
            silo.UseInMemoryReminderService();
        }
    }

    private static string[] QueuesOf(SiloSettings settings) =>
        [.. QueueCatalog.Streams(settings.Execution)];

    /// <summary>True for those that say something at every activation, which is a line per order: Orleans places grains with Polly.</summary>
    private static bool IsChatty(string? category) => category is not null
        && (category.StartsWith("Orleans", StringComparison.Ordinal) || category.StartsWith("Polly", StringComparison.Ordinal));
}
