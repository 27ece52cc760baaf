using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

/// <summary>What an account is worth in its currency, and that it has no worth where anything cannot be valued.</summary>
public sealed class AccountValueTests
{
    private const long Unit = 100_000_000;

    private static readonly AccountTerms Terms = new("USD", 1_000m);

    private static readonly Dictionary<string, long> Counters = new()
    {
        ["realized/USD"] = 10 * Unit, ["realized/EUR"] = -8 * Unit, ["realized"] = Unit,
        ["long/BTCEUR"] = 300 * Unit, ["buying/BTCEUR"] = 100 * Unit,
        ["units_long/BTCEUR"] = 3 * Unit, ["cost_long/BTCEUR"] = 300 * Unit,
        ["short/ETHUSD"] = 50 * Unit, ["units_short/ETHUSD"] = 2 * Unit, ["cost_short/ETHUSD"] = 50 * Unit,
        ["tier/2/EUR"] = 400 * Unit, ["tier/1/USD"] = 50 * Unit, ["open"] = 2, ["working"] = 1, ["later"] = 7, ["later/x"] = 7,
    };

    [Fact]
    public void Account_is_worth_its_start_its_balances_and_its_open_profit_at_live_rates()
    {
        var value = AccountValue.Of(ExposureBook.Of(Counters), Terms, Sources());

        // 1 EUR = 1.25 USD. Balances: 10 − 8·1.25 + 1 = 1. BTC: (3·110 − 300)·1.25 = 37.5. ETH short: 50 − 2·26 = −2.
        Assert.Equal((1m, 35.5m, 1_036.5m), (value.Realized, value.Unrealized, value.Equity));
        Assert.Equal((500m, 50m), (value.Long, value.Short));
        Assert.Empty(value.Missing);
    }

    [Fact]
    public void Worst_case_adds_what_is_on_its_way()
    {
        var value = AccountValue.Of(ExposureBook.Of(Counters), Terms, Sources());
        var reserved = new ReservedEntries();
        reserved.Add("a", new ReservedEntry("BTCEUR", 5m, 0m, 2, "BTC", 5m));
        reserved.Add("b", new ReservedEntry("ETHUSD", 0m, 7m, 1, "ETH", 7m));

        Assert.Equal(
            new Exposure(505m, 505m, 57m) { IsGrouped = true, Group = 505m, Tier = 505m, Margin = 562m },
            value.Worst("BTCEUR", "BTC", 2, reserved));
        Assert.Equal(
            new Exposure(57m, 505m, 57m) { IsGrouped = false, Group = 0m, Tier = 57m, Margin = 562m },
            value.Worst("ETHUSD", null, 1, reserved));
        Assert.Equal(505m + 57m, value.Worst("", "BTC", 0, reserved) is var none ? none.Long + none.Short : 0m);
    }

    [Theory]
    [InlineData("EUR", null, "EUR")]
    [InlineData(null, "BTCEUR", "BTCEUR")]
    [InlineData(null, "NOSUCH", "NOSUCH")]
    public void Account_with_anything_that_cannot_be_valued_has_no_equity(string? noRate, string? noPrice, string missing)
    {
        var counters = new Dictionary<string, long>(Counters);
        if (missing == "NOSUCH")
        {
            counters["long/NOSUCH"] = Unit;
        }

        var value = AccountValue.Of(ExposureBook.Of(counters), Terms, Sources(noRate, noPrice));

        Assert.Null(value.Equity);
        Assert.Equal(missing, Assert.Single(value.Missing));
    }

    [Fact]
    public void Position_settled_in_a_currency_nobody_named_cannot_be_valued()
    {
        var value = AccountValue.Of(
            ExposureBook.Of(new Dictionary<string, long> { ["tier/2/"] = Unit }), Terms, Sources());

        Assert.Null(value.Equity);
        Assert.Single(value.Missing);
    }

    [Fact]
    public void Account_that_holds_nothing_is_worth_what_it_began_with()
    {
        Assert.Equal(1_000m, AccountValue.Of(ExposureBook.Empty, Terms, Sources("EUR", "BTCEUR")).Equity);
        Assert.Null(AccountValue.Unknown.Equity);
    }

    [Fact]
    public void Day_begins_with_what_the_account_is_worth_and_the_peak_stays()
    {
        var monday = new DateOnly(2026, 3, 2);
        var day = AccountDay.After(null, 1_000m, 990m, monday);
        Assert.Equal(new AccountDay(monday, 1_000m, 1_000m) { Start = 1_000m }, day);
        day = AccountDay.After(day, 1_000m, 1_100m, monday);
        Assert.Equal(new AccountDay(monday, 1_000m, 1_100m) { Start = 1_000m }, day);
        day = AccountDay.After(day, 1_000m, 1_050m, monday.AddDays(1));
        Assert.Equal(new AccountDay(monday.AddDays(1), 1_050m, 1_100m) { Start = 1_000m }, day);

        // A clock that went back begins no day anew.
        Assert.Equal(day, AccountDay.After(day, 1_000m, 900m, monday));
        Assert.True(day.IsWorthWriting(null));
        Assert.False(day.IsWorthWriting(day));
        Assert.False((day with { Peak = 1_100.5m }).IsWorthWriting(day));
        Assert.True((day with { Peak = 1_100.55m }).IsWorthWriting(day));
        Assert.True(day.IsWorthWriting(day with { Day = monday }));
    }

    [Theory]
    [InlineData("2026-03-02T21:59:59Z", "2026-03-02")] // New York is five hours behind
    [InlineData("2026-03-02T22:00:00Z", "2026-03-03")]
    [InlineData("2026-07-01T20:59:59Z", "2026-07-01")] // four in summer
    [InlineData("2026-07-01T21:00:00Z", "2026-07-02")]
    public void Session_day_ends_at_five_in_new_york(string time, string day) => Assert.Equal(
        DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture),
        SessionDay.Of(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Window_holds_the_extremes_of_the_last_minute()
    {
        var window = new PriceWindow();
        Assert.Equal((100m, 100m), window.Add(100m, Given.Now));
        Assert.Equal((90m, 100m), window.Add(90m, Given.Now + TimeSpan.FromSeconds(1)));
        Assert.Equal((90m, 110m), window.Add(110m, Given.Now + TimeSpan.FromSeconds(30)));
        Assert.Equal((90m, 110m), window.Add(105m, Given.Now + TimeSpan.FromSeconds(55)));
        Assert.Equal((105m, 110m), window.Add(106m, Given.Now + TimeSpan.FromSeconds(65)));
        Assert.Equal((105m, 110m), window.Add(107m, Given.Now));
        Assert.Equal((50m, 50m), window.Add(50m, Given.Now + TimeSpan.FromDays(1)));
    }

    private static ValuationSources Sources(string? noRate = null, string? noPrice = null) => new(
        symbol => symbol == "NOSUCH" ? null : Given.Instrument(symbol) with
        {
            QuoteCurrency = symbol[3..], BaseCurrency = symbol[..3],
        },
        symbol => symbol == noPrice ? null : symbol == "BTCEUR" ? Given.Price(110m, 111m) : Given.Price(25m, 26m),
        currency => currency == noRate ? null : currency == "EUR" ? 1.25m : null,
        (_, instrument) => instrument!.BaseCurrency);
}
