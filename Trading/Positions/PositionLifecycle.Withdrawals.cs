using System.Collections.Immutable;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Positions;

public static partial class PositionLifecycle
{
    private const string LegTimeout = "leg_timeout";
    private const string GroupComplete = "arbitrage_complete";

    // Beyond the upper one, done orders are forgotten down to the lower one: a quoting position lives through thousands.
    private const int MaxOrders = 48;
    private const int KeptOrders = 32;

    // As lines, for late fills: at a replacement of both quotes a second more than four minutes of them.
    private const int MaxForgotten = 512;

    // Of an order that still works: enough that the next one waits the longest.
    private const int KeptCancels = 8;

    private sealed partial class Step
    {
        /// <summary>Begins to leave the position.</summary>
        public void Leave(string reason, decimal? price)
        {
            State = State with
            {
                Phase = PositionPhase.Closing, CloseReason = reason, ClosePrice = price, GroupDeadline = null,
            };
            Say(FactKind.PositionClosing, quantity: State.Held, price: price, reason: reason);
        }

        /// <summary>The next cancel of that order waits, the longer the more there were.</summary>
        public void DelayCancel(string target)
        {
            var asked = State.Orders.Count(order => order.Order.TargetOrderId == target);
            State = State with { RetryCancelAt = now + DelayAfter(asked) };
        }

        /// <summary>Delays the next close, the longer the more were refused.</summary>
        public void DelayRetry()
        {
            var refused = State.Orders.Count(order => order.Order.Intent == OrderIntent.Close
                && order.Status is OrderStatus.Rejected or OrderStatus.Cancelled or OrderStatus.Expired);
            State = State with { RetryCloseAt = now + DelayAfter(refused) };
        }

        public void EndCancelsOf(string orderId, OrderStatus status)
        {
            foreach (var cancel in State.Orders)
            {
                if (cancel.Order.TargetOrderId == orderId && !cancel.IsDone)
                {
                    Replace(cancel with { Status = status });
                }
            }
        }

        /// <summary>A group is over as a group when every leg filled; it is left when one can no longer fill.</summary>
        private void JudgeGroup()
        {
            if (State.GroupDeadline is null || State.Phase is not (PositionPhase.Opening or PositionPhase.Open))
            {
                return;
            }

            var legs = State.Orders.Where(order => order.Order.Intent == OrderIntent.ArbitrageLeg).ToList();
            if (legs.Find(leg => leg.IsDone && leg.Status != OrderStatus.Filled) is { } failed)
            {
                Leave("leg_" + failed.Status.ToString().ToLowerInvariant(), null);
            }
            else if (legs.TrueForAll(leg => leg.Status == OrderStatus.Filled))
            {
                _changed = true;
                State = State with { GroupDeadline = null, CloseReason = State.Held == 0m ? GroupComplete : null };
            }
        }

        /// <summary>Cancels whatever may still trade, and drops what was not sent yet.</summary>
        public void WithdrawAll(string reason)
        {
            DropPending(reason);
            foreach (var order in State.Orders.Where(order => order.IsWorking && !IsBeingCancelled(State, order.Order.OrderId)))
            {
                SendCancel(order.Order, reason);
            }

            EndIfOver();
        }

        /// <summary>Asks the venue to cancel what must not trade any more: one cancel at a time for an order.</summary>
        private void CancelUnwanted()
        {
            foreach (var order in State.Orders)
            {
                var id = order.Order.OrderId;
                var asked = State.Orders.Any(other => other.Order.TargetOrderId == id);
                if (IsUnwanted(order, asked) && !(asked && (State.RetryCancelAt > now || IsBeingCancelled(State, id))))
                {
                    SendCancel(order.Order, State.CloseReason ?? (IsStale(order) ? "stale_quote" : "replaced"));
                }
            }
        }

        private void SendCancel(Order original, string reason)
        {
            State = State with { Attempts = State.Attempts + 1 };
            Send(Template(original.Leg, OrderIntent.Cancel, original.Side, original.Quantity, original.Price) with
            {
                OrderId = ClientOrderId.ForOrder(State.Id, State.SignalId, original.Leg, OrderIntent.Cancel, State.Attempts),
                TargetOrderId = original.OrderId,
                Risk = RiskStamps.Cancel,
                Venue = original.Venue,
                Reason = reason,
            });
        }

        /// <summary>
        /// Unwanted are entries of a position that is being left, quotes that are old or to be replaced, and a close nobody
        /// answered: its cancel asks what became of it, and only its end lets another close go out.
        /// </summary>
        private bool IsUnwanted(OrderState order, bool asked) => order.IsWorking && (order.IsEntry
            ? asked || State.Phase == PositionPhase.Closing || IsStale(order)
                || (order.Order.Intent == OrderIntent.Quote
                    && State.Orders.Any(other => other.Status == OrderStatus.Pending))
            : order.Status == OrderStatus.Unknown);

        private bool IsStale(OrderState order) => order.Order.Intent == OrderIntent.Quote
            && State.Quoting is { } terms && now - order.Order.Time >= terms.MaxAge;

        /// <summary>
        /// Forgets the oldest orders that are done. Of those that could trade a line is kept; a report on one that is older
        /// fits nothing and is set aside. An order that says where something held is to be left stays, and so do the last cancels of one that works.
        /// </summary>
        private void Prune()
        {
            if (State.Orders.Length <= MaxOrders)
            {
                return;
            }

            var live = State.Orders.Where(order => order.LeavesQuantity > 0m).Select(order => order.Order.OrderId).ToHashSet();
            var cancels = State.Orders.Where(order => order.Order.TargetOrderId is { } target && live.Contains(target))
                .GroupBy(order => order.Order.TargetOrderId).SelectMany(asked => asked.TakeLast(KeptCancels)).ToHashSet();
            var homes = Enumerable.Range(0, State.Legs.Length).Select(HomeOf).ToHashSet();
            var forgotten = State.Forgotten.ToBuilder();
            var excess = State.Orders.Length - KeptOrders;
            var kept = ImmutableArray.CreateBuilder<OrderState>(KeptOrders);
            foreach (var order in State.Orders)
            {
                if (excess > 0 && order.IsDone && !homes.Contains(order) && !cancels.Contains(order))
                {
                    excess--;
                    if (order.Order.Intent != OrderIntent.Cancel)
                    {
                        forgotten.Add(ForgottenOrder.Write(order, State.Id));
                    }
                }
                else
                {
                    kept.Add(order);
                }
            }

            forgotten.RemoveRange(0, Math.Max(0, forgotten.Count - MaxForgotten));
            State = State with
            {
                DroppedOrders = State.DroppedOrders + State.Orders.Length - kept.Count,
                Orders = kept.ToImmutable(),
                Forgotten = forgotten.ToImmutable(),
            };
        }

        private static TimeSpan DelayAfter(int times) =>
            TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(times, 10)), LongestRetryDelay.TotalSeconds));
    }
}
