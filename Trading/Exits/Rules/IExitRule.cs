using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits.Rules;

/// <summary>A kind of exit that looks at bars: one class, registered once in <see cref="ExitRegistry"/>. Thread-safe.</summary>
public interface IExitRule
{
    /// <summary>Name by which signals ask for it, lower case.</summary>
    string Name { get; }

    /// <summary>Its parameters and their defaults.</summary>
    ImmutableSortedDictionary<string, decimal> Defaults { get; }

    /// <summary>True when the moment of opening matters, so that positions share a watch only if they opened in the same minute.</summary>
    bool DependsOnOpening { get; }

    /// <summary>Why these parameters, defaults filled in, cannot be; null when they can.</summary>
    string? Refuse(IReadOnlyDictionary<string, decimal> parameters);

    /// <summary>Begins to watch for all positions of one side and parameter set; null when there is nothing to watch.</summary>
    IExitWatch? Watch(ExitContext context);
}

/// <summary>Watches bars for a group of positions. One thread.</summary>
public interface IExitWatch
{
    /// <summary>
    /// Takes the next finished bar, from the oldest known on, and says why positions that were open then are to be left;
    /// null when they are not.
    /// </summary>
    string? Judge(MarketUpdate bar);
}

/// <summary>What a watch is for.</summary>
/// <param name="Side">Long or short.</param>
/// <param name="Parameters">All parameters of the rule, defaults filled in.</param>
/// <param name="OpenedAt">Minute in which the positions opened; the earliest time for a rule to which that does not matter.</param>
public sealed record ExitContext(
    Side Side, ImmutableSortedDictionary<string, decimal> Parameters, DateTimeOffset OpenedAt)
{
    /// <summary>A parameter as a count.</summary>
    public int Count(string name) => (int)Parameters[name];
}
