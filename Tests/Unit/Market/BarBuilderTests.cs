using CsCheck;
using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

public sealed class BarBuilderTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 19, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Bar_comes_with_the_first_quote_at_or_past_its_end()
    {
        var builder = new BarBuilder();
        Assert.Empty(builder.Update(Quote(0, 100m)));
        Assert.Empty(builder.Update(Quote(20, 103m)));
        Assert.Empty(builder.Update(Quote(59.999, 99m)));
        var finished = Assert.Single(builder.Update(Quote(60, 200m)));
        Assert.Equal(new Bar(100m, 103m, 99m, 99m, 0m, s_minute), finished.Bar);
        Assert.Equal((s_start + s_minute, 99m, 99m, false), (finished.Time, finished.Bid, finished.Ask, finished.IsHistory));
        Assert.Equal(200m, builder.Current!.Open);
    }

    [Fact]
    public void Interval_without_a_price_has_no_bar()
    {
        var builder = new BarBuilder();
        builder.Update(Quote(0, 100m));
        var finished = Assert.Single(builder.Update(Quote(600, 101m)));
        Assert.Equal(s_start + s_minute, finished.Time);
    }

    [Fact]
    public void Quote_of_a_finished_interval_is_dropped()
    {
        var builder = new BarBuilder();
        builder.Update(Quote(61, 100m));
        Assert.Empty(builder.Update(Quote(59, 5m)));
        Assert.Equal(100m, Assert.Single(builder.Update(Quote(120, 100m))).Bar!.Low);
    }

    [Fact]
    public void Flush_gives_a_bar_whose_end_has_come_and_gives_it_once()
    {
        var builder = new BarBuilder();
        builder.Update(Quote(0, 100m));
        Assert.Empty(builder.Flush(s_start.AddSeconds(59)));
        Assert.Single(builder.Flush(s_start.AddSeconds(60)));
        Assert.Empty(builder.Flush(s_start.AddSeconds(61)));
        Assert.Empty(builder.Update(Quote(59, 100m)));
        Assert.Empty(builder.Update(Quote(61, 100m)));
    }

    [Fact]
    public void Bar_of_the_interval_passes_through_and_covers_quotes_of_it()
    {
        var builder = new BarBuilder();
        builder.Update(Quote(10, 5m));
        var bar = BarOf(60, 1, 2, 1, 2, s_minute);
        Assert.Same(bar, Assert.Single(builder.Update(bar)));
        Assert.Empty(builder.Update(Quote(61, 7m)));
    }

    [Fact]
    public void Longer_bar_passes_through_after_the_bar_before_it()
    {
        var builder = new BarBuilder();
        builder.Update(Quote(-90, 5m));
        var hour = BarOf(3600, 1, 2, 1, 2, TimeSpan.FromHours(1));
        var finished = builder.Update(hour);
        Assert.Equal(2, finished.Length);
        Assert.Equal(s_start.AddSeconds(-60), finished[0].Time);
        Assert.Same(hour, finished[1]);
    }

    [Fact]
    public void Shorter_bars_merge_and_come_at_once_when_complete()
    {
        var builder = new BarBuilder(TimeSpan.FromMinutes(3));
        Assert.Empty(builder.Update(BarOf(60, 10, 12, 9, 11, s_minute)));
        Assert.Empty(builder.Update(BarOf(120, 11, 15, 11, 14, s_minute)));
        var finished = Assert.Single(builder.Update(BarOf(180, 14, 14, 8, 9, s_minute)));
        Assert.Equal(new Bar(10m, 15m, 8m, 9m, 3m, TimeSpan.FromMinutes(3)), finished.Bar);
        Assert.Equal(s_start.AddMinutes(3), finished.Time);
    }

    [Fact]
    public void Bar_of_history_alone_is_history_and_one_with_a_live_price_is_not()
    {
        var builder = new BarBuilder();
        builder.Update(Quote(0, 1m) with { IsHistory = true });
        builder.Update(Quote(1, 1m) with { IsHistory = true });
        Assert.True(Assert.Single(builder.Update(Quote(60, 1m) with { IsHistory = true })).IsHistory);
        builder.Update(Quote(61, 1m));
        Assert.False(Assert.Single(builder.Update(Quote(120, 1m))).IsHistory);
    }

    [Fact]
    public void Bars_of_any_quotes_equal_those_of_grouping_them() =>
        Gen.Select(Gen.Int[0, 90_000], Gen.Int[1, 1_000]).Array[0, 200].Sample(quotes =>
        {
            var builder = new BarBuilder(TimeSpan.FromSeconds(7));
            var time = 0L;
            var events = quotes.Select(quote => (Time: time += quote.Item1 / 10, Price: (decimal)quote.Item2)).ToList();
            var built = events.SelectMany(e => builder.Update(Quote(e.Time / 1000d, e.Price))).ToList();
            built.AddRange(builder.Flush(DateTimeOffset.MaxValue));
            var expected = events.GroupBy(e => (s_start.AddMilliseconds(e.Time).UtcTicks) / TimeSpan.FromSeconds(7).Ticks).Select(group => new Bar(
                group.First().Price, group.Max(e => e.Price), group.Min(e => e.Price), group.Last().Price, 0m, TimeSpan.FromSeconds(7)));
            Assert.Equal(expected, built.Select(update => update.Bar!));
            Assert.All(built, update => Assert.Equal(0L, update.Time.UtcTicks % TimeSpan.FromSeconds(7).Ticks));
        });

    private static MarketUpdate Quote(double seconds, decimal mid) =>
        new("BTCUSD", AssetClass.Crypto, s_start.AddMilliseconds(seconds * 1000d), mid - 0.5m, mid + 0.5m, null, "test");

    private static MarketUpdate BarOf(int endSeconds, decimal open, decimal high, decimal low, decimal close, TimeSpan interval) =>
        new("BTCUSD", AssetClass.Crypto, s_start.AddSeconds(endSeconds), close, close, new Bar(open, high, low, close, 1m, interval), "test");
}
