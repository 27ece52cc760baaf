using HdrHistogram;
using TradingEngine.Grains.Interfaces.Tiers;

namespace TradingEngine.Grains.Hosting;

/// <summary>Times in histograms of microseconds.</summary>
internal static class Latencies
{
    /// <summary>Longest time that is told from longer ones: an hour.</summary>
    public const long Highest = 3_600_000_000;

    /// <summary>Counts a time; what is below a microsecond counts as one.</summary>
    public static void Add(this HistogramBase histogram, TimeSpan time) =>
        histogram.RecordValue(Math.Clamp((long)time.TotalMicroseconds, 1, Highest));

    /// <summary>What was seen.</summary>
    public static Percentiles Read(this HistogramBase histogram) => histogram.TotalCount == 0
        ? Percentiles.None
        : new Percentiles(
            histogram.TotalCount, histogram.GetValueAtPercentile(50), histogram.GetValueAtPercentile(99), histogram.GetMaxValue());
}
