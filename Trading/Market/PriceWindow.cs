namespace TradingEngine.Trading.Market;

/// <summary>Lowest and highest price of the last minute, in buckets of five seconds. Not thread-safe.</summary>
public sealed class PriceWindow
{
    private const int Buckets = 12;
    private const long Width = 5 * TimeSpan.TicksPerSecond;

    private readonly (decimal Low, decimal High)[] _buckets = new (decimal, decimal)[Buckets];
    private long _newest = -1;

    /// <summary>Takes a price in; one older than the newest counts as of now.</summary>
    /// <param name="mid">Price, positive.</param>
    /// <param name="time">Its time.</param>
    /// <returns>Lowest and highest, this price included.</returns>
    public (decimal Low, decimal High) Add(decimal mid, DateTimeOffset time)
    {
        var bucket = Math.Max(_newest, time.UtcTicks / Width);
        for (var b = Math.Max(_newest + 1, bucket - Buckets + 1); b <= bucket; b++)
        {
            _buckets[b % Buckets] = default;
        }

        _newest = bucket;
        ref var own = ref _buckets[bucket % Buckets];
        own = own.Low == 0m ? (mid, mid) : (Math.Min(own.Low, mid), Math.Max(own.High, mid));
        var (low, high) = own;
        foreach (var (bucketLow, bucketHigh) in _buckets)
        {
            if (bucketLow > 0m)
            {
                low = Math.Min(low, bucketLow);
                high = Math.Max(high, bucketHigh);
            }
        }

        return (low, high);
    }
}
