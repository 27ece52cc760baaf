using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Risk;

/// <summary>Makes what is judged of what is asked.</summary>
public static class RiskOrders
{
    /// <summary>The order of an entry.</summary>
    /// <param name="entry">What a strategy asks for.</param>
    /// <param name="rateOf">Units of the account's currency for one of another; null where there is none.</param>
    public static RiskOrder Of(EntryRequest entry, Func<string?, decimal?> rateOf)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(rateOf);
        decimal? buys = 0m, sells = 0m;
        var signal = entry.Signal;
        decimal largest = 0m, sum = 0m, price = 0m;
        var side = signal.Action == SignalAction.Sell ? Side.Sell : Side.Buy;
        bool isPriced = false, isOnStep = true;
        foreach (var order in entry.Orders)
        {
            (side, price) = price == 0m ? (order.Side, order.Price) : (side, price);
            largest = Math.Max(largest, order.Quantity);
            sum += order.Quantity;
            isPriced |= order.Type != OrderType.Market;
            var terms = TermsOf(entry, order.Leg);
            var worth = terms is null ? null
                : Contributions.Notional(terms, order.Quantity, order.Price) * rateOf(terms.SettlementCurrency);
            buys += order.Side == Side.Buy ? worth : 0m;
            sells += order.Side == Side.Sell ? worth : 0m;
            // Steps of a leg in another instrument are its own: those are the venue's to refuse.
            isOnStep &= order.Leg > 0 || IsOnStep(entry.Instrument, order.Quantity, order.Type == OrderType.Market ? null : order.Price);
        }

        return new RiskOrder
        {
            Class = OrderClass.Entry,
            Strategy = signal.Strategy,
            Symbol = signal.Symbol,
            Tier = signal.Tier,
            Side = side,
            Quantity = largest,
            Price = price,
            IsPriced = isPriced,
            IsOnStep = isOnStep,
            Orders = Math.Max(1, entry.Orders.Length),
            OpensPosition = entry.OpensPosition,
            IsHedged = entry.Orders.Length > 1,
            IsQuote = signal.Action == SignalAction.MarketMaking,
            SignalTime = signal.Time,
            Confidence = signal.Confidence,
            StopLoss = entry.StopLoss,
            BuyNotional = buys,
            SellNotional = sells,
            OwnNotional = Math.Max(entry.BuyNotional, entry.SellNotional),
            ParentQuantity = entry.ParentQuantity,
            ChildQuantity = sum,
        };
    }

    private static ContractTerms? TermsOf(EntryRequest entry, int leg) =>
        leg < entry.Legs.Length ? entry.Legs[leg].Terms
        : entry.Instrument is { } instrument ? ContractTerms.Of(instrument)
        : null;

    private static bool IsOnStep(Instrument? instrument, decimal quantity, decimal? level) =>
        instrument is null || (instrument.IsOnStep(quantity) && (level is not { } price || instrument.IsOnTick(price)));
}
