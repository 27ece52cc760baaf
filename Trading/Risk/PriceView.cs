using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Risk;

/// <summary>What is known of a symbol's price when a decision is made.</summary>
/// <param name="Bid">Best price to sell at; 0 when none is known.</param>
/// <param name="Ask">Best price to buy at; 0 when none is known.</param>
/// <param name="Time">When it became known.</param>
/// <param name="FeedInterval">How often the feed says it speaks; zero for quotes.</param>
/// <param name="AssetClass">Kind of asset the feed declares.</param>
public sealed record PriceView(
    decimal Bid, decimal Ask, DateTimeOffset Time, TimeSpan FeedInterval, AssetClass AssetClass)
{
    /// <summary>No price known.</summary>
    public static PriceView None { get; } = new(0m, 0m, DateTimeOffset.MinValue, TimeSpan.Zero, AssetClass.Unknown);

    /// <summary>Lowest middle of the last minute; 0 where only this price is known.</summary>
    public decimal WindowLow { get; init; }

    /// <summary>Highest middle of the last minute; 0 where only this price is known.</summary>
    public decimal WindowHigh { get; init; }

    /// <summary>Between bid and ask.</summary>
    public decimal Mid => (Bid + Ask) / 2m;

    /// <summary>True when there is a price.</summary>
    public bool IsKnown => Bid > 0m;

    /// <summary>True when there is no price, or it is older than <paramref name="maxAge"/> and one and a half intervals of its feed.</summary>
    public bool IsStale(TimeSpan maxAge, DateTimeOffset now)
    {
        var slowest = FeedInterval * 1.5;
        return !IsKnown || now - Time > (slowest > maxAge ? slowest : maxAge);
    }
}
