using TradingEngine.Grains.Interfaces;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using TradingEngine.Streaming.Sqlite;

namespace TradingEngine.Silo.Hosting;

/// <summary>A store that is open, and what must end with it.</summary>
internal sealed record OpenStore(ITradingStore Store, string? RedisConnection, RedisServerLauncher? Server) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }
    }
}

/// <summary>Opens the store the settings ask for, waiting for a Redis that is away.</summary>
internal sealed class StoreFactory(SiloSettings settings, ILoggerFactory loggers, QueueActivity? activity)
{
    private const string EpochFile = "redis.epoch";
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    public async Task<OpenStore> OpenAsync(Action<string> say, CancellationToken cancellation)
    {
        var queues = QueueCatalog.Create(settings.Execution, settings.Tiers);
        if (settings.Store == StoreKind.Embedded)
        {
            var isReplay = settings.Feed == FeedKind.Replay;
            var embedded = new SqliteTradingStore(
                new SqliteStoreOptions
                {
                    Directory = settings.Data,
                    Queues = queues,
                    // A replay can be repeated; nothing is lost with it.
                    Synchronous = isReplay ? SqliteSynchronous.Off : SqliteSynchronous.Full,
                },
                TimeProvider.System, activity);
            await embedded.OpenAsync(cancellation);
            return new OpenStore(embedded, null, null);
        }

        var (connection, server) = await FindRedisAsync(cancellation);
        var isFirst = true;
        while (true)
        {
            var store = CreateRedis(connection, queues);
            try
            {
                await store.OpenAsync(cancellation);
                if (ReadEpoch() is { } lost && lost != store.Epoch)
                {
                    say($"The store was initialised anew by hand: epoch {store.Epoch} stands in for {lost}, which was lost");
                }

                RememberEpoch(store.Epoch);
                return new OpenStore(store, connection, server);
            }
            catch (StoreException exception)
            {
                await store.DisposeAsync();
                say(isFirst
                    ? $"Waiting for Redis at {connection.Split(',')[0]}: {exception.Message}"
                    : $"Waiting for Redis at {connection.Split(',')[0]}");
                isFirst = false;
            }

            await Task.Delay(RetryEvery, cancellation);
        }
    }

    private RedisTradingStore CreateRedis(string connection, IReadOnlyList<QueueDefinition> queues) => new(
        new RedisStoreOptions
        {
            ConnectionString = connection,
            Transport = settings.UsesStreams ? RedisTransport.Streams : RedisTransport.Lists,
            Queues = queues,
            InitMode = settings.InitializesStore ? RedisInitMode.Auto : RedisInitMode.Never,
            KnownEpoch = ReadEpoch(),
            Partitions = settings.Partitions,
            Partition = settings.Partition,
            CommonNames = [BoardKeys.MarketData],
        },
        TimeProvider.System, loggers.CreateLogger<RedisTradingStore>());

    /// <summary>The Redis given is waited for; only without one may another be found or started.</summary>
    private async Task<(string Connection, RedisServerLauncher? Server)> FindRedisAsync(CancellationToken cancellation)
    {
        if (settings.Redis is { } given)
        {
            return (given, null);
        }

        var probe = CreateRedis(RedisStoreOptions.DefaultConnectionString, []);
        await using (probe)
        {
            if ((await probe.GetStatusAsync(cancellation)).Connected)
            {
                return (RedisStoreOptions.DefaultConnectionString, null);
            }
        }

        var server = await RedisServerLauncher.StartAsync(settings.Data, cancellation: cancellation)
            ?? throw new SettingsException(
                "--store is redis, but no Redis answers at 127.0.0.1:6379 and no redis-server is on the PATH; "
                + "install one with: sudo apt-get install redis-server");
        return (server.ConnectionString, server);
    }

    private string? ReadEpoch()
    {
        var file = Path.Combine(settings.Data, EpochFile);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private void RememberEpoch(string epoch)
    {
        Directory.CreateDirectory(settings.Data);
        File.WriteAllText(Path.Combine(settings.Data, EpochFile), epoch);
    }
}
