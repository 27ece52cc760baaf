using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Positions;

/// <summary>
/// The life of a position as pure functions of its state, what happens and the time: opening → open → closing → closed, or
/// rejected. What is held and what is working decides the phase; no step depends on the order in which reports arrive.
/// </summary>
public static partial class PositionLifecycle
{
    private static readonly TimeSpan ShortestRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(60);

    /// <summary>Creates a position with its opening orders.</summary>
    public static Transition Open(OpenPosition command, DateTimeOffset now)
    {
        var signal = command.Signal;
        var state = new PositionState
        {
            Id = command.PositionId,
            Account = signal.Account,
            Strategy = signal.Strategy,
            Kind = signal.Kind,
            Tier = signal.Tier,
            SignalId = signal.Id,
            Side = command.Orders[0].Side,
            Phase = PositionPhase.Opening,
            Legs = command.Legs,
            Exits = command.Exits,
            Quoting = command.Quoting,
            GroupDeadline = command.Orders.Length > 1 ? now + command.GroupTimeout : null,
            CreatedAt = now,
            CounterForm = Portfolio.Contributions.NewestForm,
        };
        var step = new Step(state, now);
        var group = command.Orders.Length > 1 ? command.PositionId : null;
        for (var i = 0; i < command.Orders.Length; i++)
        {
            var planned = command.Orders[i];
            step.Send(new Order
            {
                OrderId = ClientOrderId.ForOrder(command.PositionId, signal.Id, i, planned.Intent, attempt: 1),
                SignalId = signal.Id,
                PositionId = command.PositionId,
                Account = signal.Account,
                Strategy = signal.Strategy,
                Intent = planned.Intent,
                Side = planned.Side,
                Symbol = command.Legs[planned.Leg].Symbol,
                Quantity = planned.Quantity,
                Price = planned.Price,
                Time = now,
                Type = planned.Type,
                LimitPrice = planned.Type == OrderType.Limit ? planned.Price : null,
                StopPrice = planned.Type == OrderType.Stop ? planned.Price : null,
                TimeInForce = planned.TimeInForce,
                StopLoss = command.Exits.StopLoss,
                TakeProfit = command.Exits.TakeProfit,
                GroupId = group,
                Venue = planned.Venue,
                Leg = planned.Leg,
                Risk = command.Risk,
                TraceParent = signal.TraceParent,
            });
        }

        var first = command.Orders[0];
        step.Say(FactKind.PositionOpening, quantity: first.Quantity, price: first.Price);
        return step.Finish();
    }

    /// <summary>A position that was refused before anything was sent: it remembers the refusal, so a repetition repeats it.</summary>
    public static Transition Refuse(string positionId, Signals.Signal signal, RejectReason reason, DateTimeOffset now)
    {
        var state = new PositionState
        {
            Id = positionId,
            Account = signal.Account,
            Strategy = signal.Strategy,
            Kind = signal.Kind,
            Tier = signal.Tier,
            SignalId = signal.Id,
            Side = signal.Action == Signals.SignalAction.Sell ? Side.Sell : Side.Buy,
            Phase = PositionPhase.Rejected,
            Legs = [new PositionLeg(signal.Symbol, new ContractTerms(), new LegLedger())],
            CreatedAt = now,
            CounterForm = Portfolio.Contributions.NewestForm,
            ClosedAt = now,
            Reject = reason,
        };
        var step = new Step(state, now);
        step.Say(FactKind.SignalRejected, quantity: signal.Quantity, reason: reason.Code());
        return step.Finish();
    }

    /// <summary>
    /// Adds a same-side order to an open position (position mode <c>net</c>), once for a signal. A position that is being
    /// left meanwhile takes no more risk: the signal is refused.
    /// </summary>
    /// <param name="state">The position.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="price">Expected price, or the level of a limit or stop order.</param>
    /// <param name="now">The time.</param>
    /// <param name="risk">The risk decision it carries.</param>
    public static Transition Add(
        PositionState state, Signals.Signal signal, decimal price, DateTimeOffset now, string? risk = null)
    {
        var step = new Step(state, now);
        var id = ClientOrderId.ForOrder(state.Id, signal.Id, 0, OrderIntent.Open, 1);
        if (state.Orders.Any(order => order.Order.OrderId == id))
        {
            return step.Finish();
        }

        if (state.Phase is not (PositionPhase.Opening or PositionPhase.Open))
        {
            step.Say(FactKind.SignalRejected, quantity: signal.Quantity, price: price,
                reason: RejectReason.ReduceOnlyIncreases.Code());
            return step.Finish();
        }

        step.Send(step.Template(0, OrderIntent.Open, state.Side, signal.Quantity, price) with
        {
            OrderId = id,
            SignalId = signal.Id,
            Type = signal.OrderType,
            LimitPrice = signal.OrderType == OrderType.Limit ? price : null,
            StopPrice = signal.OrderType == OrderType.Stop ? price : null,
            TimeInForce = signal.TimeInForce,
            Risk = risk,
            StopLoss = state.Exits.StopLoss,
            TakeProfit = state.Exits.TakeProfit,
        });
        return step.Finish();
    }

    /// <summary>Decides to leave the position. Asked again while it is closing, or when it is over, it does nothing.</summary>
    /// <param name="state">The position.</param>
    /// <param name="reason">Why: <c>stop_loss</c>, <c>take_profit</c>, <c>signal</c>, <c>command</c> …</param>
    /// <param name="price">Expected price; null takes the average open price as reference.</param>
    /// <param name="now">The time.</param>
    public static Transition Close(PositionState state, string reason, decimal? price, DateTimeOffset now)
    {
        var step = new Step(state, now);
        if (state.Phase is PositionPhase.Closing || state.IsFinal)
        {
            return step.Finish();
        }

        step.Leave(reason, price);
        step.Settle();
        return step.Finish();
    }

    /// <summary>
    /// Withdraws every order that may still trade, exits included, and what waits to be sent. Held quantity is left as it is:
    /// nothing but cancels goes out, so it passes in any mode.
    /// </summary>
    public static Transition Withdraw(PositionState state, string reason, DateTimeOffset now)
    {
        var step = new Step(state, now);
        step.WithdrawAll(reason);
        return step.Finish();
    }

    /// <summary>Reduces the first leg by up to <paramref name="quantity"/> lots; all of it is a close.</summary>
    public static Transition Reduce(
        PositionState state, decimal quantity, string reason, decimal? price, DateTimeOffset now)
    {
        var free = Step.FreeToClose(state, 0);
        if (state.Phase != PositionPhase.Open || quantity >= free)
        {
            return Close(state, reason, price, now);
        }

        var step = new Step(state, now);
        step.SendClose(0, quantity, reason, price);
        return step.Finish();
    }

    /// <summary>
    /// Moves the stop of an open position nearer to the price; one that would go further away, or that a position without a stop
    /// never had, is not set. Further exits stay as they are.
    /// </summary>
    public static Transition Tighten(PositionState state, decimal stopLoss, string reason, DateTimeOffset now)
    {
        var step = new Step(state, now);
        var isNearer = state.Exits.StopLoss is { } stop && (state.Side == Side.Buy ? stopLoss > stop : stopLoss < stop);
        if (state.Phase == PositionPhase.Open && isNearer)
        {
            step.State = state with { Exits = state.Exits with { StopLoss = stopLoss } };
            step.Say(FactKind.StopMoved, price: stopLoss, reason: reason);
        }

        return step.Finish();
    }
}
