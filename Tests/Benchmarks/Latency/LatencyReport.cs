using HdrHistogram;
using TradingEngine.Tests.Benchmarks.Cadence;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>The tables of the latency benchmark. Latencies are in µs.</summary>
internal static class LatencyReport
{
    private const string None = "-";

    public static string Comparison(IEnumerable<(Measurement Engine, Measurement Relay)> rows, bool markdown)
    {
        var table = new Table(
            "Engine beside the raw relay: from the send of a signal to its order, µs",
            "rate/s", "engine p50", "engine p99", "engine p99.9", "relay p50", "relay p99", "relay p99.9",
            "ratio p50", "ratio p99", "missing", "duplicates", "sustained");
        foreach (var (engine, relay) in rows)
        {
            var (own, raw) = (engine.Flight.FromSend, relay.Flight.FromSend);
            table.Add(
                $"{engine.Flight.Rate:N0}", Cell(own, 50), Cell(own, 99), Cell(own, 99.9),
                Cell(raw, 50), Cell(raw, 99), Cell(raw, 99.9), Ratio(own, raw, 50), Ratio(own, raw, 99),
                $"{engine.Missing:N0}", $"{engine.Flight.Duplicates:N0}", engine.Verdict);
        }
        return table.Render(markdown);
    }

    public static string Details(IEnumerable<Measurement> measurements, bool markdown)
    {
        var table = new Table(
            "Each side: from the send and from the planned instant (late sends count), µs",
            "side", "rate/s", "measured", "send p50", "send p99", "send p99.9", "send max",
            "plan p50", "plan p99", "plan p99.9", "plan max",
            "missing", "duplicates", "out of order", "foreign", "sustained");
        foreach (var one in measurements)
        {
            var (send, plan) = (one.Flight.FromSend, one.Flight.FromPlan);
            table.Add(
                one.Side, $"{one.Flight.Rate:N0}", $"{send.TotalCount:N0}",
                Cell(send, 50), Cell(send, 99), Cell(send, 99.9), Cell(send, 100),
                Cell(plan, 50), Cell(plan, 99), Cell(plan, 99.9), Cell(plan, 100),
                $"{one.Missing:N0}", $"{one.Flight.Duplicates:N0}", $"{one.Flight.OutOfOrder:N0}",
                $"{one.Flight.Foreign:N0}", one.Verdict);
        }
        return table.Render(markdown);
    }

    /// <summary>Where the time goes in the silo, p50 / p99; the warm-up is in it.</summary>
    public static string Hops(IReadOnlyList<(int Rate, IReadOnlyList<HopStatus> Hops)> rates, bool markdown)
    {
        var table = new Table(
            "Parts of the way in the silo, p50 / p99 of a batch since its start, µs",
            ["rate/s", .. rates[0].Hops.Select(hop => hop.Hop)]);
        foreach (var (rate, hops) in rates)
        {
            table.Add([$"{rate:N0}", .. hops.Select(hop => hop.LatencyMicroseconds is { } seen ? $"{seen.P50:N0} / {seen.P99:N0}" : None)]);
        }

        return table.Render(markdown);
    }

    private static string Cell(LongHistogram histogram, double percentile) =>
        Measurement.Microseconds(histogram, percentile) is { } value ? $"{value:N0}" : None;

    private static string Ratio(LongHistogram own, LongHistogram raw, double percentile) =>
        Measurement.Microseconds(own, percentile) is { } left && Measurement.Microseconds(raw, percentile) is > 0 and var right
            ? $"{left / right:0.00}"
            : None;
}
