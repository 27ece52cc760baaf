using CsCheck;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

/// <summary>Every indicator against its definition computed anew from all values at each step.</summary>
public sealed class IndicatorTests
{
    private static readonly Gen<double[]> s_prices = Gen.Double[0.01, 100_000d].Array[0, 120];
    private static readonly Gen<int> s_period = Gen.Int[1, 25];
    private static readonly Gen<Bar[]> s_bars = Gen.Select(Gen.Int[1, 10_000], Gen.Int[0, 500], Gen.Int[0, 500], Gen.Int[0, 50])
        .Select((low, up, down, volume) => new Bar(low + up, low + up + down, low, low + Math.Min(up, down), volume, TimeSpan.FromMinutes(1)))
        .Array[0, 120];

    [Fact]
    public void Simple_average_is_the_mean_of_the_window() => Gen.Select(s_prices, s_period).Sample((prices, period) =>
    {
        var indicator = new SimpleMovingAverage(period);
        Each(prices, indicator.Update, past => Same(past.Length < period ? null : past[^period..].Average(), indicator.Value));
    });

    [Fact]
    public void Exponential_average_starts_as_mean_and_decays() => Gen.Select(s_prices, s_period).Sample((prices, period) =>
    {
        var indicator = new ExponentialMovingAverage(period);
        Each(prices, indicator.Update, past => Same(Smoothed(past, period, 2d / (period + 1)), indicator.Value));
    });

    [Fact]
    public void Rsi_is_the_smoothed_gains_share() => Gen.Select(s_prices, s_period).Sample((prices, period) =>
    {
        var indicator = new RelativeStrengthIndex(period);
        Each(prices, indicator.Update, past =>
        {
            var changes = past.Skip(1).Select((price, i) => price - past[i]).ToArray();
            var gain = Smoothed([.. changes.Select(change => Math.Max(change, 0d))], period, 1d / period);
            var loss = Smoothed([.. changes.Select(change => Math.Max(-change, 0d))], period, 1d / period);
            Same(gain is null ? null : gain + loss == 0d ? 50d : 100d - (100d / (1d + (gain / loss))), indicator.Value);
            Assert.True(indicator.Value is null or (>= 0d and <= 100d));
        });
    });

    [Fact]
    public void Atr_is_the_smoothed_true_range() => Gen.Select(s_bars, s_period).Sample((bars, period) =>
    {
        var indicator = new AverageTrueRange(period);
        Each(bars, indicator.Update, past =>
        {
            var ranges = past.Select((bar, i) => (double)(i == 0 ? bar.High - bar.Low : new[]
            {
                bar.High - bar.Low, Math.Abs(bar.High - past[i - 1].Close), Math.Abs(bar.Low - past[i - 1].Close),
            }.Max()));
            Same(Smoothed([.. ranges], period, 1d / period), indicator.Value);
        });
    });

    [Fact]
    public void Bollinger_bands_are_mean_and_population_deviation() => Gen.Select(s_prices, s_period).Sample((prices, period) =>
    {
        var indicator = new BollingerBands(period, 2.5);
        Each(prices, indicator.Update, past =>
        {
            if (past.Length < period)
            {
                Assert.Null(indicator.Value);
                return;
            }

            var (mean, deviation) = MeanAndDeviation(past[^period..]);
            Same(mean, indicator.Value?.Middle);
            Same(mean - (2.5 * deviation), indicator.Value?.Lower);
            Same(mean + (2.5 * deviation), indicator.Value?.Upper);
        });
    });

    [Fact]
    public void Z_score_is_the_distance_in_deviations() => Gen.Select(s_prices, Gen.Int[2, 25]).Sample((prices, period) =>
    {
        var indicator = new ZScore(period);
        Each(prices, indicator.Update, past =>
        {
            var (mean, deviation) = past.Length < period ? (0d, 0d) : MeanAndDeviation(past[^period..]);
            Same(deviation > 0d ? (past[^1] - mean) / deviation : null, indicator.Value);
        });
    });

