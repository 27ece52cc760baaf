using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>The command line of the latency benchmark.</summary>
internal static class LatencyCommand
{
    private const int HighestRate = 1_000_000;

    private static readonly Option<string> Rates = new("--rates")
    {
        Description = "Signals per second, separated by commas; one row of the tables each.",
        DefaultValueFactory = _ => "100,1000,10000",
        HelpName = "rate,rate,...",
    };

    private static readonly Option<int> Seconds =
        BenchmarkOptions.Number("--seconds", 5, "Seconds measured per rate and side.");

    private static readonly Option<int> Warmup = BenchmarkOptions.Number(
        "--warmup", 3, "Seconds sent at the same rate before, left out of the latencies and counted for losses.", least: 0);

    private static readonly Option<string> Transport = new("--transport")
    {
        Description = "How agents and engine exchange messages.",
        DefaultValueFactory = _ => "lists",
    };

    private static readonly Option<string> Queue = BenchmarkOptions.Queue("hft");

    private static readonly Option<bool> Fills = new("--fills")
    {
        Description = "The consumer answers each order of the engine with its fill; unanswered orders are withdrawn after a while.",
    };

    private static readonly Option<string?> Silo = BenchmarkOptions.Silo();

    private static readonly Option<bool> RelayOnly = BenchmarkOptions.RelayOnly();

    private static readonly Option<bool> Markdown = BenchmarkOptions.Markdown();

    public static Command Create()
    {
        Transport.AcceptOnlyFromAmong("lists");
        Rates.Validators.Add(result =>
        {
            if (ParseRates(result.GetValueOrDefault<string>()).Any(rate => rate is < 1 or > HighestRate))
            {
                result.AddError($"--rates takes whole numbers from 1 to {HighestRate:N0}, separated by commas.");
            }
        });
        var command = new Command("latency", """
            From the push of a signal to the appearance of its order, at fixed rates, beside a raw relay.

            A producer pushes signals at planned instants, whatever the engine does (open loop); a consumer takes the
            orders. Both are outside the engine, with sockets of their own. Beside it, on the same Redis, a relay process
            that only moves each signal to another list is measured with the same producer and consumer: the ratio is
            what the engine adds. Latencies are given from the send, and from the planned instant, where a late producer
            or a stalled Redis counts too (no coordinated omission).
            """)
        {
            Rates, Seconds, Warmup, Queue, Transport, Fills, Silo, RelayOnly, Markdown,
        };
        command.SetAction((parsed, cancellation) => BenchmarkRun.GuardAsync(
            token => LatencyBenchmark.RunAsync(Read(parsed), token), cancellation));
        return command;
    }

    private static LatencyOptions Read(ParseResult parsed) => new(
        ParseRates(parsed.GetRequiredValue(Rates)),
        parsed.GetRequiredValue(Seconds),
        parsed.GetRequiredValue(Warmup),
        parsed.GetRequiredValue(Transport),
        parsed.GetRequiredValue(Queue) == "hft" ? SignalKind.Hft : SignalKind.Fast,
        parsed.GetValue(Fills),
        parsed.GetValue(Silo),
        parsed.GetValue(RelayOnly),
        parsed.GetValue(Markdown));

    private static int[] ParseRates(string? text) =>
        [.. (text ?? "").Split(',').Select(word => int.TryParse(word, out var rate) ? rate : 0)];
}
