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
        var seconds = new Option<int>("--seconds")
        {
            Description = "Length of the measured interval.",
            DefaultValueFactory = _ => 20,
        };
        var settle = new Option<int>("--settle")
        {
            Description = "Seconds the silo idles first, so that start-up and compiling are not counted.",
            DefaultValueFactory = _ => 5,
        };
        var silo = new Option<string?>("--silo")
        {
            Description = "Path of TradingEngine.Silo.dll, or 'run' to build it first. Default: this repository's release build.",
        };
        var markdown = new Option<bool>("--markdown")
        {
            Description = "Print the tables as markdown, for docs/performance.md.",
        };
        var command = new Command("cadence", """
            How exactly an idle silo keeps the beat of its tiers, and what that costs.

            The silo runs with no load. Its CPU time is read from /proc (Linux only) at both ends of the interval, the
            tiers' periods from its own HTTP interface (/status) at the end. 100 % is one core.
            """)
        {
            seconds, settle, silo, markdown,
        };
        seconds.Validators.Add(result => Require(result.GetValueOrDefault<int>() >= 1, result.AddError, "--seconds must be at least 1."));
        settle.Validators.Add(result => Require(result.GetValueOrDefault<int>() >= 0, result.AddError, "--settle must not be negative."));
        command.SetAction((parsed, cancellation) =>
        {
            var options = new CadenceOptions(
                parsed.GetRequiredValue(seconds), parsed.GetRequiredValue(settle),
                parsed.GetValue(silo), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => CadenceBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }

    private static void Require(bool holds, Action<string> error, string message)
    {
        if (!holds)
        {
            error(message);
        }
    }
}
