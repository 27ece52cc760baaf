using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Exits;

/// <summary>What the user asked the exit book's benchmark for.</summary>
/// <param name="Ticks">Prices per round.</param>
/// <param name="Rebuild">Positions to arm again from the store; 0 leaves that out.</param>
/// <param name="Silo">Binary of the silo; null is the release build of this repository.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record ExitsOptions(int Ticks, int Rebuild, string? Silo, bool Markdown);

/// <summary>The command line of the exit book's benchmark.</summary>
internal static class ExitsCommand
{
    public static Command Create()
    {
        var ticks = BenchmarkOptions.Number("--ticks", 500_000, "Prices per round.", least: 1_000);
        var rebuild = BenchmarkOptions.Number(
            "--rebuild", 100_000,
            "Positions to open over the wire, and to arm again after the silo was killed; 0 leaves that out.", least: 0);
        var silo = BenchmarkOptions.Silo();
        var markdown = BenchmarkOptions.Markdown();
        var command = new Command("exits", """
            What a price costs the exit book of one symbol with 1,000, 100,000 and 1,000,000 positions armed.

            The book alone, in this process: no silo, no store; each figure is the least of five rounds. Then a silo with many
            open positions is killed, and the time is taken until the next one has them all armed.
            """)
        {
            ticks, rebuild, silo, markdown,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new ExitsOptions(
                parsed.GetRequiredValue(ticks), parsed.GetRequiredValue(rebuild), parsed.GetValue(silo), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => ExitsBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }
}
