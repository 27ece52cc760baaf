using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TradingEngine.Streaming.Diagnostics;

/// <summary>The product's one meter and its one source of traces, under one name. Neither costs anything while nobody listens.</summary>
public static class EngineTelemetry
{
    /// <summary>Name of meter, source and service.</summary>
    public const string Name = "TradingEngine";

    /// <summary>What counts and times where it happens; figures of the state are read when somebody asks.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Spans of a signal's way.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Bounds of all histograms of durations, in seconds: 50 µs to 10 s.</summary>
    public static InstrumentAdvice<double> Durations { get; } = new()
    {
        HistogramBucketBoundaries =
        [
            0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
        ],
    };
}
