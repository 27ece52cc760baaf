using System.Collections.Immutable;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Strategies;

public static partial class SignalPlanner
{
    private static SignalPlan Group(
        Signal signal, string positionId, TierOneTerms terms,
        Func<string, Instrument?> instrumentOf, Func<string, PriceView> priceOf)
    {
        var legs = ReadLegs(signal, OrderType.Market, OrderIntent.ArbitrageLeg, instrumentOf, priceOf);
        return legs.Reject != RejectReason.None ? SignalPlan.Refuse(legs.Reject) : new SignalPlan
        {
            Open = new OpenPosition(
                positionId, signal, legs.Legs, legs.Orders, ExitPlans.Of(signal))
            {
                GroupTimeout = terms.GroupTimeout,
            },
            BuyNotional = legs.Bought,
            SellNotional = legs.Sold,
        };
    }

    /// <summary>One position quotes for an account, strategy and symbol: a signal opens it or replaces what it quotes.</summary>
    private static SignalPlan Quotes(
        Signal signal, string positionId, TierOneTerms terms, IReadOnlyList<PositionIndexEntry> open,
        Func<string, Instrument?> instrumentOf, Func<string, PriceView> priceOf)
    {
        var legs = ReadLegs(signal, OrderType.Limit, OrderIntent.Quote, instrumentOf, priceOf);
        if (legs.Reject != RejectReason.None)
        {
            return SignalPlan.Refuse(legs.Reject);
        }

        var quantity = legs.Orders.Max(order => order.Quantity);
        var quoting = terms.Quotes(
            quantity, legs.Orders.Average(order => order.Price), legs.Legs[0].Terms.ContractSize,
            instrumentOf(signal.Symbol)!.TickSize);
        if (quantity > quoting.MaxInventory)
        {
            return SignalPlan.Refuse(RejectReason.PositionLimit);
        }

        var plan = new SignalPlan { BuyNotional = legs.Bought, SellNotional = legs.Sold };
        var current = open.LastOrDefault(entry => entry.Kind == StrategyKind.MarketMaking);
        return current?.Phase switch
        {
            null => plan with
            {
                // A stop on one side's terms means nothing to an inventory that changes sides.
                Open = new OpenPosition(positionId, signal, legs.Legs, legs.Orders, ExitPlan.None) { Quoting = quoting },
            },
            PositionPhase.Opening or PositionPhase.Open => plan with
            {
                Changes =
                [
                    new PlannedChange(current.Id, ChangeKind.Quote, quantity, null, new QuotePlan(legs.Orders, quoting)),
                ],
            },
            _ => SignalPlan.Refuse(RejectReason.ReduceOnlyIncreases),
        };
    }

    /// <summary>Orders for the signal's legs; those of one symbol trade one netted leg of the position.</summary>
    private static LegsRead ReadLegs(
        Signal signal, OrderType type, OrderIntent intent,
        Func<string, Instrument?> instrumentOf, Func<string, PriceView> priceOf)
    {
        var legs = ImmutableArray.CreateBuilder<PositionLeg>();
        var orders = ImmutableArray.CreateBuilder<PlannedOrder>();
        decimal bought = 0m, sold = 0m;
        foreach (var leg in signal.Legs)
        {
            if (instrumentOf(leg.Symbol) is not { } instrument)
            {
                return new(RejectReason.UnknownSymbol, [], [], 0m, 0m);
            }

            if ((leg.Price ?? PriceFor(leg.Side, priceOf(leg.Symbol))) is not { } price)
            {
                return new(RejectReason.NoPrice, [], [], 0m, 0m);
            }

            var terms = Terms(instrument);
            var notional = Contributions.Notional(terms, leg.Quantity, price);
            if (notional > Contributions.MaxNotional)
            {
                return new(RejectReason.InvalidField, [], [], 0m, 0m);
            }

            var index = legs.Select(known => known.Symbol).ToList().IndexOf(leg.Symbol);
            if (index < 0)
            {
                index = legs.Count;
                legs.Add(new PositionLeg(leg.Symbol, terms, new LegLedger()));
            }

            orders.Add(new PlannedOrder(
                index, leg.Side, leg.Quantity, price, type, intent, leg.Venue, signal.TimeInForce));
            bought += leg.Side == Side.Buy ? notional : 0m;
            sold += leg.Side == Side.Sell ? notional : 0m;
        }

        return new(RejectReason.None, legs.ToImmutable(), orders.ToImmutable(), bought, sold);
    }

    private sealed record LegsRead(
        RejectReason Reject, ImmutableArray<PositionLeg> Legs, ImmutableArray<PlannedOrder> Orders, decimal Bought, decimal Sold);
}
