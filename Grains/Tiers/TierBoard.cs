using System.Collections.Concurrent;

namespace TradingEngine.Grains.Tiers;

/// <summary>The meters of the tiers that live in this silo, to be read without a call. Thread-safe.</summary>
public sealed class TierBoard
{
    private readonly ConcurrentDictionary<string, TierMeter> _meters = new(StringComparer.Ordinal);

    /// <summary>Meters of the tiers that live here now.</summary>
    internal IEnumerable<TierMeter> Meters => _meters.Values;

    internal void Add(TierMeter meter) => _meters[meter.Name] = meter;

    /// <summary>Forgets a tier that went elsewhere, unless it is back already.</summary>
    internal void Remove(TierMeter meter) => _meters.TryRemove(new KeyValuePair<string, TierMeter>(meter.Name, meter));
}
