using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.BadInput;

/// <summary>What the user asked the benchmark of broken messages for.</summary>
/// <param name="Rate">Good signals per second.</param>
/// <param name="BrokenRate">Broken messages per second, over all queues.</param>
/// <param name="Seconds">Measured seconds per run.</param>
/// <param name="Silo">Binary of the silo; null is the release build of this repository.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record BadInputOptions(int Rate, int BrokenRate, int Seconds, string? Silo, bool Markdown);

/// <summary>The command line of the benchmark of broken messages.</summary>
internal static class BadInputCommand
{
    public static Command Create()
    {
        var rate = Whole("--rate", "Good signals per second.", 100);
        var broken = Whole("--broken-rate", "Broken messages per second, over all queues in turn.", 100);
        var seconds = Whole("--seconds", "Seconds measured per run.", 10);
        var silo = new Option<string?>("--silo")
        {
            Description = "Path of TradingEngine.Silo.dll, or 'run' to build it first. Default: this repository's release build.",
        };
        var markdown = new Option<bool>("--markdown") { Description = "Print the table as markdown, for docs/performance.md." };
        var command = new Command("badinput", """
            What broken messages on every queue cost the good signals beside them, and the silo's memory.

            Good signals run at a fixed rate, without and with broken messages of every kind among them. Every good one must
            become exactly one order; the exit status is 1 otherwise, or when the p99 with them is over twice that without.
            """)
        {
            rate, broken, seconds, silo, markdown,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new BadInputOptions(
                parsed.GetRequiredValue(rate), parsed.GetRequiredValue(broken), parsed.GetRequiredValue(seconds),
                parsed.GetValue(silo), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => BadInputBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }

    private static Option<int> Whole(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000)
            {
                result.AddError($"{name} takes a whole number from 1 to 100,000.");
            }
        });
        return option;
    }
}
