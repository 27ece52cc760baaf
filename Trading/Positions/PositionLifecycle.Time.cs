using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

public static partial class PositionLifecycle
{
    /// <summary>
    /// What the passing of time asks for: an order without an answer for <paramref name="unanswered"/> becomes
    /// unknown (never failed: it may live at the venue), a group that is not complete by its deadline is left, quotes that
    /// are too old are cancelled, and a close or cancel that was refused is tried again.
    /// </summary>
    /// <param name="state">The position.</param>
    /// <param name="unanswered">How long an order may be without an answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="maySend">False where the mode lets no exit pass: what closing needs is sent later, cancels go out all the same.</param>
    public static Transition Tick(PositionState state, TimeSpan unanswered, DateTimeOffset now, bool maySend = true)
    {
        var step = new Step(state, now) { MaySend = maySend };
        if (state.IsFinal)
        {
            return step.Finish();
        }

        foreach (var order in state.Orders)
        {
            if (AwaitsAnswer(order) && now - order.Order.Time >= unanswered)
            {
                step.Replace(order with { Status = OrderStatus.Unknown });
                step.Say(FactKind.OrderUnknown, order.Order.OrderId, order.Order.Quantity, order.Order.Price);
                if (order.Order.TargetOrderId is { } target)
                {
                    step.DelayCancel(target);
                }
            }
        }

        if (state.GroupDeadline <= now)
        {
            step.Leave(LegTimeout, null);
        }

        step.Settle();
        return step.Finish();
    }

    /// <summary>
    /// The earliest time at which <see cref="Tick"/> may have something to do; null when time changes nothing. At that time it
    /// does it, or has a later one: who wakes a position once then never waits in vain.
    /// </summary>
    public static DateTimeOffset? NextDeadline(PositionState state, TimeSpan unanswered)
    {
        var waits = state.Phase == PositionPhase.Closing
            && Enumerable.Range(0, state.Legs.Length).Any(leg => Step.FreeToClose(state, leg) > 0m);
        var next = waits ? state.RetryCloseAt : null;
        void Consider(DateTimeOffset? at) => next = next is null || at < next ? at : next;

        Consider(state.GroupDeadline ?? next);
        foreach (var order in state.Orders)
        {
            if (AwaitsAnswer(order))
            {
                Consider(order.Order.Time + unanswered);
            }

            if (state.Quoting is { } terms && order.Order.Intent == OrderIntent.Quote && order.LeavesQuantity > 0m
                && !state.Orders.Any(cancel => cancel.Order.TargetOrderId == order.Order.OrderId))
            {
                Consider(order.Order.Time + terms.MaxAge);
            }

            if (order.Order.Intent == OrderIntent.Cancel && order.Status is OrderStatus.Rejected or OrderStatus.Unknown
                && state.RetryCancelAt is { } again && !IsBeingCancelled(state, order.Order.TargetOrderId!)
                && state.Orders.Any(target => target.Order.OrderId == order.Order.TargetOrderId && target.IsWorking
                    // A close that answered after all is left to trade.
                    && (target.IsEntry || target.Status == OrderStatus.Unknown)))
            {
                Consider(again);
            }
        }

        return next;
    }

    /// <summary>When the oldest order that waits for an answer, or got none in time, was sent; null when there is none.</summary>
    public static DateTimeOffset? UnansweredSince(PositionState state)
    {
        DateTimeOffset? since = null;
        foreach (var order in state.Orders)
        {
            if (IsInDoubt(order) && (since is null || order.Order.Time < since))
            {
                since = order.Order.Time;
            }
        }

        return since;
    }

    /// <summary>
    /// Orders to ask the execution agent of: those without an answer since <paramref name="before"/>, or with null all that
    /// may still trade. A cancel is asked of by its target.
    /// </summary>
    public static IEnumerable<string> OrdersInQuestion(PositionState state, DateTimeOffset? before) =>
        from order in state.Orders
        where before is { } time ? IsInDoubt(order) && order.Order.Time <= time : !order.IsDone && order.Status != OrderStatus.Pending
        select order.Order.TargetOrderId ?? order.Order.OrderId;

    private static bool IsInDoubt(OrderState order) => AwaitsAnswer(order) || (order.Status == OrderStatus.Unknown && !order.IsDone);

    private static bool IsBeingCancelled(PositionState state, string orderId) => state.Orders.Any(cancel =>
        cancel.Order.TargetOrderId == orderId && cancel.Status is OrderStatus.Sent or OrderStatus.Accepted);

    /// <summary>A cancel is answered by the end of its target, not by its own acceptance.</summary>
    private static bool AwaitsAnswer(OrderState order) => order.Status == OrderStatus.Sent
        || (order.Status == OrderStatus.Accepted && order.Order.Intent == OrderIntent.Cancel);
}
