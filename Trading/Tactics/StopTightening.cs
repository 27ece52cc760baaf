using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Tactics;

/// <summary>Moves a stop nearer to the price. Pure.</summary>
public static class StopTightening
{
    /// <summary>
    /// The stop with a share of its distance to the price taken away, where the position could be left: for a long one the bid, for a
    /// short one the ask. Null without a stop, without a quantity, or where the price has passed the stop.
    /// </summary>
    /// <param name="entry">The position.</param>
    /// <param name="bid">Bid, positive.</param>
    /// <param name="ask">Ask, positive.</param>
    /// <param name="share">Above 0, below 1.</param>
    /// <param name="decimals">Decimals of a price; rounded away from the price, so that no rounding closes what was to be kept.</param>
    public static decimal? LevelOf(PositionIndexEntry entry, decimal bid, decimal ask, decimal share, int decimals)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.StopLoss is not { } stop || entry.Quantity == 0m)
        {
            return null;
        }

        var isLong = entry.Quantity > 0m;
        var price = isLong ? bid : ask;
        var distance = isLong ? price - stop : stop - price;
        if (distance <= 0m)
        {
            return null;
        }

        var level = isLong
            ? decimal.Round(stop + (share * distance), decimals, MidpointRounding.ToNegativeInfinity)
            : decimal.Round(stop - (share * distance), decimals, MidpointRounding.ToPositiveInfinity);
        return isLong ? level > stop ? level : null : level < stop ? level : null;
    }
}
