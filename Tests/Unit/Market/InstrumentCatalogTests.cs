using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

public sealed class InstrumentCatalogTests
{
    private static readonly InstrumentCatalog s_catalog = InstrumentCatalog.Default;

    [Theory]
    [InlineData("BTCUSD", AssetClass.Crypto, 1, "BTC", "USD")]
    [InlineData("BTCUSDT", AssetClass.Crypto, 1, "BTC", "USDT")]
    [InlineData("BTCBUSD", AssetClass.Crypto, 1, "BTC", "BUSD")]
    [InlineData("BTCEUR", AssetClass.Crypto, 1, "BTC", "EUR")]
    [InlineData("ETHUSD", AssetClass.Crypto, 1, "ETH", "USD")]
    [InlineData("DOGEUSDT", AssetClass.Crypto, 1, "DOGE", "USDT")]
    [InlineData("BTC/USD", AssetClass.Crypto, 1, "BTC", "USD")]
    [InlineData("eth-usdt", AssetClass.Crypto, 1, "ETH", "USDT")]
    [InlineData("BTCUSDm", AssetClass.Crypto, 1, "BTC", "USD")]
    [InlineData("ETHBTC", AssetClass.CryptoCross, 1, "ETH", "BTC")]
    [InlineData("EURUSD", AssetClass.Forex, 100000, "EUR", "USD")]
    [InlineData("eurusd.a", AssetClass.Forex, 100000, "EUR", "USD")]
    [InlineData("EURUSD_i", AssetClass.Forex, 100000, "EUR", "USD")]
    [InlineData("USDJPY.pro", AssetClass.Forex, 100000, "USD", "JPY")]
    [InlineData("GBPJPYpro", AssetClass.Forex, 100000, "GBP", "JPY")]
    [InlineData("NZDUSD#", AssetClass.Forex, 100000, "NZD", "USD")]
    [InlineData("SEKNOK", AssetClass.Forex, 100000, "SEK", "NOK")]
    [InlineData("XAUUSD", AssetClass.Forex, 100, "XAU", "USD")]
    [InlineData("US30", AssetClass.Indices, 1, "US30", "USD")]
    [InlineData("US500.cash", AssetClass.Indices, 1, "US500", "USD")]
    [InlineData("DE40", AssetClass.Indices, 1, "GER40", "EUR")]
    [InlineData("AAPL", AssetClass.Stocks, 1, "AAPL", "USD")]
    [InlineData("#AAPL", AssetClass.Stocks, 1, "AAPL", "USD")]
    [InlineData("BRK.B", AssetClass.Stocks, 1, "BRK.B", "USD")]
    [InlineData("USOIL", AssetClass.Energy, 1000, "USOIL", "USD")]
    [InlineData("XBRUSDm", AssetClass.Energy, 1000, "UKOIL", "USD")]
    public void Symbol_known_under_any_decoration_is_found_and_keeps_its_writing(
        string symbol, AssetClass assetClass, int contract, string baseName, string quote)
    {
        Assert.True(s_catalog.TryFind(symbol, out var found));
        Assert.Equal(symbol, found.Symbol);
        Assert.Equal((assetClass, contract, baseName, quote), (found.AssetClass, found.ContractSize, found.BaseCurrency, found.QuoteCurrency));
        Assert.False(found.IsInverse);
        Assert.True(found is { LotStep: > 0m, MinQuantity: > 0m, TickSize: > 0m, PriceDecimals: >= 0 });
    }

    [Theory]
    [InlineData("")]
    [InlineData(" BTCUSD")]
    [InlineData("BTCUSD\n")]
    [InlineData("BTC USD")]
    [InlineData("BTCUSD\u00e9")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567")]
    [InlineData("FOOBAR")]
    [InlineData("EUREUR")]
    [InlineData("BTCBTC")]
    [InlineData("BTCUSD_PERP")]
    [InlineData("BTCUSD_240628")]
    [InlineData("USD")]
    [InlineData("....")]
    [InlineData("tm")]
    public void Symbol_that_cannot_be_told_is_unknown(string symbol) => Assert.False(s_catalog.TryFind(symbol, out _));

    [Fact]
    public void Yen_pair_has_three_decimals()
    {
        Assert.Equal(0.001m, s_catalog.Find("USDJPY")!.TickSize);
        Assert.Equal(0.00001m, s_catalog.Find("EURUSD")!.TickSize);
    }

    [Fact]
    public void Declared_symbol_is_known_and_a_known_one_is_not_overruled()
    {
        var catalog = s_catalog.WithDeclared("FOOUSD", AssetClass.Crypto).WithDeclared("EURUSD", AssetClass.Stocks);
        Assert.True(catalog.TryFind("foousd", out var found));
        Assert.Equal((AssetClass.Crypto, "USD", "foousd"), (found.AssetClass, found.QuoteCurrency, found.Symbol));
        Assert.Equal(AssetClass.Forex, catalog.Find("EURUSD")!.AssetClass);
        Assert.Null(s_catalog.Find("FOOUSD"));
        Assert.Same(catalog, catalog.WithDeclared("BAR", AssetClass.Unknown));
        Assert.Same(catalog, catalog.WithDeclared("no symbol", AssetClass.Crypto));
    }

    [Fact]
    public void Given_instrument_replaces_the_built_in_one()
    {
        var mini = s_catalog.Find("EURUSD")! with { ContractSize = 10_000m };
        Assert.Equal(10_000m, s_catalog.With(mini).Find("eurusd.a")!.ContractSize);
    }

    [Fact]
    public void Rounding_to_ticks_goes_where_it_says()
    {
        var pair = s_catalog.Find("EURUSD")!;
        Assert.Equal(1.08501m, pair.FloorToTick(1.085019m));
        Assert.Equal(1.08502m, pair.CeilingToTick(1.085011m));
        Assert.Equal(1.08502m, pair.RoundToTick(1.085015m));
        Assert.Equal(0.12m, pair.FloorToStep(0.129m));
    }
}
