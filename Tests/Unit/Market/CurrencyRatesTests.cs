using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

/// <summary>Rates are found, or refused: never guessed.</summary>
public sealed class CurrencyRatesTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly CurrencyRates _rates = new();

    [Fact]
    public void Rate_is_direct_else_inverse_else_over_a_pivot()
    {
        Assert.False(Find("EUR", "USD").IsKnown);
        _rates.Set("BTC", "USD", 50_000m, Now - 2 * Tick);
        _rates.Set("BTC", "EUR", 40_000m, Now - Tick);
        Assert.Equal(new CurrencyRate(RateSource.Pivot, 1.25m, Now - 2 * Tick), Find("EUR", "USD"));
        _rates.Set("USD", "EUR", 0.8m, Now);
        Assert.Equal(new CurrencyRate(RateSource.Inverse, 1.25m, Now), Find("EUR", "USD"));
        _rates.Set("EUR", "USD", 1.26m, Now);
        Assert.Equal(new CurrencyRate(RateSource.Direct, 1.26m, Now), Find("EUR", "USD"));
        Assert.Equal(new CurrencyRate(RateSource.Same, 1m, Now), Find("EUR", "EUR"));
    }

    [Fact]
    public void Stablecoin_is_no_dollar_until_a_price_says_so()
    {
        Assert.False(Find("USDT", "USD").IsKnown);
        _rates.Set("USDT", "USD", 0.97m, Now);
        Assert.Equal(0.97m, Find("USDT", "USD").Rate);
    }

    [Theory]
    [InlineData(0, 60, -1, true)]
    [InlineData(0, 60, 0, true)]
    [InlineData(0, 60, 1, false)]
    [InlineData(60, 90, 0, true)]
    [InlineData(60, 90, 1, false)]
    public void Rate_is_as_fresh_as_asked_or_as_its_feed_allows(int interval, int seconds, int over, bool isKnown)
    {
        var time = Now - TimeSpan.FromSeconds(seconds) - (over * Tick);
        _rates.Set("EUR", "USD", 1.25m, time, TimeSpan.FromSeconds(interval));
        _rates.Set("EUR", "GBP", 0.8m, Now);

        Assert.Equal(isKnown, Find("EUR", "USD").IsKnown);
        Assert.Equal(isKnown, Find("USD", "EUR").IsKnown);
        Assert.Equal(isKnown, Find("GBP", "USD").IsKnown);
        Assert.Equal(isKnown ? 12.5m : null, _rates.Convert(10m, "EUR", "USD", MaxAge, Now));
    }

    [Fact]
    public void Pivot_needs_both_of_its_pairs()
    {
        _rates.Set("GBP", "USD", 1.3m, Now);

        Assert.False(Find("GBP", "JPY").IsKnown);
        Assert.Null(_rates.Convert(1m, "GBP", "JPY", MaxAge, Now));
        Assert.Equal(0m, _rates.Convert(0m, "GBP", "JPY", MaxAge, Now));
        Assert.Null(_rates.Convert(1m, null, "JPY", MaxAge, Now));
        _rates.Set("USD", "JPY", 150m, Now);
        Assert.Equal(195m, _rates.Convert(1m, "GBP", "JPY", MaxAge, Now));
    }

    [Fact]
    public void Older_price_bad_price_and_a_pair_of_one_currency_change_nothing()
    {
        _rates.Set("EUR", "USD", 1.25m, Now);
        _rates.Set("EUR", "USD", 2m, Now - Tick);
        _rates.Set("EUR", "USD", 0m, Now);
        _rates.Set("EUR", "USD", -1m, Now);
        _rates.Set("USD", "USD", 2m, Now);

        Assert.Equal(1.25m, Find("EUR", "USD").Rate);
        Assert.Equal(1m, Find("USD", "USD").Rate);
    }

    [Fact]
    public void Pairs_are_bounded_and_known_ones_go_on()
    {
        for (var i = 0; i < CurrencyRates.MaxPairs + 1; i++)
        {
            _rates.Set($"C{i}", "USD", 2m, Now - Tick);
        }

        _rates.Set("C0", "USD", 3m, Now);
        Assert.False(Find($"C{CurrencyRates.MaxPairs}", "USD").IsKnown);
        Assert.Equal(3m, Find("C0", "USD").Rate);
    }

    private CurrencyRate Find(string from, string to) => _rates.Find(from, to, MaxAge, Now);
}
