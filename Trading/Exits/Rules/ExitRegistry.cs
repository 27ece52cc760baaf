using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace TradingEngine.Trading.Exits.Rules;

/// <summary>The kinds of exits that look at bars, by name. Thread-safe.</summary>
public sealed class ExitRegistry
{
    private readonly ConcurrentDictionary<string, IExitRule> _rules = new(StringComparer.Ordinal);

    /// <summary>A registry with the engine's own rules.</summary>
    public ExitRegistry()
    {
        Register(new PlainExit());
        Register(new TrendReversalExit());
        Register(new MeanReversionExit());
        Register(new FailedBreakoutExit());
    }

    /// <summary>The registry of this process.</summary>
    public static ExitRegistry Default { get; } = new();

    /// <summary>Names of all rules, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _rules.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a rule.</summary>
    /// <exception cref="ArgumentException">The name is taken: two rules of one name would leave to chance which one trades.</exception>
    public void Register(IExitRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (!_rules.TryAdd(rule.Name, rule))
        {
            throw new ArgumentException($"An exit named {rule.Name} is registered already.", nameof(rule));
        }
    }

    /// <summary>The rule of that name; null when there is none.</summary>
    public IExitRule? Find(string name) => _rules.GetValueOrDefault(name);

    /// <summary>A rule's parameters with the defaults of those not given.</summary>
    internal static ImmutableSortedDictionary<string, decimal> Complete(
        IExitRule rule, ImmutableSortedDictionary<string, decimal> given) => rule.Defaults.SetItems(given);
}
