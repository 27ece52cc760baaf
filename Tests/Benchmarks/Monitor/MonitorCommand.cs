using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Monitor;

/// <summary>What the user asked the monitoring benchmark for.</summary>
/// <param name="Positions">Positions to hold.</param>
/// <param name="Seconds">Length of each measured interval.</param>
/// <param name="Settle">Seconds of rest before each.</param>
/// <param name="Silo">Binary of the silo; null is the release build of this repository.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record MonitorOptions(int Positions, int Seconds, int Settle, string? Silo, bool Markdown);

/// <summary>The command line of the monitoring benchmark.</summary>
internal static class MonitorCommand
{
    public static Command Create()
    {
        var positions = BenchmarkOptions.Number("--positions", 100_000, "Positions to hold.");
        var seconds = BenchmarkOptions.Number("--seconds", 30, "Length of each measured interval.");
        var settle = BenchmarkOptions.Number("--settle", 15, "Seconds of rest before each interval.");
        var silo = BenchmarkOptions.Silo();
        var markdown = BenchmarkOptions.Markdown();
        var command = new Command("monitor", """
            What watching many open positions costs.

            The silo idles, then holds the positions, opened over the wire; a price a second comes in both times. The CPU
            time (Linux only) of the second interval over the first is the monitoring's.
            """)
        {
            positions, seconds, settle, silo, markdown,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new MonitorOptions(
                parsed.GetRequiredValue(positions), parsed.GetRequiredValue(seconds), parsed.GetRequiredValue(settle),
                parsed.GetValue(silo), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => MonitorBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }
}
