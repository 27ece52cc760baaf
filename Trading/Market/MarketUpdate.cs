namespace TradingEngine.Trading.Market;

/// <summary>Kind of asset; decides sessions and contract defaults.</summary>
public enum AssetClass
{
    /// <summary>Not known: never traded.</summary>
    Unknown = 0,

    /// <summary>Crypto currency against a fiat or stable currency.</summary>
    Crypto = 1,

    /// <summary>Crypto currency against another.</summary>
    CryptoCross = 2,

    /// <summary>Currency pair.</summary>
    Forex = 3,

    /// <summary>Stock index.</summary>
    Indices = 4,

    /// <summary>Share.</summary>
    Stocks = 5,

    /// <summary>Energy commodity.</summary>
    Energy = 6,
}

/// <summary>One price event of a symbol: a quote, or a finished bar.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="AssetClass">Kind of asset as the feed says it; <see cref="AssetClass.Unknown"/> when it does not.</param>
/// <param name="Time">When it became known, UTC: a quote's own time, a bar's end.</param>
/// <param name="Bid">Best price at which one can sell; positive. A bar without a quote has its close here.</param>
/// <param name="Ask">Best price at which one can buy; at least <paramref name="Bid"/>.</param>
/// <param name="Bar">The bar, or null for a quote.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="IsHistory">True for a price of the past that only warms indicators: nothing trades on it.</param>
public sealed record MarketUpdate(
    string Symbol,
    AssetClass AssetClass,
    DateTimeOffset Time,
    decimal Bid,
    decimal Ask,
    Bar? Bar,
    string Source,
    bool IsHistory = false)
{
    /// <summary>Middle of bid and ask.</summary>
    public decimal Mid => (Bid + Ask) / 2m;
}

/// <summary>Prices over an interval.</summary>
/// <param name="Open">First price.</param>
/// <param name="High">Highest price.</param>
/// <param name="Low">Lowest price.</param>
/// <param name="Close">Last price.</param>
/// <param name="Volume">Units of the base asset; 0 when not known.</param>
/// <param name="Interval">Length of the bar.</param>
public sealed record Bar(decimal Open, decimal High, decimal Low, decimal Close, decimal Volume, TimeSpan Interval);
