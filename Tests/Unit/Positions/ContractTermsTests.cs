using System.Globalization;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Settlement: currency, precision, rounding and commissions.</summary>
public sealed class ContractTermsTests
{
    [Theory]
    [InlineData("USD", 2)]
    [InlineData("eur", 2)]
    [InlineData("JPY", 0)]
    [InlineData("KRW", 0)]
    [InlineData("KWD", 3)]
    [InlineData("BTC", 8)]
    [InlineData("USDT", 8)]
    [InlineData("XYZ", 8)]
    [InlineData(null, 8)]
    public void Currency_has_its_decimals(string? currency, int decimals) => Assert.Equal(decimals, CurrencyTable.DecimalsOf(currency));

    [Theory]
    [InlineData(false, "JPY", 0)]
    [InlineData(true, "BTC", 8)]
    public void Settlement_is_in_quote_currency_and_of_an_inverse_contract_in_base_currency(bool inverse, string currency, int decimals)
    {
        var terms = ContractTerms.Of(1m, inverse, "JPY", "BTC");

        Assert.Equal((currency, decimals), (terms.SettlementCurrency, terms.MoneyDecimals));
    }

    [Theory]
    [InlineData("0.125", "0.12")]
    [InlineData("0.135", "0.14")]
    [InlineData("-0.125", "-0.12")]
    [InlineData("0.1250000001", "0.13")]
    [InlineData("0.1249999999999999999999999999", "0.12")]
    [InlineData("0.1349999999999999999999999999", "0.14")]
    public void Money_is_rounded_half_to_even_and_noise_does_not_decide(string amount, string expected) => Assert.Equal(
        Number(expected), ContractTerms.Of(1m, false, "USD", "AUD").Round(Number(amount)));

    [Theory]
    [InlineData(false, null, "3")]
    [InlineData(false, "usd", "3")]
    [InlineData(false, "BTC", "150000")]
    [InlineData(false, "BNB", null)]
    [InlineData(true, "BTC", "3")]
    [InlineData(true, "USD", "0.00006")]
    [InlineData(true, "USDT", null)]
    public void Commission_is_converted_at_the_fill_or_not_known(bool inverse, string? currency, string? expected) => Assert.Equal(
        expected is null ? null : Number(expected), ContractTerms.Of(1m, inverse, "USD", "BTC").CommissionOf(3m, currency, 50_000m));

    [Fact]
    public void Commission_of_nothing_needs_no_rate() => Assert.Equal(0m, new ContractTerms().CommissionOf(0m, "BNB", 1m));

    [Fact]
    public void Fill_counts_though_its_commission_has_no_rate()
    {
        var life = new Life(Given.Opening());
        life.Report(Given.Report(life.Entry, OrderStatus.Filled, 1m, 100m, "f1", commission: 0.5m) with { CommissionCurrency = "BNB" });

        var ledger = life.State.Legs[0].Ledger;
        Assert.Equal((1m, 0m, 0m), (ledger.Quantity, ledger.Realized, ledger.Commissions));
        Assert.Equal("0.5 BNB", Assert.Single(life.Facts, fact => fact.Kind == FactKind.CommissionUnknown).Reason);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
