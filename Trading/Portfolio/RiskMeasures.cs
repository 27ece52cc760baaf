using MathNet.Numerics.Distributions;

namespace TradingEngine.Trading.Portfolio;

/// <summary>
/// Measures of risk over a series of returns or of profits, oldest first. What cannot be said from so few values is null, never 0.
/// Losses are given without their sign: a value at risk of 3 is a loss of 3; a negative one is a gain even then.
/// </summary>
public static class RiskMeasures
{
    /// <summary>Fewest values from which a deviation is given.</summary>
    public const int MinValues = 20;

    /// <summary>
    /// Historical value at risk: the ⌊n(1−c)⌋-th worst value (J. Hull, Options, Futures, and Other Derivatives, 22.2: of 500, at 99 %,
    /// the fifth). Null under 1/(1−c) values. In the unit of the values.
    /// </summary>
    /// <param name="values">Returns or profits per period, signed.</param>
    /// <param name="confidence">Above 0, below 1: 0.95 or 0.99.</param>
    public static double? HistoricalValueAtRisk(IReadOnlyCollection<double> values, double confidence)
    {
        ArgumentNullException.ThrowIfNull(values);
        var worst = WorstOf(values.Count, confidence);
        return worst < 1 ? null : -values.Order().ElementAt(worst - 1);
    }

    /// <summary>
    /// Expected shortfall: mean of the losses worse than <see cref="HistoricalValueAtRisk"/> (Hull, 22.2). Null while there is none, under
    /// 2/(1−c) values.
    /// </summary>
    /// <param name="values">Returns or profits per period, signed.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static double? ExpectedShortfall(IReadOnlyCollection<double> values, double confidence)
    {
        ArgumentNullException.ThrowIfNull(values);
        var worst = WorstOf(values.Count, confidence);
        return worst < 2 ? null : -values.Order().Take(worst - 1).Average();
    }

    /// <summary>Parametric value at risk, z·σ − μ, with z the normal quantile of the confidence (Hull, 22.3).</summary>
    /// <param name="mean">Mean per period, signed.</param>
    /// <param name="deviation">Deviation per period, 0 or more.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static double ParametricValueAtRisk(double mean, double deviation, double confidence) =>
        (Normal.InvCDF(0d, 1d, confidence) * deviation) - mean;

    /// <summary>The same from values; null under <see cref="MinValues"/>.</summary>
    /// <param name="values">Returns or profits per period, signed.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    public static double? ParametricValueAtRisk(IReadOnlyCollection<double> values, double confidence) =>
        Deviation(values) is { } deviation ? ParametricValueAtRisk(values.Average(), deviation, confidence) : null;

    /// <summary>Sample deviation, √(Σ(x − mean)² / (n − 1)); null under <see cref="MinValues"/>.</summary>
    public static double? Deviation(IReadOnlyCollection<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count < MinValues)
        {
            return null;
        }

        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>Largest fall of a worth below a peak before it, as a share of that peak, 0 or more; null without a value above 0.</summary>
    /// <param name="worths">Worth by time, such as equity; those before the first above 0 say nothing.</param>
    public static double? MaxDrawdown(IEnumerable<double> worths)
    {
        ArgumentNullException.ThrowIfNull(worths);
        var (peak, fall) = (0d, 0d);
        foreach (var worth in worths)
        {
            peak = Math.Max(peak, worth);
            fall = peak > 0d ? Math.Max(fall, (peak - worth) / peak) : fall;
        }

        return peak > 0d ? fall : null;
    }

    /// <summary>Concentration by Herfindahl and Hirschman: Σ (|x| / Σ|x|)², from 1/n for equal shares to 1 for a single one; null for nothing.</summary>
    /// <param name="exposures">Exposures; their signs do not matter.</param>
    public static double? Concentration(IReadOnlyCollection<double> exposures)
    {
        ArgumentNullException.ThrowIfNull(exposures);
        var sum = exposures.Sum(Math.Abs);
        return sum == 0d ? null : exposures.Sum(exposure => exposure / sum * (exposure / sum));
    }

    /// <summary>Sharpe ratio per period, not annualised: (mean − rate) / sample deviation (W. Sharpe, The Sharpe Ratio, 1994). Null where there is no deviation.</summary>
    /// <param name="returns">Returns per period, at least 2.</param>
    /// <param name="rate">Return per period that is had without risk.</param>
    public static double? Sharpe(IReadOnlyCollection<double> returns, double rate = 0d)
    {
        ArgumentNullException.ThrowIfNull(returns);
        if (returns.Count < 2 || returns.Max() == returns.Min())
        {
            return null;
        }

        var mean = returns.Average();
        return (mean - rate) / Math.Sqrt(returns.Sum(value => (value - mean) * (value - mean)) / (returns.Count - 1));
    }

    /// <summary>
    /// Sortino ratio per period, not annualised: (mean − target) / √(Σ min(r − target, 0)² / n) (T. Rollinger and S. Hoffman, Sortino: A
    /// ‘Sharper’ Ratio, 2013). Null where no return is below the target. That of a strategy's trades divides by n − 1.
    /// </summary>
    /// <param name="returns">Returns per period.</param>
    /// <param name="target">Least acceptable return per period.</param>
    public static double? Sortino(IReadOnlyCollection<double> returns, double target = 0d)
    {
        ArgumentNullException.ThrowIfNull(returns);
        var squares = returns.Sum(value => Math.Min(value - target, 0d) * Math.Min(value - target, 0d));
        return squares == 0d ? null : (returns.Average() - target) / Math.Sqrt(squares / returns.Count);
    }

    // A ten-thousandth of a value more: 500 · (1 − 0.99) is a little less than five in floating point.
    private static int WorstOf(int count, double confidence) => (int)Math.Floor((count * (1d - confidence)) + 1e-4);
}
