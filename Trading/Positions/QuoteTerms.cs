using System.Collections.Immutable;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

/// <summary>The quotes a signal asks for, before inventory is looked at.</summary>
/// <param name="Orders">Bid and ask.</param>
/// <param name="Terms">How they are quoted.</param>
public sealed record QuotePlan(ImmutableArray<PlannedOrder> Orders, QuoteTerms Terms);

/// <summary>How a market-making position quotes.</summary>
/// <param name="MaxAge">A quote older than this is cancelled; positive.</param>
/// <param name="MaxInventory">Most lots held, long or short; positive.</param>
/// <param name="SkewBps">
/// Basis points of the mid price by which both quotes are moved at full inventory: down when long, up when short. 0 moves nothing.
/// </param>
/// <param name="TickSize">Step of prices; 0 rounds nothing.</param>
public sealed record QuoteTerms(TimeSpan MaxAge, decimal MaxInventory, decimal SkewBps, decimal TickSize)
{
    /// <summary>
    /// The price to quote: <c>price − SkewBps / 10,000 · mid · inventory / MaxInventory</c>, the last quotient within ±1, a
    /// moved bid rounded down and a moved ask up to a tick. Null where the fill would take the inventory beyond its limit.
    /// </summary>
    /// <param name="side">Side of the quote.</param>
    /// <param name="quantity">Its lots.</param>
    /// <param name="price">Price the signal asks for.</param>
    /// <param name="mid">Middle of the signal's bid and ask.</param>
    /// <param name="inventory">Signed lots held: positive long.</param>
    public decimal? PriceOf(Side side, decimal quantity, decimal price, decimal mid, decimal inventory)
    {
        var after = Math.Abs(inventory + (side == Side.Buy ? quantity : -quantity));
        if (after > MaxInventory && after > Math.Abs(inventory))
        {
            return null;
        }

        var shift = SkewBps / 10_000m * mid * Math.Clamp(inventory / MaxInventory, -1m, 1m);
        if (shift == 0m)
        {
            return price;
        }

        var moved = price - shift;
        if (TickSize > 0m)
        {
            var ticks = moved / TickSize;
            moved = (side == Side.Buy ? Math.Floor(ticks) : Math.Ceiling(ticks)) * TickSize;
        }

        return moved > 0m ? moved : price;
    }
}
