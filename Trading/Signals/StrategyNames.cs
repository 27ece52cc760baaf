namespace TradingEngine.Trading.Signals;

/// <summary>Maps the names that producers send to strategy families.</summary>
public static class StrategyNames
{
    /// <summary>The family of a name, in any case; an unknown name is <see cref="StrategyKind.Generic"/>.</summary>
    public static StrategyKind KindOf(string name) => name switch
    {
        _ when Has(name, "trend") || Has(name, "moving_average") || Has(name, "momentum") || Has(name, "macd")
            => StrategyKind.Trend,
        _ when Has(name, "mean_rev") || Has(name, "reversion") || Has(name, "bollinger") || Has(name, "rsi")
            => StrategyKind.MeanReversion,
        _ when Has(name, "breakout") || Has(name, "donchian") => StrategyKind.Breakout,
        _ when Has(name, "arbitrage") => StrategyKind.Arbitrage,
        _ when Has(name, "market_making") => StrategyKind.MarketMaking,
        _ => StrategyKind.Generic,
    };

    private static bool Has(string name, string part) => name.Contains(part, StringComparison.OrdinalIgnoreCase);
}
