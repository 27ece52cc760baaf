using System.Collections.Frozen;

namespace TradingEngine.Trading.Market;

/// <summary>
/// The built-in tables of <see cref="InstrumentCatalog"/>. Contract sizes are those usual at MetaTrader brokers:
/// 100,000 units for currency pairs, 100 ounces of gold, 1,000 barrels, 1 for crypto, shares and index points.
/// </summary>
internal static class InstrumentTables
{
    internal const decimal ForexLot = 100_000m;

    /// <summary>
    /// Margin as a share of notional where no file says another: the least that European retail brokers may ask (ESMA decision
    /// 2018/796) for currency pairs, indices and commodities; all of it for what is bought with money alone.
    /// </summary>
    internal static decimal MarginOf(AssetClass assetClass) => assetClass switch
    {
        AssetClass.Forex => 1m / 30m,
        AssetClass.Indices => 0.05m,
        AssetClass.Energy => 0.10m,
        AssetClass.Unknown or AssetClass.Crypto or AssetClass.CryptoCross or AssetClass.Stocks => 1m,
        _ => throw new ArgumentOutOfRangeException(nameof(assetClass), assetClass, "Not an asset class."),
    };

    /// <summary>Currencies of states, three letters each.</summary>
    internal static readonly FrozenSet<string> Fiat = FrozenSet.Create(
        "USD", "EUR", "GBP", "JPY", "CHF", "AUD", "NZD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY",
        "ZAR", "MXN", "BRL", "SGD", "HKD", "CNH", "CNY", "INR", "KRW", "THB", "ILS", "RUB");

    /// <summary>Currencies a unit of which is worth so little that two decimals fewer are quoted.</summary>
    internal static readonly FrozenSet<string> LowValueFiat = FrozenSet.Create("JPY", "HUF", "INR", "KRW", "THB", "RUB");

    /// <summary>Tokens that follow a currency: a pair against them is priced like one against the currency.</summary>
    internal static readonly FrozenSet<string> Stable = FrozenSet.Create("USDT", "USDC", "BUSD", "TUSD", "FDUSD", "DAI");

    /// <summary>Crypto currencies with the decimals of their price in a currency or stable token.</summary>
    internal static readonly FrozenDictionary<string, int> CryptoDecimals = new Dictionary<string, int>
    {
        ["BTC"] = 2, ["ETH"] = 2, ["LTC"] = 2, ["SOL"] = 2, ["BNB"] = 2, ["BCH"] = 2, ["ETC"] = 2, ["XMR"] = 2,
        ["DASH"] = 2, ["ZEC"] = 2, ["AAVE"] = 2, ["AVAX"] = 2, ["MKR"] = 2, ["DOT"] = 3, ["LINK"] = 3, ["UNI"] = 3,
        ["ATOM"] = 3, ["FIL"] = 3, ["APT"] = 3, ["NEAR"] = 3, ["XTZ"] = 3, ["TON"] = 3, ["XRP"] = 4, ["ADA"] = 4,
        ["MATIC"] = 4, ["POL"] = 4, ["ALGO"] = 4, ["ARB"] = 4, ["OP"] = 4, ["SUI"] = 4, ["EOS"] = 4, ["DOGE"] = 5,
        ["TRX"] = 5, ["XLM"] = 5, ["SHIB"] = 8, ["PEPE"] = 10,
    }.ToFrozenDictionary();

    /// <summary>Metals, which trade and pause like currency pairs, with contract size and decimals.</summary>
    internal static readonly FrozenDictionary<string, (decimal Contract, int Decimals)> Metals =
        new Dictionary<string, (decimal, int)>
        {
            ["XAU"] = (100m, 2), ["XAG"] = (5_000m, 3), ["XPT"] = (100m, 2), ["XPD"] = (100m, 2),
        }.ToFrozenDictionary();

    /// <summary>Indices, with the currency of a point and the decimals.</summary>
    internal static readonly FrozenDictionary<string, (string Quote, int Decimals)> Indices =
        new Dictionary<string, (string, int)>
        {
            ["US30"] = ("USD", 1), ["US500"] = ("USD", 2), ["NAS100"] = ("USD", 1), ["US2000"] = ("USD", 2),
            ["GER40"] = ("EUR", 1), ["UK100"] = ("GBP", 1), ["FRA40"] = ("EUR", 1), ["EU50"] = ("EUR", 1),
            ["ESP35"] = ("EUR", 1), ["SWI20"] = ("CHF", 1), ["JP225"] = ("JPY", 0), ["AUS200"] = ("AUD", 1),
            ["HK50"] = ("HKD", 1),
        }.ToFrozenDictionary();

    /// <summary>Energies, all in USD, with units per lot and decimals.</summary>
    internal static readonly FrozenDictionary<string, (decimal Contract, int Decimals)> Energies =
        new Dictionary<string, (decimal, int)>
        {
            ["USOIL"] = (1_000m, 2), ["UKOIL"] = (1_000m, 2), ["NGAS"] = (10_000m, 3),
        }.ToFrozenDictionary();

    /// <summary>Shares quoted in USD.</summary>
    internal static readonly FrozenSet<string> Stocks = FrozenSet.Create(
        "AAPL", "MSFT", "TSLA", "AMZN", "NVDA", "GOOG", "GOOGL", "META", "NFLX", "AMD", "INTC", "JPM", "BAC", "GS", "V",
        "MA", "DIS", "KO", "PEP", "WMT", "XOM", "CVX", "PFE", "JNJ", "UNH", "HD", "BA", "CAT", "IBM", "ORCL", "CRM",
        "ADBE", "CSCO", "QCOM", "AVGO", "PYPL", "UBER", "COIN", "BABA", "NKE", "MCD", "T", "BRK.A", "BRK.B", "SPY", "QQQ");

    /// <summary>Other names of the above, as brokers write them.</summary>
    internal static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["DJ30"] = "US30", ["WS30"] = "US30", ["DJI"] = "US30", ["DJIA"] = "US30",
        ["SPX500"] = "US500", ["SP500"] = "US500", ["SPX"] = "US500", ["USA500"] = "US500",
        ["US100"] = "NAS100", ["USTEC"] = "NAS100", ["NDX"] = "NAS100", ["NDX100"] = "NAS100", ["USTECH"] = "NAS100",
        ["DE40"] = "GER40", ["DAX40"] = "GER40", ["DAX"] = "GER40", ["GER30"] = "GER40", ["DE30"] = "GER40",
        ["FTSE100"] = "UK100", ["CAC40"] = "FRA40", ["STOXX50"] = "EU50", ["EUSTX50"] = "EU50",
        ["JPN225"] = "JP225", ["NIKKEI225"] = "JP225", ["RUSSELL2000"] = "US2000",
        ["WTI"] = "USOIL", ["XTIUSD"] = "USOIL", ["WTIUSD"] = "USOIL", ["CRUDEOIL"] = "USOIL", ["USCRUDE"] = "USOIL",
        ["BRENT"] = "UKOIL", ["XBRUSD"] = "UKOIL", ["BRENTUSD"] = "UKOIL", ["UKCRUDE"] = "UKOIL",
        ["NATGAS"] = "NGAS", ["XNGUSD"] = "NGAS", ["GOLD"] = "XAUUSD", ["SILVER"] = "XAGUSD",
    }.ToFrozenDictionary();

    /// <summary>Account-type words that brokers append; single and double letters are taken besides.</summary>
    internal static readonly FrozenSet<string> SuffixWords = FrozenSet.Create(
        "pro", "raw", "ecn", "std", "stp", "micro", "mini", "cash", "prime", "vip", "zero", "spot", "cent");
}
