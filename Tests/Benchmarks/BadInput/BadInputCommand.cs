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
        var rate = BenchmarkOptions.Number("--rate", 100, "Good signals per second.", most: 100_000);
        var broken = BenchmarkOptions.Number(
            "--broken-rate", 100, "Broken messages per second, over all queues in turn.", most: 100_000);
        var seconds = BenchmarkOptions.Number("--seconds", 10, "Seconds measured per run.");
        var silo = BenchmarkOptions.Silo();
        var markdown = BenchmarkOptions.Markdown();
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
}
