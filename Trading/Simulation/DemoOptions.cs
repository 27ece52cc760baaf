using TradingEngine.Trading.Strategies;

namespace TradingEngine.Trading.Simulation;

/// <summary>Options of <see cref="DemoStrategies"/>. Periods are counted in bars.</summary>
public sealed record DemoOptions : BarStrategyOptions
{
    /// <summary>Period of the fast mean, under the slow one's; default 9.</summary>
    public int FastPeriod { get; init; } = 9;

    /// <summary>Period of the slow mean; default 26.</summary>
    public int SlowPeriod { get; init; } = 26;

    /// <summary>Window of the z-score; default 30.</summary>
    public int ReversionPeriod { get; init; } = 30;

    /// <summary>Deviations from the mean that count as far; default 2.2.</summary>
    public double ReversionScore { get; init; } = 2.2;

    /// <summary>Period of the RSI; default 14.</summary>
    public int StrengthPeriod { get; init; } = 14;

    /// <summary>Bars of the channel; default 40.</summary>
    public int BreakoutPeriod { get; init; } = 40;
}
