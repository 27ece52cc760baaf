using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Simulation;
using Xunit;

namespace TradingEngine.Tests.Unit.Simulation;

public sealed class SimulatedMarketTests
{
    private static readonly DateTimeOffset s_wednesday = new(2026, 8, 19, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_saturday = new(2026, 8, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Same_seed_and_times_give_the_same_market_and_another_seed_another()
    {
        var first = Run(new SimulatedMarketOptions { Seed = 7 }, 200);
        Assert.Equal(first, Run(new SimulatedMarketOptions { Seed = 7 }, 200));
        Assert.NotEqual(first, Run(new SimulatedMarketOptions { Seed = 8 }, 200));
        Assert.Equal(1_600, first.Count);
    }

    [Fact]
    public void Symbol_moves_alike_whatever_symbols_stand_beside_it()
    {
        var alone = new SimulatedMarketOptions { Symbols = [SimulatedSymbol.Defaults[4]] };
        Assert.Equal(
            Run(alone, 100), Run(new SimulatedMarketOptions(), 100).Where(quote => quote.Symbol == "EURUSD"));
    }

    [Fact]
    public void Quotes_are_whole_ticks_with_a_positive_spread()
    {
        foreach (var quote in Run(new SimulatedMarketOptions { Seed = 3 }, 2_000))
        {
            var instrument = InstrumentCatalog.Default.Find(quote.Symbol)!;
            Assert.True(quote.Bid > 0m && quote.Ask > quote.Bid);
            Assert.Equal((0m, 0m), (quote.Bid % instrument.TickSize, quote.Ask % instrument.TickSize));
            Assert.True((quote.Ask - quote.Bid) / quote.Mid < 0.002m);
            Assert.Equal((instrument.AssetClass, "simulated", false), (quote.AssetClass, quote.Source, quote.IsHistory));
        }
    }

    [Fact]
    public void First_quote_stands_at_the_start_price()
    {
        foreach (var quote in new SimulatedMarket(new SimulatedMarketOptions()).Step(s_wednesday))
        {
            var start = SimulatedSymbol.Defaults.Single(symbol => symbol.Symbol == quote.Symbol).StartPrice;
            Assert.True(Math.Abs(quote.Mid - start) <= InstrumentCatalog.Default.Find(quote.Symbol)!.TickSize);
        }
    }

    [Fact]
    public void Closed_market_is_silent_and_crypto_never_is()
    {
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        Assert.Equal(["BTCUSD", "ETHUSD", "LTCUSD", "SOLUSD"], market.Step(s_saturday).Select(quote => quote.Symbol));
        Assert.Equal(8, market.Step(s_saturday.AddDays(2)).Count);
    }

    [Fact]
    public void Resumed_market_goes_on_from_its_last_prices()
    {
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        for (var i = 0; i < 100; i++)
        {
            market.Step(s_wednesday.AddSeconds(i));
        }

        var prices = market.Prices;
        Assert.NotEqual(SimulatedSymbol.Defaults[0].StartPrice, prices["BTCUSD"]);
        var resumed = new SimulatedMarket(new SimulatedMarketOptions { LastPrices = prices });
        Assert.Equal(prices, resumed.Prices);
        resumed.Step(s_wednesday.AddSeconds(99));
        var (went, goes) = (market.Step(s_wednesday.AddSeconds(100)), resumed.Step(s_wednesday.AddSeconds(100)));
        Assert.All(went.Zip(goes), pair => Assert.True(
            Math.Abs(pair.First.Mid - pair.Second.Mid) <= 2m * InstrumentCatalog.Default.Find(pair.First.Symbol)!.TickSize));
    }

    [Fact]
    public void Time_that_does_not_go_on_moves_nothing()
    {
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        market.Step(s_wednesday);
        var quotes = market.Step(s_wednesday.AddSeconds(5));
        Assert.Equal(quotes, market.Step(s_wednesday.AddSeconds(5)));
        Assert.Equal(quotes.Select(quote => quote.Symbol), market.Step(s_wednesday).Select(quote => quote.Symbol));
        Assert.Equal(quotes, market.Step(s_wednesday.AddSeconds(5)));
    }

    [Fact]
    public void Volatility_over_a_day_is_of_the_stated_size()
    {
        // One day of seconds: the deviation of one-second moves is the stated one times the mood, 0.5 to 2.3.
        var bitcoin = SimulatedSymbol.Defaults[0];
        var market = new SimulatedMarket(new SimulatedMarketOptions { Symbols = [bitcoin] });
        var prices = Enumerable.Range(0, 86_400).Select(i => (double)market.Step(s_wednesday.AddSeconds(i))[0].Mid).ToArray();
        var moves = prices.Zip(prices.Skip(1), (from, to) => 10_000d * ((to / from) - 1d)).ToArray();
        Assert.InRange(Math.Sqrt(moves.Average(move => move * move)), 0.5 * bitcoin.VolatilityBps, 2.3 * bitcoin.VolatilityBps);
        Assert.InRange(prices.Max() / prices.Min(), 1.005, 1.6);
    }

    [Theory]
    [InlineData("BTCUSD", 1)]
    [InlineData("EURUSD", 1)]
    [InlineData("EURUSD", 60)]
    [InlineData("US500", 3600)]
    public void History_ends_at_the_price_in_connected_bars_of_open_sessions(string symbol, int seconds)
    {
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        var interval = TimeSpan.FromSeconds(seconds);
        var bars = market.History(symbol, 500, interval, s_saturday.AddDays(1.99), 1_234.5m);
        Assert.Equal(500, bars.Count);
        Assert.Equal(1_234.5m, bars[^1].Bar!.Close);
        Assert.Equal(bars, market.History(symbol, 500, interval, s_saturday.AddDays(1.99), 1_234.5m));
        for (var i = 0; i < bars.Count; i++)
        {
            var (update, bar) = (bars[i], bars[i].Bar!);
            Assert.True(update.IsHistory);
            Assert.Equal((bar.Close, bar.Close, interval), (update.Bid, update.Ask, bar.Interval));
            Assert.True(bar.Low > 0m && bar.Low <= Math.Min(bar.Open, bar.Close) && bar.High >= Math.Max(bar.Open, bar.Close));
            Assert.True(SessionCalendar.Default.IsOpen(update.AssetClass, update.Time - interval));
            Assert.Equal(0L, update.Time.UtcTicks % interval.Ticks);
            if (i > 0)
            {
                Assert.Equal(bars[i - 1].Bar!.Close, bar.Open);
                Assert.True(update.Time >= bars[i - 1].Time + interval);
            }
        }
    }

    [Fact]
    public void History_without_a_price_ends_at_the_markets_own()
    {
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        Assert.Equal(64_000m, market.History("BTCUSD", 3, TimeSpan.FromMinutes(1), s_wednesday)[^1].Bar!.Close);
        Assert.Empty(market.History("BTCUSD", 0, TimeSpan.FromMinutes(1), s_wednesday));
        Assert.Throws<ArgumentException>(() => market.History("FOO", 1, TimeSpan.FromMinutes(1), s_wednesday));
    }

    [Fact]
    public void Symbol_unknown_or_twice_is_refused()
    {
        ImmutableArray<SimulatedSymbol> unknown = [new("FOOBAR", 1m, 1, 1)];
        ImmutableArray<SimulatedSymbol> twice = [new("BTCUSD", 1m, 1, 1), new("BTCUSD", 1m, 1, 1)];
        ImmutableArray<SimulatedSymbol> free = [new("BTCUSD", 0m, 1, 1)];
        foreach (var symbols in new[] { unknown, twice, free })
        {
            Assert.Throws<ArgumentException>(() => new SimulatedMarket(new SimulatedMarketOptions { Symbols = symbols }));
        }
    }

    [Fact]
    public void Hash_gives_the_numbers_it_always_gave()
    {
        Assert.Equal(7337053346986915146UL, SeededHash.Of(1UL, "BTCUSD"));
        Assert.Equal(13608149317741381227UL, SeededHash.Of(1UL, 2L));
        Assert.Equal(0.42053861444362983, SeededHash.Normal(3UL));
    }

    private static List<MarketUpdate> Run(SimulatedMarketOptions options, int steps)
    {
        var market = new SimulatedMarket(options);
        return [.. Enumerable.Range(0, steps).SelectMany(i => market.Step(s_wednesday.AddMilliseconds(250 * i)))];
    }
}
