using TradingEngine.Trading.Portfolio;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

/// <summary>Measures of risk by published examples.</summary>
public sealed class RiskMeasuresTests
{
    /// <summary>
    /// J. Hull, Options, Futures, and Other Derivatives, 9th edition, table 22.4: the worst of 500 scenarios, in thousand dollars. The
    /// others are made up and better.
    /// </summary>
    private static readonly double[] Hull =
        [.. new[] { -477.841, -345.435, -282.204, -277.041, -253.385, -217.974, -205.256 }, .. Enumerable.Range(0, 493).Select(i => i * 0.5)];

    /// <summary>T. Rollinger and S. Hoffman, Sortino: A ‘Sharper’ Ratio, Red Rock Capital 2013: eight annual returns.</summary>
    private static readonly double[] RedRock = [0.17, 0.15, 0.23, -0.05, 0.12, 0.09, 0.13, -0.04];

    [Fact]
    public void Historical_value_at_risk_of_Hull_is_the_fifth_worst_of_500() =>
        Assert.Equal(253.385, RiskMeasures.HistoricalValueAtRisk(Hull, 0.99)!.Value, 1e-9);

    [Fact]
    public void Expected_shortfall_of_Hull_is_345_630_dollars() =>
        Assert.Equal(345.630, RiskMeasures.ExpectedShortfall(Hull, 0.99)!.Value, 1e-3);

    /// <summary>Hull, 22.3: 10 million of Microsoft at 2 % a day, 5 million of AT and T at 1 %, correlated by 0.3; rounded to 100 in the book.</summary>
    [Theory]
    [InlineData(10_000_000 * 0.02, 1, 465_300)]
    [InlineData(10_000_000 * 0.02, 10, 1_471_300)]
    [InlineData(5_000_000 * 0.01, 1, 116_300)]
    [InlineData(220_227.155, 10, 1_620_100)] // √(200,000² + 50,000² + 2 · 0.3 · 200,000 · 50,000)
    public void Parametric_value_at_risk_of_Hull(double deviation, int days, double expected) => Assert.InRange(
        RiskMeasures.ParametricValueAtRisk(0d, deviation * Math.Sqrt(days), 0.99), expected - 200d, expected + 200d);

    [Fact]
    public void Sortino_of_Red_Rock_is_4_417() => Assert.Equal(4.417, RiskMeasures.Sortino(RedRock)!.Value, 1e-3);

    /// <summary>Mean 0.1 over √(0.0678 / 7), by Sharpe's definition of 1994.</summary>
    [Fact]
    public void Sharpe_is_mean_over_sample_deviation() =>
        Assert.Equal(0.1 / Math.Sqrt(0.0678 / 7d), RiskMeasures.Sharpe(RedRock)!.Value, 1e-12);

    /// <summary>Investopedia, Maximum Drawdown (MDD): from 750,000 to 350,000 are 53.33 %.</summary>
    [Fact]
    public void Drawdown_of_the_textbook_is_53_percent() => Assert.Equal(
        0.5333, RiskMeasures.MaxDrawdown([500_000, 750_000, 400_000, 600_000, 350_000, 800_000])!.Value, 1e-4);

    /// <summary>U.S. Department of Justice, Herfindahl-Hirschman Index: four firms of 30, 30, 20 and 20 percent have 2,600 points.</summary>
    [Fact]
    public void Concentration_of_the_Department_of_Justice_is_2600_points() =>
        Assert.Equal(0.26, RiskMeasures.Concentration([30, -30, 20, 20])!.Value, 1e-12);

    [Fact]
    public void What_cannot_be_said_is_absent()
    {
        double[] few = [.. Enumerable.Range(0, 19).Select(i => (double)i)];
        Assert.Null(RiskMeasures.HistoricalValueAtRisk(few, 0.95));
        Assert.NotNull(RiskMeasures.HistoricalValueAtRisk([.. few, 1d], 0.95));
        Assert.Null(RiskMeasures.ExpectedShortfall([.. few, .. few], 0.95));
        Assert.NotNull(RiskMeasures.ExpectedShortfall([.. few, .. few, 1d, 2d], 0.95));
        Assert.Null(RiskMeasures.ParametricValueAtRisk(few, 0.95));
        Assert.Null(RiskMeasures.Sharpe([0.1]));
        Assert.Null(RiskMeasures.Sharpe([0.1, 0.1, 0.1]));
        Assert.Null(RiskMeasures.Sortino([0.1, 0d]));
        Assert.Null(RiskMeasures.MaxDrawdown([]));
        Assert.Null(RiskMeasures.MaxDrawdown([-1d, 0d]));
        Assert.Null(RiskMeasures.Concentration([]));
        Assert.Null(RiskMeasures.Concentration([0d]));
    }
}
