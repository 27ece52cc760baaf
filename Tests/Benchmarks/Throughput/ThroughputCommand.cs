using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>The command line of the throughput benchmark.</summary>
internal static class ThroughputCommand
{
    private static readonly Option<string> Transport = new("--transport")
    {
        Description = "lists, streams, or both: what agents and engine exchange messages over.",
        DefaultValueFactory = _ => "both",
    };

    private static readonly Option<int> Signals = BenchmarkOptions.Number("--signals", 200_000, "Signals measured per side and transport.");

    private static readonly Option<int> Warmup = BenchmarkOptions.Number("--warmup", 50_000, "Signals before them, counted for losses alone.");

    private static readonly Option<int> Window = BenchmarkOptions.Number(
        "--window", 8_192, "Signals without an order that the producer allows before it waits.");

    private static readonly Option<int> Symbols = BenchmarkOptions.Number(
        "--symbols", 8, "Symbols the signals are spread over.", most: SignalWriter.Symbols.Length);

    private static readonly Option<string> Queue = BenchmarkOptions.Queue("fast");

    private static readonly Option<bool> Fills = new("--fills")
    {
        Description = "The consumer answers each order of the engine with its fill, which the engine then works off too.",
    };

    private static readonly Option<string?> Silo = BenchmarkOptions.Silo();

    private static readonly Option<bool> RelayOnly = BenchmarkOptions.RelayOnly();

    private static readonly Option<bool> Markdown = BenchmarkOptions.Markdown();

    public static Command Create()
    {
        Transport.AcceptOnlyFromAmong("lists", "streams", "both");
        var command = new Command("throughput", """
            Durable signals to orders per second, as many as one silo carries, beside a raw relay.

            A producer keeps a window of signals waiting; a consumer takes the orders. Both are outside the engine. The figure is
            orders over the time from the first measured signal's push to the last order's arrival. An order is there when its
            commit is written; the relay, which only moves each message, writes to the same Redis with the same append-only file
            (fsync each second).
            """)
        {
            Transport, Signals, Warmup, Window, Symbols, Queue, Fills, Silo, RelayOnly, Markdown,
        };
        command.SetAction((parsed, cancellation) => BenchmarkRun.GuardAsync(
            token => ThroughputBenchmark.RunAsync(Read(parsed), token), cancellation));
        return command;
    }

    private static ThroughputOptions Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(Transport) is "both" ? ["lists", "streams"] : [parsed.GetRequiredValue(Transport)],
        parsed.GetRequiredValue(Signals),
        parsed.GetRequiredValue(Warmup),
        parsed.GetRequiredValue(Window),
        parsed.GetRequiredValue(Symbols),
        parsed.GetValue(Fills),
        parsed.GetRequiredValue(Queue) == "hft" ? SignalKind.Hft : SignalKind.Fast,
        parsed.GetValue(Silo),
        parsed.GetValue(RelayOnly),
        parsed.GetValue(Markdown));
}
