using System.Globalization;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

public static partial class PositionLifecycle
{
    /// <summary>
    /// Counts what the execution agent says. A fill is counted once by its id (or by the cumulative quantity where it has
    /// none); a late, early or excessive one is counted all the same, since it happened.
    /// </summary>
    /// <param name="state">The position.</param>
    /// <param name="report">What the agent says.</param>
    /// <param name="now">The time.</param>
    /// <param name="maySend">False where the mode lets no exit pass: a fill is counted all the same, and what closing
    /// needs is sent later.</param>
    /// <param name="mayEnter">False where the mode or a halt lets no entry pass: quotes that wait are dropped.</param>
    public static (Transition Transition, ReportOutcome Outcome) Apply(
        PositionState state, ExecutionReport report, DateTimeOffset now, bool maySend = true, bool mayEnter = true)
    {
        var unchanged = new Transition(state, [], []);
        if (report is { OrderId: null, FillId: { } known } && HasCounted(state, known))
        {
            // Without an order id a repeated fill would be taken for one of the next order.
            return (unchanged, ReportOutcome.Duplicate);
        }

        state = Recall(state, report.OrderId);
        if (Find(state, report) is not { } order)
        {
            return (unchanged, ReportOutcome.Unmatched);
        }

        if (order.Order.Intent == OrderIntent.Cancel && report.Status == OrderStatus.Cancelled
            && state.Orders.FirstOrDefault(other => other.Order.OrderId == order.Order.TargetOrderId) is { } target)
        {
            // Agents answer a cancel under its own id or under its target's: what is cancelled is the target.
            order = target;
        }

        var fill = FillQuantity(order, report);
        if (IsRepeated(order, report, fill))
        {
            return (unchanged, ReportOutcome.Duplicate);
        }

        var step = new Step(state, now) { MaySend = maySend, MayEnter = mayEnter };
        if (fill > 0m)
        {
            ApplyFill(step, order, report, fill);
        }
        else if (!ApplyStatus(step, order, report))
        {
            return (unchanged, ReportOutcome.Duplicate);
        }

        step.Settle();
        return (step.Finish(), ReportOutcome.Applied);
    }

    /// <summary>Why a symbol takes no more entries after one of its orders traded more than was ordered.</summary>
    public const string OverfillReason = "overfill";

    private const char CumulativePrefix = '=';

    private static bool HasCounted(PositionState state, string fillId) =>
        state.Orders.Any(order => order.FillIds.Contains(fillId))
        || state.Forgotten.Any(line => ForgottenOrder.HasFill(line, fillId));

    /// <summary>The state with the order that was forgotten, if it was, back among the oldest of its orders.</summary>
    private static PositionState Recall(PositionState state, string? orderId)
    {
        if (orderId is null || state.Forgotten.IsEmpty || state.Orders.Any(order => order.Order.OrderId == orderId)
            || state.Forgotten.FirstOrDefault(line => ForgottenOrder.IsOf(line, orderId, state.Id)) is not { } found)
        {
            return state;
        }

        return state with
        {
            Orders = state.Orders.Insert(0, ForgottenOrder.Read(found, orderId, state)),
            Forgotten = state.Forgotten.Remove(found),
            DroppedOrders = state.DroppedOrders - 1,
        };
    }

    private static OrderState? Find(PositionState state, ExecutionReport report)
    {
        if (report.OrderId is { } id)
        {
            return state.Orders.FirstOrDefault(order => order.Order.OrderId == id);
        }

        // The original's short form names the position only: it means the one order that is still working.
        var working = state.Orders.Where(order => order.IsWorking).ToList();
        return working.Count == 1 ? working[0] : null;
    }

    private static decimal FillQuantity(OrderState order, ExecutionReport report)
    {
        if (order.Order.Intent == OrderIntent.Cancel)
        {
            return 0m;
        }

        if (report.LastQuantity > 0m)
        {
            return report.LastQuantity;
        }

        if (report.CumulativeQuantity is { } cumulative)
        {
            return Math.Max(0m, cumulative - order.CumulativeQuantity);
        }

        // All that was left, also where the order had ended before: it traded all the same.
        return report.Status == OrderStatus.Filled ? Math.Max(0m, order.Order.Quantity - order.CumulativeQuantity) : 0m;
    }

