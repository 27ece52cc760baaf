using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Audit;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Health;

namespace TradingEngine.Grains.Diagnostics;

/// <summary>What a look at the engine found, for metrics.</summary>
/// <param name="Status">Mode, totals, accounts, halts; null where the engine did not answer.</param>
/// <param name="Store">The store as this silo reaches it.</param>
/// <param name="DeadLetters">Ever set aside, by <c>queue REASON</c>.</param>
/// <param name="Agents">Agents with the age of their signs.</param>
/// <param name="UnsealedAge">Age of the oldest audit entry that has no seal yet; zero where all have one; null where it is not known.</param>
internal sealed record EngineReading(
    EngineStatus? Status, StoreStatus Store, IReadOnlyDictionary<string, long> DeadLetters, ImmutableArray<AgentHealth> Agents, TimeSpan? UnsealedAge);

/// <summary>
/// Looks at the engine when somebody collects metrics, at most once a second and for a bounded time. Nothing is read while nobody does. Thread-safe.
/// </summary>
public sealed class EngineReadings(
    ITradingStore store, IGrainFactory grains, IOptions<EngineOptions> options, [FromKeyedServices(EngineClock.Key)] TimeProvider clock)
    : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);
    private static readonly StoreStatus s_unknown = new(false, null, "", ImmutableDictionary<string, long>.Empty, "it did not answer in time");

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly AgentBoard _agents = new(store);
    private volatile EngineReading? _newest;
    private long _readAt;

    /// <summary>The newest reading; null before the first.</summary>
    internal EngineReading? Newest => _newest;

    /// <summary>Looks, unless somebody has just done so. It does not throw: what cannot be read is not known.</summary>
    public async Task RefreshAsync(CancellationToken cancellation = default)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_newest is null || TimeProvider.System.GetElapsedTime(_readAt) >= Fresh)
            {
                _newest = await ReadAsync(cancellation);
                _readAt = TimeProvider.System.GetTimestamp();
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task<EngineReading> ReadAsync(CancellationToken cancellation)
    {
        var partition = store.Partition(options.Value.Partition);
        var status = TryAsync(() => grains.GetGrain<IEngineGrain>(options.Value.Partition).GetStatusAsync(), cancellation);
        var health = TryAsync(() => store.GetStatusAsync(cancellation), cancellation);
        var letters = TryAsync(async () => await partition.ReadCountersAsync(DeadLetters.CounterGroup, cancellation: cancellation), cancellation);
        var agents = TryAsync(async () => new Box<ImmutableArray<AgentHealth>>(await _agents.ReadAsync(clock.GetUtcNow())), cancellation);
        var unsealed = TryAsync(async () => new Box<TimeSpan>(await UnsealedAgeAsync(partition, cancellation)), cancellation);
        return new EngineReading(
            await status, await health ?? s_unknown, (await letters)?.Fields ?? ImmutableDictionary<string, long>.Empty,
            (await agents)?.Value ?? [], (await unsealed)?.Value);
    }

    private async Task<TimeSpan> UnsealedAgeAsync(IPartitionStore partition, CancellationToken cancellation)
    {
        var (head, _) = await AuditHeads.ReadAsync(partition);
        var next = await partition.ReadAuditAsync(head.Sealed?.LastId, 1, cancellation);
        return next.Count > 0 && AuditLineJson.Read(next[0].Line) is { Facts: [var fact, ..] } && clock.GetUtcNow() > fact.Time
            ? clock.GetUtcNow() - fact.Time
            : TimeSpan.Zero;
    }

    private static async Task<T?> TryAsync<T>(Func<Task<T>> read, CancellationToken cancellation) where T : class?
    {
        try
        {
            return await read().WaitAsync(Longest, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is, it is known elsewhere: here it is not known, and that shows.
            return null;
        }
    }

    private sealed record Box<T>(T Value);
}
