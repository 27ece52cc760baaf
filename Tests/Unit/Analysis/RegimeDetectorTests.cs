using CsCheck;
using TradingEngine.Trading.Analysis;
using Xunit;

namespace TradingEngine.Tests.Unit.Analysis;

public sealed class RegimeDetectorTests
{
    private static readonly RegimeLimits Limits = new();

    [Fact]
    public void First_measure_is_believed_at_once()
    {
        Assert.Equal(MarketRegime.Trending, new RegimeDetector(Limits).Add(1d, -0.8));
        Assert.Equal(MarketRegime.Ranging, new RegimeDetector(Limits).Add(1d, 0.1));
        Assert.Equal(MarketRegime.Volatile, new RegimeDetector(Limits).Add(2d, 0.9));
        Assert.Equal(MarketRegime.Quiet, new RegimeDetector(Limits).Add(0.4, 0.1));
        Assert.Equal(MarketRegime.Unknown, new RegimeDetector(Limits).Add(null, 0.9));
    }

    [Fact]
    public void Change_is_seen_three_times_in_a_row_before_it_counts()
    {
        var detector = new RegimeDetector(Limits);
        MarketRegime[] seen = [.. new[] { 0.1, 0.6, 0.6, 0.1, 0.6, 0.6, 0.6 }.Select(trend => detector.Add(1d, trend))];
        Assert.Equal([.. Enumerable.Repeat(MarketRegime.Ranging, 6), MarketRegime.Trending], seen);
    }

    [Fact]
    public void What_lies_between_the_limits_keeps_the_regime_that_stands()
    {
        // A strength of 0.4 is no trend when it ranges, and still one when it trends; 1.5 likewise of volatility.
        var detector = new RegimeDetector(Limits with { Confirmations = 1 });
        (double Ratio, double Trend)[] measures = [(1, 0.4), (1, 0.5), (1, 0.4), (1.5, 0.4), (1.8, 0.4), (1.5, 0.4), (1, 0.1), (0.6, 0.1), (0.4, 0.1), (0.6, 0.1)];
        MarketRegime[] seen = [.. measures.Select(measure => detector.Add(measure.Ratio, measure.Trend))];
        Assert.Equal(
        [
            MarketRegime.Ranging, MarketRegime.Trending, MarketRegime.Trending, MarketRegime.Trending, MarketRegime.Volatile,
            MarketRegime.Volatile, MarketRegime.Ranging, MarketRegime.Ranging, MarketRegime.Quiet, MarketRegime.Quiet,
        ], seen);
    }

    /// <summary>Noise of the width of a band, around any level, changes the regime at most once more than its first belief.</summary>
    [Fact]
    public void Noise_narrower_than_the_bands_does_not_flap() => Gen.Select(
        Gen.Double[0d, 1d], Gen.Double[0.2, 2.5], Gen.Double[-1d, 1d].Array[200]).Sample((trend, ratio, noise) =>
    {
        var detector = new RegimeDetector(Limits);
        var changes = 0;
        var before = MarketRegime.Unknown;
        foreach (var (value, i) in noise.Select((value, i) => (value, i)))
        {
            var now = detector.Add(Math.Max(0d, ratio + (0.07 * value)), Math.Clamp(trend + (0.07 * noise[^(i + 1)]), 0d, 1d));
            changes += now != before ? 1 : 0;
            before = now;
        }

        // One to begin with, one for each of the three limits that the level may lie at, and never back.
        Assert.InRange(changes, 1, 4);
    });

    [Theory]
    [InlineData("TRENDING", MarketRegime.Trending)]
    [InlineData("sideways", MarketRegime.Ranging)]
    [InlineData("high_volatility", MarketRegime.Volatile)]
    [InlineData("calm", MarketRegime.Quiet)]
    public void Names_that_agents_send_are_known(string name, MarketRegime regime)
    {
        Assert.Equal(regime, MarketRegimes.Parse(name));
        Assert.Equal(regime, MarketRegimes.Parse(MarketRegimes.NameOf(regime)));
        Assert.Null(MarketRegimes.Parse("martian"));
    }
}
