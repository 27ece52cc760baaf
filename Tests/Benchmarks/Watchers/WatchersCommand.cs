using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Watchers;

/// <summary>What the user asked the benchmark of event streams for.</summary>
/// <param name="Clients">Clients of the event stream.</param>
/// <param name="Rate">Signals per second; each is one update at least.</param>
/// <param name="Seconds">Measured seconds per run.</param>
/// <param name="Silo">Binary of the silo; null is the release build of this repository.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record WatchersOptions(int Clients, int Rate, int Seconds, string? Silo, bool Markdown);

/// <summary>The command line of the benchmark of event streams.</summary>
internal static class WatchersCommand
{
    public static Command Create()
    {
        var clients = BenchmarkOptions.Number("--clients", 500, "Clients of the event stream.", most: 10_000);
        var rate = BenchmarkOptions.Number("--rate", 30, "Signals per second; each makes about three updates for every client.", most: 100_000);
        var seconds = BenchmarkOptions.Number("--seconds", 20, "Seconds measured per run.");
        var silo = BenchmarkOptions.Silo();
        var markdown = BenchmarkOptions.Markdown();
        var command = new Command("watchers", """
            What clients of the event stream of the HTTP API cost the orders: latency without them, with them, and without again.

            The clients run in a process of their own and share the machine with the engine. The exit status is 1 when an order is
            missing or doubled, a stream ended, or the p99 with them is over 1.5 times that without.
            """)
        {
            clients, rate, seconds, silo, markdown,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new WatchersOptions(
                parsed.GetRequiredValue(clients), parsed.GetRequiredValue(rate), parsed.GetRequiredValue(seconds),
                parsed.GetValue(silo), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => WatchersBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }
}
