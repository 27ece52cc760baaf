using System.Diagnostics;
using System.Diagnostics.Metrics;
using HdrHistogram;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Streaming.Diagnostics;

namespace TradingEngine.Grains.Hosting;

/// <summary>A part of a signal's way through a silo.</summary>
public enum Hop
{
    /// <summary>From the read of the queue to the tier's grain: the Orleans stream.</summary>
    Deliver = 0,

    /// <summary>In the tier: reading the messages, and the calls of their strategies until all have answered.</summary>
    Handle = 1,

    /// <summary>In a strategy: all of the next three, and planning.</summary>
    Decide = 2,

    /// <summary>The prices a strategy decides by.</summary>
    Price = 3,

    /// <summary>The account's answer to the entries of a batch.</summary>
    Reserve = 4,

    /// <summary>The commit of a batch, from the store's point of call to its answer.</summary>
    Write = 5,
}

/// <summary>Times the parts of a signal's way, once a batch, since the silo's start. Thread-safe.</summary>
public sealed class HopMeter
{
    private const int Digits = 2;

    private static readonly Histogram<double> s_durations = EngineTelemetry.Meter.CreateHistogram(
        "tradingengine.hop.duration", "s", "Time of a part of a signal's way through this silo, once a batch.", advice: EngineTelemetry.Durations);

    private static readonly KeyValuePair<string, object?>[] s_tags =
        [.. Enum.GetValues<Hop>().Select(hop => new KeyValuePair<string, object?>("hop", hop.ToString().ToLowerInvariant()))];

    private readonly LongConcurrentHistogram[] _hops =
        [.. Enum.GetValues<Hop>().Select(_ => new LongConcurrentHistogram(1, Latencies.Highest, Digits))];

    /// <summary>Counts a part that began at <paramref name="startedAt"/>, a timestamp of <see cref="Stopwatch"/>, and ends now.</summary>
    public void End(Hop hop, long startedAt)
    {
        var elapsed = Stopwatch.GetElapsedTime(startedAt);
        _hops[(int)hop].Add(elapsed);
        s_durations.Record(elapsed.TotalSeconds, s_tags[(int)hop]);
    }

    /// <summary>What was seen of a part, in microseconds.</summary>
    public Percentiles Read(Hop hop) => _hops[(int)hop].Read();
}
