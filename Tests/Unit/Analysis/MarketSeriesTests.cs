using CsCheck;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Analysis;

/// <summary>Incremental measures against the same ones worked out anew from all prices.</summary>
public sealed class MarketSeriesTests
{
    private const double MinutesAYear = 525_600d;
    private static readonly DateTimeOffset Start = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Measure_is_that_of_all_prices_worked_out_anew() =>
        Gen.Select(Gen.Int[61, 600], Gen.Int[0, 1_000_000]).Sample((count, seed) =>
        {
            var random = new Random(seed);
            var prices = new List<double> { 100d };
            for (var i = 1; i <= count; i++)
            {
                prices.Add(Math.Round(prices[^1] * Math.Exp(0.002 * (random.NextDouble() - 0.48)), 6));
            }

            var series = new MarketSeries("X", MinutesAYear, new RegimeLimits());
            for (var i = 0; i <= count; i++)
            {
                var half = (decimal)prices[i] * 0.0001m;
                Assert.True(series.Add((decimal)prices[i] - half, (decimal)prices[i] + half, Start.AddMinutes(i).AddSeconds(random.Next(60))));
            }

            var measure = series.Measure();
            var returns = prices.Zip(prices.Skip(1), (a, b) => Math.Log(b / a)).ToArray();
            double[] @long = returns[^Math.Min(count, MarketSeries.Long)..], @short = returns[^MarketSeries.Short..];
            Assert.Equal(@long.Length, measure.Samples);
            Assert.Equal(Deviation(@long) * Math.Sqrt(MinutesAYear), measure.Volatility!.Value, 1e-6);
            Assert.Equal(Deviation(@short) / Deviation(@long), measure.VolatilityRatio!.Value, 1e-6);
            Assert.Equal(@short.Sum() / @short.Sum(Math.Abs), measure.TrendStrength!.Value, 1e-6);
            Assert.Equal(2d, measure.SpreadBps!.Value, 1e-6);
        }, iter: 200);

    [Fact]
    public void Too_little_says_nothing_and_not_zero()
    {
        var series = new MarketSeries("X", MinutesAYear, new RegimeLimits());
        Assert.Equal(new MarketMeasure("X", 0, null, null, null, null, MarketRegime.Unknown), series.Measure());
        for (var i = 0; i < MarketSeries.Least; i++)
        {
            series.Add(100m + (i % 2), 101m + (i % 2), Start.AddMinutes(i));
        }

        Assert.Equal(MarketSeries.Least - 1, series.Measure().Samples);
        Assert.Null(series.Measure().Volatility);
        series.Add(100m, 101m, Start.AddMinutes(MarketSeries.Least));
        Assert.NotNull(series.Measure().Volatility);
        Assert.Equal(MarketRegime.Ranging, series.Measure().Regime);
    }

    [Fact]
    public void One_price_a_minute_counts_and_a_gap_is_no_return()
    {
        var series = new MarketSeries("X", MinutesAYear, new RegimeLimits());
        Assert.True(series.Add(100m, 100m, Start));
        Assert.False(series.Add(110m, 110m, Start.AddSeconds(59)));
        Assert.False(series.Add(110m, 110m, Start.AddMinutes(-1)));
        Assert.True(series.Add(101m, 101m, Start.AddMinutes(1)));
        Assert.True(series.Add(200m, 200m, Start.AddMinutes(3)));
        Assert.True(series.Add(202m, 202m, Start.AddMinutes(4)));
        Assert.Equal([Math.Log(1.01), Math.Log(1.01)], series.Returns().Select(sample => Math.Round(sample.Return, 15)), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Straight_line_has_a_strength_of_one_with_its_sign()
    {
        var (up, down) = (new MarketSeries("U", MinutesAYear, new RegimeLimits()), new MarketSeries("D", MinutesAYear, new RegimeLimits()));
        for (var i = 0; i < 100; i++)
        {
            up.Add(100m + i, 100m + i, Start.AddMinutes(i));
            down.Add(300m - i, 300m - i, Start.AddMinutes(i));
        }

        Assert.Equal((1d, -1d), (up.Measure().TrendStrength!.Value, down.Measure().TrendStrength!.Value));
        Assert.Equal(MarketRegime.Trending, up.Measure().Regime);
    }

    [Fact]
    public void Correlation_is_of_the_minutes_that_both_have()
    {
        var observer = new MarketObserver(new RegimeLimits());
        var random = new Random(7);
        var (a, b) = (100d, 50d);
        for (var i = 0; i < 120; i++)
        {
            var step = 0.01 * (random.NextDouble() - 0.5);
            (a, b) = (a * Math.Exp(step), b * Math.Exp(-2d * step));
            Add(observer, "A", a, i);
            Add(observer, "Flat", 10d, i);
            if (i is < 40 or >= 60)
            {
                Add(observer, "B", b, i);
            }
        }

        Assert.Equal(-1d, observer.Correlation("A", "B")!.Value, 1e-6);
        Assert.Equal(1d, observer.Correlation("A", "A")!.Value, 1e-9);
        Assert.Null(observer.Correlation("A", "Flat"));
        Assert.Null(observer.Correlation("A", "never"));
        var common = observer.CommonReturns(["A", "B"]);
        Assert.Equal([98, 98], common.Select(series => series.Length));
        Assert.Empty(observer.CommonReturns(["A", "never"]));
    }

    [Fact]
    public void Markets_are_bounded_and_the_one_longest_silent_goes()
    {
        var observer = new MarketObserver(new RegimeLimits());
        for (var i = 0; i <= MarketObserver.MaxMarkets; i++)
        {
            Add(observer, $"S{i}", 100d, i);
        }

        Assert.Equal(MarketObserver.MaxMarkets, observer.Symbols.Count());
        Assert.Null(observer.Measure("S0"));
        Assert.NotNull(observer.Measure("S1"));
    }

    [Fact]
    public void Regime_is_explained_by_the_markets_that_have_it()
    {
        var observer = new MarketObserver(new RegimeLimits());
        for (var i = 0; i <= MarketSeries.Long; i++)
        {
            foreach (var symbol in (string[])["A", "B", "C", "D"])
            {
                Add(observer, symbol, 100d * Math.Exp((symbol == "B" ? -0.001 : 0.001) * i), i);
            }

            Add(observer, "To and fro", 100d + (i % 2), i);
        }

        Add(observer, "New", 1d, 0);

        Assert.Equal(
            "4 of 5 markets: A trend +1.00, volatility 1.00 of usual, B trend -1.00, volatility 1.00 of usual, C trend +1.00, volatility 1.00 of usual, …",
            System.Text.RegularExpressions.Regex.Replace(observer.Explain(MarketRegime.Trending), "volatility [0-9.]+", "volatility 1.00"));
        Assert.Equal("0 of 5 markets", observer.Explain(MarketRegime.Volatile));
    }

    private static void Add(MarketObserver observer, string symbol, double price, int minute) =>
        observer.Add(symbol, AssetClass.Crypto, Math.Round((decimal)price, 12), Math.Round((decimal)price, 12), Start.AddMinutes(minute));

    private static double Deviation(double[] values) =>
        Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
}
