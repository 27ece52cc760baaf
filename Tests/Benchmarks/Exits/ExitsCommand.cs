using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Exits;

/// <summary>The command line of the exit book's benchmark.</summary>
internal static class ExitsCommand
{
    public static Command Create()
    {
        var ticks = new Option<int>("--ticks")
        {
            Description = "Prices per round.",
            DefaultValueFactory = _ => 500_000,
        };
        var markdown = new Option<bool>("--markdown")
        {
            Description = "Print the tables as markdown, for docs/performance.md.",
        };
        var command = new Command("exits", """
            What a price costs the exit book of one symbol with 1,000, 100,000 and 1,000,000 positions armed.

            The book alone, in this process: no silo, no store. The figure is the least of five rounds.
            """)
        {
            ticks, markdown,
        };
        ticks.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1_000)
            {
                result.AddError("--ticks must be at least 1000.");
            }
        });
        command.SetAction((parsed, cancellation) => BenchmarkRun.GuardAsync(
            token => ExitsBenchmark.RunAsync(parsed.GetRequiredValue(ticks), parsed.GetValue(markdown), token), cancellation));
        return command;
    }
}
