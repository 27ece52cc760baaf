using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TradingEngine.Streaming.Diagnostics;

/// <summary>What writing costs: counted by each store once a write, however many commits share it.</summary>
public static class StoreMetrics
{
    private static readonly Histogram<double> s_duration = EngineTelemetry.Meter.CreateHistogram(
        "tradingengine.store.write.duration", "s", "Time of a write to the store, from its call to its answer.", advice: EngineTelemetry.Durations);

    private static readonly Histogram<int> s_size = EngineTelemetry.Meter.CreateHistogram(
        "tradingengine.store.write.commits", "{commit}", "Commits that shared a write to the store.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });

    /// <summary>Counts a write that began at <paramref name="startedAt"/>, a timestamp of <see cref="Stopwatch"/>, and ends now.</summary>
    public static void Written(long startedAt, int commits)
    {
        s_duration.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds);
        s_size.Record(commits);
    }
}
