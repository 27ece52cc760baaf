using System.Collections.Immutable;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Strategies;

/// <summary>Turns a valid signal into what is to be done, given the price and what is open already.</summary>
public static partial class SignalPlanner
{
    /// <summary>Plans a signal.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="positionId">Id of the position it would open.</param>
    /// <param name="mode">What it does to positions that are open.</param>
    /// <param name="open">Positions of the same account, strategy and symbol that are not over, oldest first.</param>
    /// <param name="instrumentOf">Finds an instrument; null when not known.</param>
    /// <param name="priceOf">Finds the last price.</param>
    /// <param name="tierOne">How groups and quotes are handled; null for the defaults.</param>
    public static SignalPlan Plan(
        Signal signal,
        string positionId,
        PositionMode mode,
        IReadOnlyList<PositionIndexEntry> open,
        Func<string, Instrument?> instrumentOf,
        Func<string, PriceView> priceOf,
        TierOneTerms? tierOne = null)
    {
        tierOne ??= TierOneTerms.Default;
        switch (signal.Action)
        {
            case SignalAction.Hold:
                return new SignalPlan();
            case SignalAction.Close:
                return Close(signal, open, priceOf);
            case SignalAction.Arbitrage:
                return Group(signal, positionId, tierOne, instrumentOf, priceOf);
            case SignalAction.MarketMaking:
                return Quotes(signal, positionId, tierOne, open, instrumentOf, priceOf);
            case SignalAction.Buy or SignalAction.Sell:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(signal), signal.Action, "Not a signal action.");
        }

        if (instrumentOf(signal.Symbol) is not { } instrument)
        {
            return SignalPlan.Refuse(RejectReason.UnknownSymbol);
        }

        var side = signal.Action == SignalAction.Buy ? Side.Buy : Side.Sell;
        if ((LevelOf(signal) ?? signal.EntryPrice ?? PriceFor(side, priceOf(signal.Symbol))) is not { } price)
        {
            return SignalPlan.Refuse(RejectReason.NoPrice);
        }

        if (IsOnWrongSide(side, price, signal.StopLoss, signal.TakeProfit))
        {
            return SignalPlan.Refuse(RejectReason.WrongSide);
        }

        if (Contributions.Notional(Terms(instrument), signal.Quantity, price) > Contributions.MaxNotional)
        {
            return SignalPlan.Refuse(RejectReason.InvalidField);
        }

