using System.Collections.Immutable;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Tactics;

/// <summary>What goes with a regime: a name that strategy agents are told, and how much each family of strategies counts.</summary>
/// <param name="Name">Name of the set, for agents: they switch their own parameters by it.</param>
/// <param name="Factors">What sizes are multiplied by, by family, 0 or more; 1 for those absent.</param>
public sealed record ParameterSet(string Name, ImmutableSortedDictionary<StrategyKind, decimal> Factors)
{
    /// <summary>The factor of a family.</summary>
    public decimal FactorOf(StrategyKind kind) => Factors.TryGetValue(kind, out var factor) ? factor : 1m;
}

/// <summary>The sets by regime. Sizes shrink by them and never grow beyond what the strategy asked for.</summary>
public static class ParameterSets
{
    private static readonly ImmutableSortedDictionary<StrategyKind, decimal> None = ImmutableSortedDictionary<StrategyKind, decimal>.Empty;

    /// <summary>The set of a regime.</summary>
    public static ParameterSet Of(MarketRegime regime) => regime switch
    {
        MarketRegime.Unknown => new ParameterSet("default", None),
        MarketRegime.Trending => new ParameterSet("trend", None.Add(StrategyKind.MeanReversion, 0.5m)),
        MarketRegime.Ranging => new ParameterSet("range", None.Add(StrategyKind.Trend, 0.5m).Add(StrategyKind.Breakout, 0.5m)),
        MarketRegime.Volatile => new ParameterSet(
            "storm",
            None.Add(StrategyKind.Generic, 0.5m).Add(StrategyKind.Trend, 0.5m).Add(StrategyKind.MeanReversion, 0.25m)
                .Add(StrategyKind.Breakout, 0.5m).Add(StrategyKind.MarketMaking, 0.5m)),
        MarketRegime.Quiet => new ParameterSet("calm", None.Add(StrategyKind.Breakout, 0.5m)),
        _ => throw new ArgumentOutOfRangeException(nameof(regime), regime, "Not a regime."),
    };
}

/// <summary>The regime that stands for the whole engine.</summary>
/// <param name="Regime">Regime.</param>
/// <param name="Source">Who says so: <c>own</c> or an agent.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">Until when an agent's word counts before the engine's own measure; null for its own.</param>
public sealed record StandingRegime(MarketRegime Regime, string Source, DateTimeOffset Since, DateTimeOffset? Until)
{
    /// <summary>Source of the engine's own measure.</summary>
    public const string Own = "own";

    /// <summary>Nothing known.</summary>
    public static StandingRegime None { get; } = new(MarketRegime.Unknown, Own, DateTimeOffset.MinValue, null);

    /// <summary>What stands after the engine measured; an agent's word counts until its time is over.</summary>
    public StandingRegime Measured(MarketRegime measured, DateTimeOffset now) =>
        Until > now || measured == MarketRegime.Unknown || (measured == Regime && Source == Own) ? this
        : new StandingRegime(measured, Own, measured == Regime ? Since : now, null);

    /// <summary>What stands after an agent told of a regime.</summary>
    public StandingRegime Told(MarketRegime regime, string source, TimeSpan stands, DateTimeOffset now) =>
        new(regime, source, regime == Regime ? Since : now, now + stands);
}
