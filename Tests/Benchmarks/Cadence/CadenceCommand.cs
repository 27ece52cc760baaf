using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Cadence;

/// <summary>What the user asked the cadence benchmark for.</summary>
/// <param name="Seconds">Length of the interval.</param>
/// <param name="Settle">Seconds between readiness and the interval.</param>
/// <param name="Silo">Binary of the silo; null is the release build of this repository.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record CadenceOptions(int Seconds, int Settle, string? Silo, bool Markdown);

/// <summary>The command line of the cadence benchmark.</summary>
internal static class CadenceCommand
{
    public static Command Create()
    {
        var seconds = BenchmarkOptions.Number("--seconds", 20, "Length of the measured interval.");
        var settle = BenchmarkOptions.Number(
            "--settle", 5, "Seconds the silo idles first, so that start-up and compiling are not counted.", least: 0);
        var silo = BenchmarkOptions.Silo();
        var markdown = BenchmarkOptions.Markdown();
        var command = new Command("cadence", """
            How exactly an idle silo keeps the beat of its tiers, and what that costs.

            The silo runs with no load. Its CPU time is read from /proc (Linux only) at both ends of the interval, the
            tiers' periods from its own HTTP interface (/status) at the end. 100 % is one core.
            """)
        {
            seconds, settle, silo, markdown,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new CadenceOptions(
                parsed.GetRequiredValue(seconds), parsed.GetRequiredValue(settle),
                parsed.GetValue(silo), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => CadenceBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }
}
