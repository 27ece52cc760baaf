using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Simulation;

/// <summary>At what price an order trades against a price event, if it does.</summary>
internal static class PaperPricing
{
    /// <summary>Price of the fill; null when the order does not trade.</summary>
    /// <param name="order">The order.</param>
    /// <param name="update">The price in force.</param>
    /// <param name="wasResting">
    /// True when the order was at work before the update: then all of a bar's range counts, else only its close.
    /// </param>
    /// <param name="instrument">The order's instrument.</param>
    /// <param name="slippageBps">How much worse a market or stop order trades.</param>
    internal static decimal? PriceOf(
        Order order, MarketUpdate update, bool wasResting, Instrument instrument, decimal slippageBps)
    {
        var isBuy = order.Side == Side.Buy;
        var now = update.Bar is not { } bar ? (isBuy ? update.Ask : update.Bid) : wasResting ? bar.Open : bar.Close;
        decimal Worse(decimal price) => Slipped(price, isBuy, instrument, slippageBps);

        return order.Type switch
        {
            OrderType.Market when update.Bar is { } range => order.Intent == OrderIntent.Close
                ? Math.Clamp(order.Price, range.Low, range.High)
                : Worse(range.Close),
            OrderType.Market => Worse(now),
            OrderType.Limit => Limit(isBuy, order.LimitPrice!.Value, now, update.Bar, wasResting),
            OrderType.Stop => Stop(isBuy, order.StopPrice!.Value, now, update.Bar, wasResting) is { } price ? Worse(price) : null,
            _ => throw new ArgumentOutOfRangeException(nameof(order), order.Type, "Not an order type."),
        };
    }

    private static decimal? Limit(bool isBuy, decimal limit, decimal now, Bar? bar, bool wasResting)
    {
        if (isBuy ? now <= limit : now >= limit)
        {
            // A resting order was there first and trades at its limit; a bar that opens beyond trades at its open.
            return wasResting && bar is null ? limit : now;
        }

        var touched = wasResting && bar is not null && (isBuy ? bar.Low <= limit : bar.High >= limit);
        return touched ? limit : null;
    }

    private static decimal? Stop(bool isBuy, decimal stop, decimal now, Bar? bar, bool wasResting)
    {
        if (isBuy ? now >= stop : now <= stop)
        {
            return now;
        }

        var touched = wasResting && bar is not null && (isBuy ? bar.High >= stop : bar.Low <= stop);
        return touched ? stop : null;
    }

    private static decimal Slipped(decimal price, bool isBuy, Instrument instrument, decimal slippageBps)
    {
        if (slippageBps == 0m)
        {
            return price;
        }

        var slip = price * slippageBps / 10_000m;
        return isBuy
            ? instrument.CeilingToTick(price + slip)
            : Math.Max(instrument.TickSize, instrument.FloorToTick(price - slip));
    }
}