    [Fact]
    public void Macd_is_the_difference_of_means_and_its_mean() => s_prices.Sample(prices =>
    {
        var indicator = new Macd(4, 9, 3);
        Each(prices, indicator.Update, past =>
        {
            var lines = Enumerable.Range(9, Math.Max(0, past.Length - 8))
                .Select(count => Smoothed(past[..count], 4, 0.4)!.Value - Smoothed(past[..count], 9, 0.2)!.Value).ToArray();
            var signal = Smoothed(lines, 3, 0.5);
            Same(signal, indicator.Value?.Signal);
            Same(signal is null ? null : lines[^1], indicator.Value?.Line);
            Same(signal is null ? null : lines[^1] - signal, indicator.Value?.Histogram);
        });
    });

    [Fact]
    public void Donchian_channel_is_the_extremes_of_the_window() => Gen.Select(s_bars, s_period).Sample((bars, period) =>
    {
        var indicator = new DonchianChannel(period);
        Each(bars, indicator.Update, past => Assert.Equal(
            past.Length < period ? null : new DonchianValue(past[^period..].Min(bar => bar.Low), past[^period..].Max(bar => bar.High)),
            indicator.Value));
    });

    [Fact]
    public void Vwap_is_turnover_over_volume() => s_bars.Sample(bars =>
    {
        var indicator = new VolumeWeightedPrice();
        Each(bars, indicator.Update, past =>
        {
            var volume = past.Sum(bar => bar.Volume);
            Assert.Equal(
                volume == 0m ? null : past.Sum(bar => (bar.High + bar.Low + bar.Close) / 3m * bar.Volume) / volume, indicator.Value);
        });
        indicator.Reset();
        Assert.Null(indicator.Value);
    });

    [Fact]
    public void Deviation_forgets_an_outlier_and_does_not_drift_in_a_long_run()
    {
        var window = new RollingMoments(50);
        window.Update(1e15);
        var values = Enumerable.Range(0, 1_000_000).Select(i => 1e6 + (i % 7 * 1e-3)).ToArray();
        foreach (var value in values[..50])
        {
            window.Update(value);
        }

        Assert.Equal(MeanAndDeviation(values[..50]).Deviation, window.Deviation, 1e-9);
        foreach (var value in values[50..])
        {
            window.Update(value);
        }

        Assert.Equal(MeanAndDeviation(values[^50..]).Deviation, window.Deviation, 1e-9);
    }

    [Fact]
    public void Equal_values_have_no_score_and_an_rsi_of_fifty()
    {
        var (score, strength) = (new ZScore(5), new RelativeStrengthIndex(5));
        for (var i = 0; i < 17; i++)
        {
            score.Update(0.1);
            strength.Update(0.1);
        }

        Assert.True(score.IsReady);
        Assert.Null(score.Value);
        Assert.Equal(50d, strength.Value);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Value_that_is_no_number_is_refused_and_leaves_no_trace(double value)
    {
        var (average, exponential, strength) =
            (new SimpleMovingAverage(1), new ExponentialMovingAverage(1), new RelativeStrengthIndex(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => average.Update(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => exponential.Update(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => strength.Update(value));
        average.Update(2d);
        exponential.Update(3d);
        Assert.Equal((2d, 3d), (average.Value, exponential.Value));
        Assert.False(strength.IsReady);
    }

    [Fact]
    public void Period_under_one_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimpleMovingAverage(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentialMovingAverage(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DonchianChannel(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Macd(26, 12));
    }

    private static void Each<T>(T[] values, Action<T> update, Action<T[]> check)
    {
        for (var i = 0; i < values.Length; i++)
        {
            update(values[i]);
            check(values[..(i + 1)]);
        }
    }

    private static void Same(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } wanted && actual is { } got)
        {
            Assert.True(Math.Abs(wanted - got) <= 1e-7 * Math.Max(1d, Math.Abs(wanted)), $"{got} is not {wanted}");
        }
    }

    /// <summary>The closed form: weights of the seed's mean and of every later value.</summary>
    private static double? Smoothed(double[] values, int period, double alpha)
    {
        if (values.Length < period)
        {
            return null;
        }

        var later = values.Length - period;
        var sum = values[..period].Average() * Math.Pow(1d - alpha, later);
        for (var i = 0; i < later; i++)
        {
            sum += alpha * Math.Pow(1d - alpha, later - 1 - i) * values[period + i];
        }

        return sum;
    }

    private static (double Mean, double Deviation) MeanAndDeviation(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length));
    }
}