    private static bool IsRepeated(OrderState order, ExecutionReport report, decimal fill)
    {
        if (FillKey(report) is { } key && order.FillIds.Contains(key))
        {
            return fill > 0m;
        }

        if (report.FillId is not null)
        {
            return false;
        }

        return report.CumulativeQuantity is { } cumulative
            ? report.LastQuantity > 0m && cumulative <= order.CumulativeQuantity && !HasGap(order) && order.UnnamedQuantity is null
            : report.Status == OrderStatus.Filled && order.Status == OrderStatus.Filled;
    }

    /// <summary>What names a fill: its id, else the cumulative quantity it led to; null where it has neither.</summary>
    private static string? FillKey(ExecutionReport report) => report.FillId
        ?? (report is { LastQuantity: > 0m, CumulativeQuantity: { } cumulative }
            ? CumulativePrefix + cumulative.ToString("G29", CultureInfo.InvariantCulture)
            : null);

    /// <summary>True when a fill overtook another: less is counted than the highest cumulative quantity that was reported.</summary>
    private static bool HasGap(OrderState order) => order.FillIds.Any(id =>
        id.StartsWith(CumulativePrefix)
        && decimal.TryParse(id.AsSpan(1), NumberStyles.Float, CultureInfo.InvariantCulture, out var reached)
        && reached > order.CumulativeQuantity);

    /// <summary>Takes a report without a fill; false when it says nothing new.</summary>
    private static bool ApplyStatus(Step step, OrderState order, ExecutionReport report)
    {
        if (report.Status == OrderStatus.CancelRejected
            || (order.Order.Intent == OrderIntent.Cancel && report.Status is OrderStatus.Rejected or OrderStatus.Expired))
        {
            // Agents that take a cancel for an order like others say that it was rejected.
            return EndCancel(step, order);
        }

        if (order.IsDone || report.Status == order.Status)
        {
            return false;
        }

        switch (report.Status)
        {
            case OrderStatus.Accepted:
                if (order.Status is OrderStatus.PartiallyFilled)
                {
                    return false;
                }

                step.Replace(order with { Status = OrderStatus.Accepted });
                return true;
            case OrderStatus.Cancelled or OrderStatus.Rejected or OrderStatus.Expired:
                step.Replace(order with { Status = report.Status, Text = report.Text });
                step.EndCancelsOf(order.Order.OrderId, OrderStatus.Filled);
                step.Say(FactKind.OrderEnded, order.Order.OrderId, order.Order.Quantity, order.Order.Price,
                    report.Text ?? report.Status.ToString().ToLowerInvariant(), order.Order.Side);
                if (order.Order.Intent == OrderIntent.Close)
                {
                    step.DelayRetry();
                }

                return true;
            case OrderStatus.Unknown:
                step.Replace(order with { Status = OrderStatus.Unknown });
                step.Say(FactKind.OrderUnknown, order.Order.OrderId, order.Order.Quantity, order.Order.Price);
                return true;
            case OrderStatus.Sent or OrderStatus.PartiallyFilled or OrderStatus.Filled
                or OrderStatus.CancelRejected or OrderStatus.Pending:
                return false;
            default:
                throw new ArgumentOutOfRangeException(nameof(report), report.Status, "Not an order status.");
        }
    }

    /// <summary>A refused cancel may be reported under its own id or under its target's.</summary>
    private static bool EndCancel(Step step, OrderState order)
    {
        var cancel = order.Order.Intent == OrderIntent.Cancel
            ? order
            : step.State.Orders.FirstOrDefault(
                other => other.Order.TargetOrderId == order.Order.OrderId && !other.IsDone);
        if (cancel is null || cancel.IsDone)
        {
            return false;
        }

        step.Replace(cancel with { Status = OrderStatus.Rejected });
        step.DelayCancel(cancel.Order.TargetOrderId!);
        return true;
    }
}
