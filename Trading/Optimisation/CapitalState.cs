using System.Collections.Immutable;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Trading.Optimisation;

/// <summary>What is known of a strategy for its sizes.</summary>
/// <param name="Weight">Capital weight before its standing counts, 0 or more; 1 changes no size.</param>
/// <param name="Standing">How it stands after its review.</param>
/// <param name="Reason">Why it stands so; empty where nothing is against it.</param>
/// <param name="WinRate">Share of trades that won, 0 to 1; null while too few were made.</param>
/// <param name="PayOff">Average win over average loss; null while too few were made.</param>
public sealed record CapitalShare(decimal Weight, StrategyStanding Standing, string Reason, decimal? WinRate, decimal? PayOff)
{
    /// <summary>Nothing known.</summary>
    public static CapitalShare None { get; } = new(1m, StrategyStanding.Normal, "", null, null);
}

/// <summary>What the strategic tier keeps from cycle to cycle. It is stored, so that a restart goes on where it was.</summary>
public sealed record CapitalState
{
    /// <summary>Returns kept for each strategy: a day of five minutes.</summary>
    public const int KeptReturns = 288;

    /// <summary>Most strategies whose returns are kept; those beyond keep the weight they have.</summary>
    public const int MaxStrategies = 64;

    /// <summary>Nothing seen.</summary>
    public static CapitalState None { get; } = new();

    /// <summary>Strategies by name.</summary>
    public ImmutableSortedDictionary<string, CapitalShare> Shares { get; init; } =
        ImmutableSortedDictionary<string, CapitalShare>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Verdicts by account and strategy, as <c>account/strategy</c>.</summary>
    public ImmutableSortedDictionary<string, StrategyVerdict> Verdicts { get; init; } =
        ImmutableSortedDictionary<string, StrategyVerdict>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Summed P&amp;L of each strategy at the last look.</summary>
    public ImmutableSortedDictionary<string, decimal> Pnl { get; init; } =
        ImmutableSortedDictionary<string, decimal>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>P&amp;L per cycle over equity, oldest first; all end at the last look.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<double>> Returns { get; init; } =
        ImmutableSortedDictionary<string, ImmutableArray<double>>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The same with names in ordinal order: a reader knows no comparers.</summary>
    public CapitalState Ordered() => this with
    {
        Shares = Shares.WithComparers(StringComparer.Ordinal),
        Verdicts = Verdicts.WithComparers(StringComparer.Ordinal),
        Pnl = Pnl.WithComparers(StringComparer.Ordinal),
        Returns = Returns.WithComparers(StringComparer.Ordinal),
    };

    /// <summary>Takes a look at what strategies made since the last one; a strategy seen first has no return yet.</summary>
    /// <param name="pnl">Summed P&amp;L by strategy.</param>
    /// <param name="equity">Equity that it is put in relation to, positive.</param>
    public CapitalState Look(IReadOnlyDictionary<string, decimal> pnl, decimal equity)
    {
        ArgumentNullException.ThrowIfNull(pnl);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(equity);
        var (returns, known) = (Returns.ToBuilder(), Pnl.ToBuilder());
        foreach (var (strategy, sum) in pnl.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!known.TryGetValue(strategy, out var before))
            {
                if (known.Count < MaxStrategies)
                {
                    known[strategy] = sum;
                }

                continue;
            }

            var series = returns.TryGetValue(strategy, out var made) ? made : [];
            series = series.Add((double)((sum - before) / equity));
            returns[strategy] = series.Length > KeptReturns ? series[^KeptReturns..] : series;
            known[strategy] = sum;
        }

        return this with { Returns = returns.ToImmutable(), Pnl = known.ToImmutable() };
    }

    /// <summary>The shares of capital that an optimisation finds; empty while fewer than two strategies can be compared.</summary>
    public ImmutableSortedDictionary<string, double> Optimise(WeightPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var names = Returns.Where(pair => pair.Value.Length >= Allocation.MinObservations).Select(pair => pair.Key).ToList();
        return Allocation.Of(names, names.ConvertAll(name => Returns[name]), policy);
    }

    /// <summary>This with weights changed.</summary>
    public CapitalState With(IEnumerable<CapitalChange> changes) => this with
    {
        Shares = Shares.SetItems(changes.Select(change => KeyValuePair.Create(
            change.Name, (Shares.GetValueOrDefault(change.Name) ?? CapitalShare.None) with { Weight = change.After }))),
    };

    /// <summary>Weights by strategy.</summary>
    public ImmutableSortedDictionary<string, decimal> Weights() =>
        Shares.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Weight, StringComparer.Ordinal);
}