        return mode switch
        {
            PositionMode.Hedge => OpenOne(signal, positionId, instrument, side, signal.Quantity, price),
            PositionMode.Net => Net(signal, positionId, instrument, side, price, open, priceOf(signal.Symbol)),
            PositionMode.Reverse => Reverse(signal, positionId, instrument, side, price, open),
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a position mode."),
        };
    }

    private static SignalPlan Close(
        Signal signal, IReadOnlyList<PositionIndexEntry> open, Func<string, PriceView> priceOf)
    {
        var price = priceOf(signal.Symbol);
        var changes = open
            .Where(entry => signal.PositionId is null || entry.Id == signal.PositionId)
            .Select(entry => new PlannedChange(entry.Id, ChangeKind.Close, Math.Abs(entry.Quantity), ExitPrice(entry, price)))
            .ToImmutableArray();
        return changes.IsEmpty ? SignalPlan.Refuse(RejectReason.NothingToClose) : new SignalPlan { Changes = changes };
    }

    private static SignalPlan Net(
        Signal signal, string positionId, Instrument instrument, Side side, decimal price,
        IReadOnlyList<PositionIndexEntry> open, PriceView market)
    {
        var current = open.LastOrDefault(entry => entry.Phase is PositionPhase.Open or PositionPhase.Opening);
        if (current is null)
        {
            return OpenOne(signal, positionId, instrument, side, signal.Quantity, price);
        }

        var held = Math.Abs(current.Quantity);
        if (current.Side == side)
        {
            var added = Contributions.Notional(Terms(instrument), signal.Quantity, price);
            return new SignalPlan
            {
                Changes = [new PlannedChange(current.Id, ChangeKind.Add, signal.Quantity, price, Type: signal.OrderType)],
                BuyNotional = side == Side.Buy ? added : 0m,
                SellNotional = side == Side.Sell ? added : 0m,
            };
        }

        if (!IsReached(signal, side, price, market))
        {
            // What is held is left at the market, which is not where this order may trade.
            return SignalPlan.Refuse(RejectReason.InvalidField);
        }

        if (signal.Quantity < held)
        {
            return new SignalPlan
            {
                Changes = [new PlannedChange(current.Id, ChangeKind.Reduce, signal.Quantity, price)],
            };
        }

        var close = new PlannedChange(current.Id, ChangeKind.Close, held, price);
        return signal.Quantity == held
            ? new SignalPlan { Changes = [close] }
            : OpenOne(signal, positionId, instrument, side, signal.Quantity - held, price) with { Changes = [close] };
    }

    private static SignalPlan Reverse(
        Signal signal, string positionId, Instrument instrument, Side side, decimal price,
        IReadOnlyList<PositionIndexEntry> open)
    {
        var live = open.Where(entry => entry.Phase is PositionPhase.Open or PositionPhase.Opening).ToList();
        if (live.Any(entry => entry.Side == side))
        {
            return new SignalPlan();
        }

        return OpenOne(signal, positionId, instrument, side, signal.Quantity, price) with
        {
            Changes = [.. live.Select(entry =>
                new PlannedChange(entry.Id, ChangeKind.Close, Math.Abs(entry.Quantity), price))],
        };
    }

    private static SignalPlan OpenOne(
        Signal signal, string positionId, Instrument instrument, Side side, decimal quantity, decimal price)
    {
        var terms = Terms(instrument);
        var notional = Contributions.Notional(terms, quantity, price);
        return new SignalPlan
        {
            Open = new OpenPosition(
                positionId,
                signal,
                [new PositionLeg(signal.Symbol, terms, new LegLedger())],
                [new PlannedOrder(0, side, quantity, price, signal.OrderType, OrderIntent.Open, TimeInForce: signal.TimeInForce)],
                ExitPlans.Of(signal)),
            BuyNotional = side == Side.Buy ? notional : 0m,
            SellNotional = side == Side.Sell ? notional : 0m,
        };
    }

    /// <summary>The price that a limit or stop order names.</summary>
    private static decimal? LevelOf(Signal signal) => signal.OrderType switch
    {
        OrderType.Limit => signal.LimitPrice,
        OrderType.Stop => signal.StopPrice,
        OrderType.Market => null,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal.OrderType, "Not an order type."),
    };

    /// <summary>True when an order may trade at the market now.</summary>
    private static bool IsReached(Signal signal, Side side, decimal level, PriceView market) => signal.OrderType switch
    {
        OrderType.Market => true,
        OrderType.Limit => PriceFor(side, market) is { } price && (side == Side.Buy ? price <= level : price >= level),
        OrderType.Stop => PriceFor(side, market) is { } price && (side == Side.Buy ? price >= level : price <= level),
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal.OrderType, "Not an order type."),
    };

    private static ContractTerms Terms(Instrument instrument) => ContractTerms.Of(instrument);

    private static decimal? PriceFor(Side side, PriceView price) =>
        !price.IsKnown ? null : side == Side.Buy ? price.Ask : price.Bid;

    private static decimal? ExitPrice(PositionIndexEntry entry, PriceView price) =>
        PriceFor(entry.Quantity >= 0m ? Side.Sell : Side.Buy, price);

    private static bool IsOnWrongSide(Side side, decimal price, decimal? stop, decimal? target) => side == Side.Buy
        ? stop >= price || target <= price
        : stop <= price || target >= price;
}
