using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Streams;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>A store in one Redis, version 6.2 or newer, not a Redis Cluster. Thread-safe.</summary>
public sealed class RedisTradingStore : ITradingStore
{
    private readonly ConcurrentDictionary<string, RedisPartitionStore> _partitions = new(StringComparer.Ordinal);
    private readonly RedisStoreSession _session;
    private readonly RedisQueueStore _queues;
    private readonly RedisStoreWatch _watch;
    private string _description;

    /// <summary>Makes a store that is not open yet.</summary>
    /// <param name="options">Read once, now.</param>
    /// <param name="time">The time messages carry. Time-outs and delays run on the system's clock whatever it says.</param>
    /// <param name="logger">Told of trouble, at most once a second for the same.</param>
    /// <param name="activity">For a replay in lock step: counts messages in queues the engine reads. Meant for a store whose
    /// every message is pushed through it.</param>
    /// <exception cref="StoreRefusedException">The options do not fit together.</exception>
    public RedisTradingStore(
        RedisStoreOptions options, TimeProvider time, ILogger<RedisTradingStore> logger, QueueActivity? activity = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _session = new RedisStoreSession(options, time, logger, new ActivityCounter(activity));
        _queues = new RedisQueueStore(_session);
        Board = new RedisBoard(_session);
        _watch = new RedisStoreWatch(_session);
        _description = $"redis at {_session.Address} (not open)";
    }

    /// <inheritdoc />
    public string Description => _description;

    /// <summary>Names the store that was opened, for <see cref="RedisStoreOptions.KnownEpoch"/> of the next start.</summary>
    /// <exception cref="StoreException">The store is not open.</exception>
    public string Epoch => _session.Epoch;

    /// <inheritdoc />
    public IQueueStore Queues => _queues;

    /// <inheritdoc />
    public IBoard Board { get; }

    /// <inheritdoc />
    public async Task OpenAsync(CancellationToken cancellation = default)
    {
        if (_session.IsOpen)
        {
            throw new InvalidOperationException("The store is open already.");
        }

        var facts = await new RedisStoreOpening(_session).RunAsync(cancellation);
        var transport = _session.Options.Transport == RedisTransport.Lists ? "lists" : "streams";
        _description = $"redis {facts.Version} at {_session.Address} ({transport})";
    }

    /// <inheritdoc />
    public IPartitionStore Partition(string partition) =>
        _partitions.GetOrAdd(partition, static (name, session) => new RedisPartitionStore(name, session), _session);

    /// <inheritdoc />
    public ValueTask<StoreSighting> LookAsync(CancellationToken cancellation = default) => _watch.LookAsync(cancellation);

    /// <inheritdoc />
    public async Task<StoreStatus> GetStatusAsync(CancellationToken cancellation = default)
    {
        try
        {
            _session.ThrowIfLost();
            using var buffer = new RespBuffer();
            var started = Stopwatch.GetTimestamp();
            var epoch = await _session.Reads.CallAsync(
                buffer.Command("HGET", _session.Keys.Control, RedisKeys.EpochField), cancellation);
            var latency = Stopwatch.GetElapsedTime(started);
            if (_session.IsOpen)
            {
                _session.CheckEpoch(epoch);
            }

            var facts = await RedisServerFacts.ReadAsync(_session.Reads, cancellation);
            return new StoreStatus(true, latency, facts.Persistence, await _queues.ReadDepthsAsync(cancellation), null);
        }
        catch (Exception fault) when (fault is StoreException or ObjectDisposedException)
        {
            return new StoreStatus(false, null, "unknown", new Dictionary<string, long>(), fault.Message);
        }
    }

    /// <summary>Ends the readers and the connections. What was in flight stays in the store for the next reader.</summary>
    public async ValueTask DisposeAsync()
    {
        await _queues.DisposeAsync();
        await _session.DisposeAsync();
    }
}
