using System.CommandLine;
using TradingEngine.Tests.Benchmarks.Harness;

namespace TradingEngine.Tests.Benchmarks.Risk;

/// <summary>What the user asked the risk chain's benchmark for.</summary>
/// <param name="Decisions">Decisions per round.</param>
/// <param name="Accounts">Accounts, each with ten strategies.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record RiskOptions(int Decisions, int Accounts, bool Markdown);

/// <summary>The command line of the risk chain's benchmark.</summary>
internal static class RiskCommand
{
    public static Command Create()
    {
        var decisions = BenchmarkOptions.Number("--decisions", 200_000, "Decisions per round.", least: 1_000);
        var accounts = BenchmarkOptions.Number("--accounts", 10_000, "Accounts, each with ten strategies.", least: 1);
        var markdown = BenchmarkOptions.Markdown();
        var command = new Command("risk", """
            What the full chain of risk checks costs and allocates for an entry that passes, beside a floor of the same
            measure; then many accounts of ten strategies each: memory and decisions a second.

            The chain alone, in this process and on one thread: no silo, no store; each figure is the least of five rounds.
            """)
        {
            decisions, accounts, markdown,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new RiskOptions(
                parsed.GetRequiredValue(decisions), parsed.GetRequiredValue(accounts), parsed.GetValue(markdown));
            return BenchmarkRun.GuardAsync(token => RiskBenchmark.RunAsync(options, token), cancellation);
        });
        return command;
    }
}
