using System.CommandLine;
using System.CommandLine.Parsing;
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

    private static readonly Option<int> Seconds = new("--seconds")
    {
        Description = "Seconds measured per rate and side.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<int> Warmup = new("--warmup")
    {
        Description = "Seconds sent at the same rate before, left out of the latencies and counted for losses.",
        DefaultValueFactory = _ => 3,
    };

    private static readonly Option<string> Transport = new("--transport")
    {
        Description = "How agents and engine exchange messages.",
        DefaultValueFactory = _ => "lists",
    };

    private static readonly Option<string> Queue = new("--queue")
    {
        Description = "hft: arbitrage signals on hft_signals (tier 1). fast: trend signals on strategy_signals (tier 2).",
        DefaultValueFactory = _ => "hft",
    };

    private static readonly Option<bool> Fills = new("--fills")
    {
        Description = "The consumer answers each order of the engine with its fill; unanswered orders are withdrawn after a while.",
    };

    private static readonly Option<string?> Silo = new("--silo")
    {
        Description = "Path of TradingEngine.Silo.dll, or 'run' to build it first. Default: this repository's release build.",
    };

    private static readonly Option<bool> RelayOnly = new("--relay-only")
    {
        Description = "Measure the raw relay alone: what Redis and the machine cost with no engine. Needs no silo.",
    };

    private static readonly Option<bool> Markdown = new("--markdown")
    {
        Description = "Print the tables as markdown, for docs/performance.md; progress goes to standard error.",
    };

    public static Command Create()
    {
        Transport.AcceptOnlyFromAmong("lists");
        Queue.AcceptOnlyFromAmong("hft", "fast");
        Rates.Validators.Add(result =>
        {
            if (ParseRates(result.GetValueOrDefault<string>()).Any(rate => rate is < 1 or > HighestRate))
            {
                result.AddError($"--rates takes whole numbers from 1 to {HighestRate:N0}, separated by commas.");
            }
        });
        Seconds.Validators.Add(result => Require(result, Seconds, 1));
        Warmup.Validators.Add(result => Require(result, Warmup, 0));
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

    private static void Require(OptionResult result, Option<int> option, int least)
    {
        if (!result.Errors.Any() && result.GetValueOrDefault<int>() < least)
        {
            result.AddError($"{option.Name} must be at least {least}.");
        }
    }
}
