using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace TradingEngine.Trading.Strategies;

/// <summary>A strategy that is registered.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Create">Makes one for a symbol.</param>
public sealed record StrategyEntry(string Name, Func<StrategyContext, IStrategy> Create);

/// <summary>The strategies that run inside the cluster, by name. Filled at the start, then only read.</summary>
public sealed partial class StrategyRegistry
{
    private readonly List<StrategyEntry> _entries = [];

    /// <summary>All, in the order of registration, which is the order in which strategies see an update.</summary>
    public ImmutableArray<StrategyEntry> Entries => [.. _entries];

    /// <summary>Adds a strategy.</summary>
    /// <param name="name">1 to 64 lower-case letters, digits and <c>_</c>; positions and statistics go by it.</param>
    /// <param name="create">Makes one for a symbol.</param>
    /// <exception cref="ArgumentException">The name is ill-formed or taken.</exception>
    public void Add(string name, Func<StrategyContext, IStrategy> create)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(create);
        if (!WellFormed().IsMatch(name))
        {
            throw new ArgumentException($"'{name}' is no name of a strategy: 1 to 64 lower-case letters, digits and '_'");
        }

        if (_entries.Any(entry => entry.Name == name))
        {
            throw new ArgumentException($"there is a strategy '{name}' already");
        }

        _entries.Add(new StrategyEntry(name, create));
    }

    [GeneratedRegex("^[a-z0-9_]{1,64}\\z")]
    private static partial Regex WellFormed();
}
