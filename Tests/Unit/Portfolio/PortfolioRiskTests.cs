using System.Collections.Immutable;
using TradingEngine.Trading.Portfolio;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

public sealed class PortfolioRiskTests
{
    private static readonly ImmutableArray<ValuedHolding> Holdings = [new("BTCUSD", 60d), new("ETHUSD", -20d), new("EURUSD", 20d)];

    private static readonly ImmutableArray<ImmutableArray<double>> Returns =
    [
        [.. Enumerable.Range(1, 100).Select(i => -0.001 * i)],
        [.. Enumerable.Range(1, 100).Select(i => -0.0005 * i)],
        [.. Enumerable.Range(1, 100).Select(_ => 0d)],
    ];

    [Fact]
    public void Portfolio_is_assessed_by_what_it_would_have_made()
    {
        var risk = Assess(equity: 50d, peak: 80d);

        // A period i would have made 60 · −0.001 i + 20 · 0.0005 i = −0.05 i.
        Assert.Equal((100d, 60d, 2d), (risk.Gross, risk.Net, risk.Leverage!.Value));
        Assert.Equal(0.36 + 0.04 + 0.04, risk.Concentration!.Value, 1e-12);
        Assert.Equal(100, risk.Periods);
        Assert.Equal(-0.05 * -96, risk.HistoricalVar95!.Value, 1e-9);
        Assert.Equal(-0.05 * -100, risk.HistoricalVar99!.Value, 1e-9);
        Assert.Equal(0.05 * (97 + 98 + 99 + 100) / 4d, risk.ExpectedShortfall95!.Value, 1e-9);
        Assert.Null(risk.ExpectedShortfall99);

        // Deviation of 1 to 100 is √(100 · 101 / 12), the mean loss 50.5 · 0.05.
        Assert.Equal((1.6448536269514722 * 0.05 * Math.Sqrt(100 * 101 / 12d)) + (50.5 * 0.05), risk.ParametricVar95!.Value, 1e-9);
        Assert.True(risk.ParametricVar99 > risk.ParametricVar95);
        Assert.Equal(0.375, risk.Drawdown!.Value, 1e-12);
    }

    [Fact]
    public void Groups_are_chains_of_correlation_of_either_sign()
    {
        var risk = Assess(equity: 50d, peak: null, (a, b) => (a, b) is ("BTCUSD", "ETHUSD") or ("ETHUSD", "BTCUSD") ? -0.7 : 0.69);

        var group = Assert.Single(risk.Groups);
        Assert.Equal(["BTCUSD", "ETHUSD"], group.Symbols);
        Assert.Equal((80d, 40d), (group.Gross, group.Net));
        Assert.Null(risk.Drawdown);
    }

    [Fact]
    public void What_cannot_be_valued_leaves_the_whole_unsaid()
    {
        var risk = PortfolioRisk.Assess(Holdings, 50d, 50d, Returns, (_, _) => null, ["XYZ"]);

        Assert.Equal(100d, risk.Gross);
        Assert.Null(risk.Leverage);
        Assert.Null(risk.HistoricalVar95);
        Assert.Null(risk.ParametricVar95);
        Assert.Equal(["XYZ"], risk.Unvalued);
    }

    [Fact]
    public void Nothing_held_or_no_equity_says_nothing()
    {
        var risk = PortfolioRisk.Assess([], null, null, [], (_, _) => null, []);
        Assert.Equal((0d, 0d), (risk.Gross, risk.Net));
        Assert.Null(risk.Leverage);
        Assert.Null(risk.Concentration);
        Assert.Null(risk.HistoricalVar95);
        Assert.Null(Assess(equity: 0d, peak: null).Leverage);
    }

    private static PortfolioRisk Assess(double? equity, double? peak, Func<string, string, double?>? correlation = null) =>
        PortfolioRisk.Assess(Holdings, equity, peak, Returns, correlation ?? ((_, _) => null), []);
}
