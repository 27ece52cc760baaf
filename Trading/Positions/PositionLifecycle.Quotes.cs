using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Positions;

public static partial class PositionLifecycle
{
    /// <summary>
    /// Replaces the quotes of a market-making position, once for a signal: the working ones are cancelled, the new ones wait
    /// until every one of those is done. Quotes that already wait give way: the newest signal wins. A position that is
    /// being left takes none.
    /// </summary>
    /// <param name="state">The position.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="plan">The new quotes.</param>
    /// <param name="now">The time.</param>
    /// <param name="risk">The risk decision they carry.</param>
    public static Transition Quote(
        PositionState state, Signal signal, QuotePlan plan, DateTimeOffset now, string? risk = null)
    {
        var step = new Step(state, now);
        if (state.Orders.Any(order => order.Order.Intent == OrderIntent.Quote && order.Order.SignalId == signal.Id))
        {
            return step.Finish();
        }

        if (state.Phase is not (PositionPhase.Opening or PositionPhase.Open))
        {
            step.Say(FactKind.SignalRejected, quantity: signal.Quantity, reason: RejectReason.ReduceOnlyIncreases.Code());
            return step.Finish();
        }

        step.DropPending("replaced");
        step.State = step.State with { Quoting = plan.Terms, PendingRaw = signal.Raw };
        for (var i = 0; i < plan.Orders.Length; i++)
        {
            var planned = plan.Orders[i];
            step.Keep(step.Template(0, OrderIntent.Quote, planned.Side, planned.Quantity, planned.Price) with
            {
                OrderId = ClientOrderId.ForOrder(state.Id, signal.Id, i, OrderIntent.Quote, 1),
                SignalId = signal.Id,
                Type = planned.Type,
                LimitPrice = planned.Price,
                GroupId = state.Id,
                Venue = planned.Venue,
                TimeInForce = planned.TimeInForce,
                Risk = risk,
            });
        }

        step.Settle();
        return step.Finish();
    }

    private sealed partial class Step
    {
        /// <summary>Keeps an order for later.</summary>
        public void Keep(Order order)
        {
            _changed = true;
            State = State with
            {
                Orders = State.Orders.Add(new OrderState { Order = order, Status = OrderStatus.Pending }),
            };
        }

        /// <summary>Forgets the orders that wait: nobody has heard of them.</summary>
        public void DropPending(string reason) => DropPending(reason, _ => true);

        private void DropPending(string reason, Func<OrderState, bool> isDropped)
        {
            foreach (var order in State.Orders)
            {
                if (order.Status == OrderStatus.Pending && isDropped(order))
                {
                    _changed = true;
                    State = State with { Orders = State.Orders.Remove(order) };
                    Say(FactKind.OrderEnded, order.Order.OrderId, order.Order.Quantity, order.Order.Price, reason, order.Order.Side);
                }
            }
        }

        /// <summary>Sends the quotes that wait, if nothing they replace may still trade. Inventory is looked at now.</summary>
        private void SendPending()
        {
            if (State.Quoting is not { } terms)
            {
                return;
            }

            DropPending("stale_quote", order => now - order.Order.Time >= terms.MaxAge);
            var waiting = State.Orders.Where(order => order.Status == OrderStatus.Pending).ToList();
            if (waiting.Count == 0 || State.Orders.Any(order => order.Order.Intent == OrderIntent.Quote && order.IsWorking))
            {
                return;
            }

            if (!MayEnter)
            {
                DropPending("refused");
                return;
            }

            var mid = waiting.Average(order => order.Order.Price);
            var inventory = State.Legs[0].Ledger.Quantity;
            DropPending("inventory_limit", order => PriceOf(order) is null);
            foreach (var order in waiting)
            {
                if (PriceOf(order) is { } price)
                {
                    var sent = order.Order with { Price = price, LimitPrice = price, Time = now };
                    Replace(order with { Order = sent, Status = OrderStatus.Sent });
                    _orders.Add(sent);
                    Say(FactKind.OrderSent, sent.OrderId, sent.Quantity, price, side: sent.Side, risk: sent.Risk);
                }
            }

            State = State with { PendingRaw = null };

            decimal? PriceOf(OrderState order) =>
                terms.PriceOf(order.Order.Side, order.Order.Quantity, order.Order.Price, mid, inventory);
        }
    }
}
