namespace TradingEngine.Trading.Simulation;

/// <summary>Options of <see cref="DemoStrategies"/>. Periods are counted in bars.</summary>
public sealed record DemoOptions
{
    /// <summary>Goes into the signals' ids: another seed, other ids.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Length of the bars the strategies look at; positive, default one minute.</summary>
    public TimeSpan BarInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Equity that positions are sized by, in the quote currency; positive, default 100,000.</summary>
    public decimal Equity { get; init; } = 100_000m;

    /// <summary>Share of the equity one position is worth; positive, default 0.015. Least quantities may exceed it.</summary>
    public decimal NotionalFraction { get; init; } = 0.015m;

    /// <summary>Distance of the target over distance of the stop; positive, default 1.5.</summary>
    public decimal Rr { get; init; } = 1.5m;

    /// <summary>Distance of the stop in average true ranges; positive, default 3.</summary>
    public decimal StopAtr { get; init; } = 3m;

    /// <summary>Least distance of the stop in spreads, so that costs do not decide; 0 or more, default 4.</summary>
    public decimal StopSpreads { get; init; } = 4m;

    /// <summary>Bars a strategy is silent after its signal; 0 or more, default 30.</summary>
    public int CooldownBars { get; init; } = 30;

    /// <summary>Period of the fast mean, under the slow one's; default 9.</summary>
    public int FastPeriod { get; init; } = 9;

    /// <summary>Period of the slow mean; default 26.</summary>
    public int SlowPeriod { get; init; } = 26;

    /// <summary>Window of the z-score; default 30.</summary>
    public int ReversionPeriod { get; init; } = 30;

    /// <summary>Deviations from the mean that count as far; default 2.2.</summary>
    public double ReversionScore { get; init; } = 2.2;

    /// <summary>Bars of the channel; default 40.</summary>
    public int BreakoutPeriod { get; init; } = 40;

    /// <summary>Period of the average true range and of the RSI; default 14.</summary>
    public int RangePeriod { get; init; } = 14;
}
