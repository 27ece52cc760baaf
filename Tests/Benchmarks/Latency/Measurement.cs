using HdrHistogram;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>Where a side takes its signals and puts its orders.</summary>
/// <param name="Name">The side in tables and ids.</param>
/// <param name="Signals">List it reads.</param>
/// <param name="Orders">List it writes.</param>
/// <param name="Kind">The signals it is sent.</param>
/// <param name="Fills">Whether its orders are answered with fills.</param>
internal sealed record Route(string Name, string Signals, string Orders, SignalKind Kind, bool Fills = false);

/// <summary>What one side did under one rate.</summary>
/// <param name="Side">Engine or relay.</param>
/// <param name="Flight">The signals and what came of them.</param>
/// <param name="Waiting">Signals without an order when the last one was sent.</param>
internal sealed record Measurement(string Side, Flight Flight, int Waiting)
{
    /// <summary>A share of the planned rate below which the producer counts as too slow.</summary>
    private const double ProducerTolerance = 0.99;

    /// <summary>A backlog worth more than this many seconds of signals counts as fallen behind.</summary>
    private const double BacklogSeconds = 0.25;

    public int Missing => Flight.Count - Flight.Distinct;

    public bool IsClean => Missing == 0 && Flight.Duplicates == 0;

    /// <summary>Whether the rate was really carried, else who failed it and by how much.</summary>
    public string Verdict
    {
        get
        {
            if (Flight.SentRate < Flight.Rate * ProducerTolerance)
            {
                return $"no: producer reached {Flight.SentRate:N0}/s";
            }
            if (Waiting > Math.Max(Flight.Rate * BacklogSeconds, 10))
            {
                return $"no: {Waiting:N0} waiting at the end";
            }
            return Missing > 0 ? $"no: {Missing:N0} never came" : "yes";
        }
    }

    /// <summary>A percentile in µs; null when nothing arrived.</summary>
    public static double? Microseconds(LongHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? null : histogram.GetValueAtPercentile(percentile) / 1000.0;
}
