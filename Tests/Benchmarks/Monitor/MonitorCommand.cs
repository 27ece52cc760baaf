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
        var positions = new Option<int>("--positions")
        {
            Description = "Positions to hold.",
            DefaultValueFactory = _ => 100_000,
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = "Length of each measured interval.",
            DefaultValueFactory = _ => 30,
        };
        var settle = new Option<int>("--settle")
        {
            Description = "Seconds of rest before each interval.",
            DefaultValueFactory = _ => 15,
        };
        var silo = new Option<string?>("--silo")
        {
            Description = "Path of TradingEngine.Silo.dll, or 'run' to build it first. Default: this repository's release build.",
        };
        var markdown = new Option<bool>("--markdown")
        {
            Description = "Print the tables as markdown, for docs/performance.md.",
        };
        var command = new Command("monitor", """
            What watching many open positions costs.

            The silo idles, then holds the positions, opened over the wire; a price a second comes in both times. The CPU
            time (Linux only) of the second interval over the first is the monitoring's.
            """)
        {
            positions, seconds, settle, silo, markdown,
        };
        positions.Validators.Add(result => Positive(result.GetValueOrDefault<int>(), "--positions", result.AddError));
        seconds.Validators.Add(result => Positive(result.GetValueOrDefault<int>(), "--seconds", result.AddError));
        settle.Validators.Add(result => Positive(result.GetValueOrDefault<int>(), "--settle", result.AddError));
        command.SetAction((parsed, cancellation) =>
        {
            var options = new MonitorOptions(
                parsed.GetRequiredValue(positions), parsed.GetRequiredValue(seconds), parsed.GetRequiredValue(settle),
                parsed.GetValue(silo), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => MonitorBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }

    private static void Positive(int value, string name, Action<string> error)
    {
        if (value < 1)
        {
            error($"{name} must be at least 1.");
        }
    }
}
