using System.Collections.Immutable;
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
            var worth = WorthOf(entry, order, rateOf);
            buys += order.Side == Side.Buy ? worth : 0m;
            sells += order.Side == Side.Sell ? worth : 0m;
            // Steps of a leg in another instrument are its own: those are the venue's to refuse.
            isOnStep &= order.Leg > 0 || IsOnStep(entry.Instrument, order.Quantity, order.Type == OrderType.Market ? null : order.Price);
        }

        var whole = new RiskOrder
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
        return HasFurther(entry)
            ? PartOf(entry, whole, entry.Orders.Where(order => SymbolOf(entry, order) == signal.Symbol), rateOf) with { Margin = MarginOf(entry, rateOf) }
            : whole;
    }

    /// <summary>
    /// What an entry trades in each instrument beside its first, which has limits, price and exposure of its own. Empty for most.
    /// </summary>
    /// <param name="entry">What a strategy asks for.</param>
    /// <param name="whole">The order of the entry (<see cref="Of"/>), whose totals each of them keeps.</param>
    /// <param name="rateOf">Units of the account's currency for one of another; null where there is none.</param>
    public static ImmutableArray<RiskOrder> FurtherLegsOf(EntryRequest entry, in RiskOrder whole, Func<string?, decimal?> rateOf)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(rateOf);
        if (!HasFurther(entry))
        {
            return [];
        }

        var totals = whole;
        return
        [
            .. entry.Orders.GroupBy(order => SymbolOf(entry, order), StringComparer.Ordinal)
                .Where(orders => orders.Key != entry.Signal.Symbol)
                .Select(orders => PartOf(entry, totals, orders, rateOf) with
                {
                    Symbol = orders.Key,
                    Side = orders.First().Side,
                    Price = orders.First().Price,
                    IsPriced = orders.Any(order => order.Type != OrderType.Market),
                }),
        ];
    }

    private static bool HasFurther(EntryRequest entry)
    {
        foreach (var order in entry.Orders)
        {
            if (SymbolOf(entry, order) != entry.Signal.Symbol)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An entry with the lots and the notional of some of its orders, which are of one instrument.</summary>
    private static RiskOrder PartOf(EntryRequest entry, in RiskOrder whole, IEnumerable<PlannedOrder> orders, Func<string?, decimal?> rateOf)
    {
        decimal? buys = 0m, sells = 0m;
        decimal quantity = 0m, ownBuys = 0m, ownSells = 0m;
        foreach (var order in orders)
        {
            quantity = Math.Max(quantity, order.Quantity);
            var own = OwnOf(entry, order) ?? 0m;
            var worth = WorthOf(entry, order, rateOf);
            (buys, ownBuys) = order.Side == Side.Buy ? (buys + worth, ownBuys + own) : (buys, ownBuys);
            (sells, ownSells) = order.Side == Side.Sell ? (sells + worth, ownSells + own) : (sells, ownSells);
        }

        return whole with { Quantity = quantity, SymbolBuys = buys, SymbolSells = sells, OwnNotional = Math.Max(ownBuys, ownSells) };
    }

    /// <summary>Margin by the rate of each order's instrument; of one that is not known all is bound.</summary>
    private static decimal? MarginOf(EntryRequest entry, Func<string?, decimal?> rateOf)
    {
        decimal? margin = 0m;
        foreach (var order in entry.Orders)
        {
            var symbol = SymbolOf(entry, order);
            var instrument = symbol == entry.Signal.Symbol
                ? entry.Instrument
                : entry.Markets.FirstOrDefault(market => market.Symbol == symbol)?.Instrument;
            margin += WorthOf(entry, order, rateOf) * (instrument?.MarginRate ?? 1m);
        }

        return margin;
    }

    private static string SymbolOf(EntryRequest entry, PlannedOrder order) =>
        order.Leg < entry.Legs.Length ? entry.Legs[order.Leg].Symbol : entry.Signal.Symbol;

    /// <summary>Notional in the instrument's own currency; null where its terms are not known.</summary>
    private static decimal? OwnOf(EntryRequest entry, PlannedOrder order) =>
        TermsOf(entry, order.Leg) is { } terms ? Contributions.Notional(terms, order.Quantity, order.Price) : null;

    private static decimal? WorthOf(EntryRequest entry, PlannedOrder order, Func<string?, decimal?> rateOf) =>
        OwnOf(entry, order) * rateOf(TermsOf(entry, order.Leg)?.SettlementCurrency);

    private static ContractTerms? TermsOf(EntryRequest entry, int leg) =>
        leg < entry.Legs.Length ? entry.Legs[leg].Terms
        : entry.Instrument is { } instrument ? ContractTerms.Of(instrument)
        : null;

    private static bool IsOnStep(Instrument? instrument, decimal quantity, decimal? level) =>
        instrument is null || (instrument.IsOnStep(quantity) && (level is not { } price || instrument.IsOnTick(price)));
}
