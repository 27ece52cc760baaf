namespace TradingEngine.Trading.Analysis;

/// <summary>The engine's own measure of one market. What cannot be said yet is null.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Samples">Returns in the long window.</param>
/// <param name="Volatility">
/// Volatility a year, a fraction: sample deviation of the long window's logarithmic returns × √(samples a year).
/// </param>
/// <param name="VolatilityRatio">Deviation of the short window over that of the long one; 1 is as usual.</param>
/// <param name="TrendStrength">
/// Efficiency ratio of the short window, signed: (last − first) / Σ|steps| of the logarithmic prices, −1 to 1; ±1 went straight, 0 came
/// back (P. Kaufman, Trading Systems and Methods, 1995).
/// </param>
/// <param name="SpreadBps">Mean of (ask − bid) / middle over the short window, in basis points, 0 or more.</param>
/// <param name="Regime">Regime, with hysteresis.</param>
public sealed record MarketMeasure(
    string Symbol, int Samples, double? Volatility, double? VolatilityRatio, double? TrendStrength, double? SpreadBps, MarketRegime Regime);
