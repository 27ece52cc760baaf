using System.CommandLine;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>Options that several benchmarks take, so that they read and refuse alike.</summary>
internal static class BenchmarkOptions
{
    public static Option<string?> Silo() => new("--silo")
    {
        Description = "Path of TradingEngine.Silo.dll, or 'run' to build it first. Default: this repository's release build.",
    };

    public static Option<bool> RelayOnly() => new("--relay-only")
    {
        Description = "Measure the raw relay alone: what Redis and the machine cost with no engine. Needs no silo.",
    };

    public static Option<bool> Markdown() => new("--markdown")
    {
        Description = "Print the tables as markdown, for docs/performance.md; progress goes to standard error.",
    };

    /// <summary>Which signals are sent.</summary>
    public static Option<string> Queue(string standard)
    {
        var option = new Option<string>("--queue")
        {
            Description = "hft: arbitrage of one leg on hft_signals (tier 1). fast: plain buys on strategy_signals (tier 2).",
            DefaultValueFactory = _ => standard,
        };
        return option.AcceptOnlyFromAmong("hft", "fast");
    }

    /// <summary>A whole number within bounds; anything else is refused with the bounds.</summary>
    public static Option<int> Number(string name, int standard, string description, int least = 1, int most = int.MaxValue)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any())
            {
                return;
            }

            var value = result.GetValueOrDefault<int>();
            if (value < least || value > most)
            {
                result.AddError(most == int.MaxValue
                    ? $"{name} must be at least {least:N0}."
                    : $"{name} takes a whole number from {least:N0} to {most:N0}.");
            }
        });
        return option;
    }
}
