namespace TradingEngine.Trading.Sizing;

/// <summary>How the size of an entry is found.</summary>
public enum SizingMethod
{
    /// <summary>The signal's own quantity.</summary>
    Fixed = 0,

    /// <summary>Notional as a share of equity.</summary>
    PercentOfEquity = 1,

    /// <summary>What is lost at the stop is a share of equity.</summary>
    RiskPerTrade = 2,

    /// <summary>Notional whose yearly volatility is a share of equity.</summary>
    VolatilityTarget = 3,

    /// <summary>Notional by the Kelly criterion, capped.</summary>
    Kelly = 4,
}

/// <summary>A strategy's rule. Each method reads its own values; what it needs and does not have gives no size.</summary>
public sealed record SizingRule
{
    /// <summary>The signal's own quantity.</summary>
    public static SizingRule AsSent { get; } = new();

    /// <summary>How.</summary>
    public SizingMethod Method { get; init; }

    /// <summary>Share of equity: notional, loss at the stop, or volatility a year, by the method. Above 0.</summary>
    public decimal Share { get; init; }

    /// <summary>Of Kelly's fraction that much is taken: 0.5 is half Kelly. Above 0, at most 1.</summary>
    public decimal KellyPart { get; init; } = 0.5m;

    /// <summary>Most notional as a share of equity, for volatility and Kelly. Above 0.</summary>
    public decimal MaxShare { get; init; } = 0.02m;
}

/// <summary>What a size is found from. Money is the account's; null is not known.</summary>
public readonly record struct SizingInput
{
    /// <summary>Lots the signal asks for.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Expected price, positive.</summary>
    public required decimal Price { get; init; }

    /// <summary>Stop loss.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>What the account is worth.</summary>
    public decimal? Equity { get; init; }

    /// <summary>Units of the account's currency for one of the instrument's settlement currency.</summary>
    public decimal? Rate { get; init; }

    /// <summary>Volatility a year, a fraction: 0.8 is eighty per cent.</summary>
    public decimal? Volatility { get; init; }

    /// <summary>Probability of a win, 0 to 1.</summary>
    public decimal? WinRate { get; init; }

    /// <summary>Average win over average loss, positive.</summary>
    public decimal? PayOff { get; init; }

    /// <summary>The strategy's capital weight as the strategic tier set it, 0 to 1 and more; 1 where it set none.</summary>
    public decimal Weight { get; init; }
}
