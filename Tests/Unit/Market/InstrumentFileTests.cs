using System.Text;
using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

/// <summary>Files of instruments: what they add to the built-in tables, and every error at once.</summary>
public sealed class InstrumentFileTests
{
    [Fact]
    public void Known_symbol_keeps_what_the_file_does_not_say_suffixes_too()
    {
        var (catalog, errors) = Read("""{"EURUSD": {"marginRate": 0.02, "maxQuantity": 50, "minNotional": 100}}""");

        Assert.Empty(errors);
        var pair = catalog!.Find("EURUSD.pro")!;
        Assert.Equal(("EURUSD.pro", 100_000m, 0.02m, 50m, 100m), (pair.Symbol, pair.ContractSize, pair.MarginRate, pair.MaxQuantity, pair.MinNotional));
        Assert.Equal(1m / 30m, catalog.Find("GBPUSD")!.MarginRate);
        Assert.Equal((0.05m, 0.1m, 1m, 1m), (Margin("US500"), Margin("USOIL"), Margin("AAPL"), Margin("ETHBTC")));

        decimal Margin(string symbol) => catalog.Find(symbol)!.MarginRate;
    }

    [Fact]
    public void New_symbol_says_what_must_be_known()
    {
        var (catalog, errors) = Read("""
            {"XBTPERP": {"assetClass": "crypto", "quoteCurrency": "USD", "baseCurrency": "BTC", "isInverse": true,
              "contractSize": 100, "lotStep": 1, "tickSize": 0.5, "priceDecimals": 1}}
            """);

        Assert.Empty(errors);
        var contract = catalog!.Find("XBTPERP")!;
        Assert.Equal(("BTC", 1m, 2m), (contract.SettlementCurrency, contract.MinQuantity, contract.NotionalOf(-1m, 50m)));
        Assert.True(contract.IsOnStep(2m) && contract.IsOnTick(50.5m));
        Assert.False(contract.IsOnStep(0m) || contract.IsOnStep(1.5m) || contract.IsOnTick(50.4m));
    }

    [Theory]
    [InlineData("""{"NEWONE": {}}""", "NEWONE.assetClass is missing", 4)]
    [InlineData("""{"EURUSD": {"lots": 1}}""", "EURUSD.lots is 1; use assetClass, contractSize", 1)]
    [InlineData("""{"EURUSD": {"tickSize": 0}}""", "EURUSD.tickSize is 0; use a number from 0.000000000001 to 1000000000", 1)]
    [InlineData("""{"EURUSD": {"contractSize": "x", "marginRate": 2}}""", "EURUSD.contractSize is \"x\"; use a number", 2)]
    [InlineData("""{"EURUSD": {"priceDecimals": 1.5}}""", "EURUSD.priceDecimals is 1.5; use a whole number from 0 to 12", 1)]
    [InlineData("""{"EURUSD": {"assetClass": "fish"}}""", "EURUSD.assetClass is \"fish\"; use ", 1)]
    [InlineData("""{"EURUSD": {"quoteCurrency": "usd"}}""", "EURUSD.quoteCurrency is \"usd\"; use 1 to 16 capital letters", 1)]
    [InlineData("""{"EURUSD": {"isInverse": 1}}""", "EURUSD.isInverse is 1; use true or false", 1)]
    [InlineData("""{"EURUSD": {"minQuantity": 0.015}}""", "EURUSD.minQuantity is 0.015; use a multiple of its lotStep 0.01", 1)]
    [InlineData("""{"EURUSD": {"maxQuantity": 0.001}}""", "EURUSD.maxQuantity is 0.001; use at least its minQuantity 0.01", 1)]
    [InlineData("""{"EUR USD": {}}""", "EUR USD is {}; use a symbol of 1 to 32", 1)]
    [InlineData("""{"EURUSD": 1}""", "EURUSD is 1; use a symbol of 1 to 32", 1)]
    [InlineData("[]", "it is no JSON object", 1)]
    [InlineData("""{"A": {}, "A": {}}""", "it is not JSON of an object without repeated names", 1)]
    public void Error_names_field_value_and_fix(string json, string expected, int count)
    {
        var (catalog, errors) = Read(json);

        Assert.Null(catalog);
        Assert.Equal(count, errors.Length);
        Assert.StartsWith(expected, errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Symbols_are_bounded()
    {
        var many = "{" + string.Join(',', Enumerable.Range(0, InstrumentCatalog.MaxDeclared + 1).Select(i =>
            $"\"N{i}\": {{\"assetClass\": \"stocks\", \"quoteCurrency\": \"USD\", \"tickSize\": 1, \"lotStep\": 1}}")) + "}";

        Assert.StartsWith("N10000 is one too many", Assert.Single(Read(many).Errors), StringComparison.Ordinal);
    }

    private static (InstrumentCatalog? Catalog, System.Collections.Immutable.ImmutableArray<string> Errors) Read(string json) =>
        InstrumentFileReader.Read(Encoding.UTF8.GetBytes(json), InstrumentCatalog.Default);
}
