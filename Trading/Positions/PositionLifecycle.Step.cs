using System.Collections.Immutable;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Positions;

public static partial class PositionLifecycle
{
    /// <summary>One decision in the making. Lives inside one call only.</summary>
    private sealed partial class Step(PositionState state, DateTimeOffset now)
    {
        private readonly ImmutableArray<Order>.Builder _orders = ImmutableArray.CreateBuilder<Order>();
        private readonly ImmutableArray<TradingFact>.Builder _facts = ImmutableArray.CreateBuilder<TradingFact>();
        private bool _changed;

        public PositionState State { get; set; } = state;

        /// <summary>False where closing orders must wait.</summary>
        public bool MaySend { get; init; } = true;

        /// <summary>False where orders that take risk must not go out.</summary>
        public bool MayEnter { get; init; } = true;

        public Transition Finish()
        {
            Prune();
            return new(State, _orders.ToImmutable(), _facts.ToImmutable()) { HasChanged = _changed || _facts.Count > 0 };
        }

        public static decimal FreeToClose(PositionState state, int leg) =>
            Math.Abs(state.Legs[leg].Ledger.Quantity) - state.Orders
                .Where(order => order.Order.Intent == OrderIntent.Close && order.Order.Leg == leg)
                .Sum(order => order.LeavesQuantity);

        public void Say(FactKind kind, string? orderId = null, decimal? quantity = null, decimal? price = null,
            string? reason = null, Side? side = null, decimal? pnl = null, string? symbol = null,
            decimal? commission = null, decimal? counted = null, string? risk = null) => _facts.Add(new TradingFact
            {
                Kind = kind,
                Time = now,
                PositionId = State.Id,
                OrderId = orderId,
                Symbol = symbol ?? State.Symbol,
                Strategy = State.Strategy,
                Side = side ?? State.Side,
                Quantity = quantity,
                Price = price,
                Pnl = pnl,
                Commission = commission is 0m ? null : commission,
                Counted = counted,
                Reason = reason,
                Risk = risk,
            });

        public void Send(Order order)
        {
            if (order.TraceParent is null && State.Orders is [{ Order.TraceParent: { } trace }, ..])
            {
                // The whole life of a position is one trace.
                order = order with { TraceParent = trace };
            }

            _orders.Add(order);
            _changed = true;
            State = State with { Orders = State.Orders.Add(new OrderState { Order = order }) };
            Say(FactKind.OrderSent, order.OrderId, order.Quantity, order.Price, order.Reason, order.Side, risk: order.Risk);
        }

        public void Replace(OrderState changed)
        {
            _changed = true;
            for (var i = 0; i < State.Orders.Length; i++)
            {
                if (State.Orders[i].Order.OrderId == changed.Order.OrderId)
                {
                    State = State with { Orders = State.Orders.SetItem(i, changed) };
                    return;
                }
            }
        }

        public void Trade(Order order, decimal quantity, decimal price, decimal commission)
        {
            State = State with { Fills = State.Fills + 1 };
            ReplaceLeg(order.Leg, State.Legs[order.Leg].Fill(order.Side, quantity, price, commission));
        }

        public void Reprice(Order order, decimal quantity, decimal counted, decimal price, decimal commission) =>
            ReplaceLeg(order.Leg, State.Legs[order.Leg].Reprice(order.Side, quantity, counted, price, commission));

        private void ReplaceLeg(int number, PositionLeg leg) => State = State with { Legs = State.Legs.SetItem(number, leg) };

        /// <summary>Brings the phase in line with what is held and working, and sends what closing still needs.</summary>
        public void Settle()
        {
            if (State.OpenedAt is null && State.Legs.Any(leg => leg.Ledger.OpenedQuantity > 0m))
            {
                // It may be on its way out already: then it was opened all the same, and stays on its way.
                State = State with
                {
                    Phase = State.Phase == PositionPhase.Opening ? PositionPhase.Open : State.Phase,
                    OpenedAt = now,
                };
                Say(FactKind.PositionOpened, quantity: State.Held, price: State.Legs[0].Ledger.AverageOpen);
            }

            if (State.IsFinal && State.Held > 0m)
            {
                // It traded after all was thought over: what is held must not be left alone.
                State = State with
                {
                    Phase = PositionPhase.Closing,
                    ClosedAt = null,
                    CloseReason = "late_fill",
                    Reject = RejectReason.None,
                };
                Say(FactKind.PositionClosing, quantity: State.Held, reason: "late_fill");
            }

            JudgeGroup();
            if (State.Phase == PositionPhase.Closing)
            {
                DropPending(State.CloseReason ?? "close");
            }

            CancelUnwanted();
            if (State.Phase == PositionPhase.Closing)
            {
                CloseLegs();
            }
            else
            {
                SendPending();
            }

            EndIfOver();
        }

        public Order Template(int leg, OrderIntent intent, Side side, decimal quantity, decimal price) => new()
        {
            OrderId = "",
            SignalId = State.SignalId,
            PositionId = State.Id,
            Account = State.Account,
            Strategy = State.Strategy,
            Intent = intent,
            Side = side,
            Symbol = State.Legs[leg].Symbol,
            Quantity = quantity,
            Price = price,
            Time = now,
            Leg = leg,
        };

        public void SendClose(int leg, decimal quantity, string reason, decimal? price)
        {
            var ledger = State.Legs[leg].Ledger;
            State = State with { Attempts = State.Attempts + 1 };
            var side = ledger.Quantity > 0m ? Side.Sell : Side.Buy;
            Send(Template(leg, OrderIntent.Close, side, quantity, price ?? ledger.AverageOpen) with
            {
                OrderId = ClientOrderId.ForOrder(State.Id, State.SignalId, leg, OrderIntent.Close, State.Attempts),
                Reason = reason,
                Risk = RiskStamps.Exit,
                Venue = HomeOf(leg)?.Order.Venue,
            });
        }

        /// <summary>The order by which most of what is held of a leg was traded: it is left at that order's venue.</summary>
        private OrderState? HomeOf(int leg)
        {
            var held = State.Legs[leg].Ledger.Quantity > 0m ? Side.Buy : Side.Sell;
            return State.Legs[leg].Ledger.Quantity == 0m ? null : State.Orders
                .Where(order => order.IsEntry && order.Order.Leg == leg && order.Order.Side == held && order.CumulativeQuantity > 0m)
                .MaxBy(order => order.CumulativeQuantity);
        }

        private void CloseLegs()
        {
            if (State.RetryCloseAt > now)
            {
                return;
            }

            for (var leg = 0; leg < State.Legs.Length; leg++)
            {
                var free = FreeToClose(State, leg);
                if (free > 0m && !MaySend)
                {
                    State = State with { RetryCloseAt = now + ShortestRetryDelay };
                    _changed = true;
                    return;
                }

                if (free > 0m)
                {
                    State = State with { RetryCloseAt = null };
                    SendClose(leg, free, State.CloseReason ?? "close", leg == 0 ? State.ClosePrice : null);
                }
            }
        }

        private void EndIfOver()
        {
            if (State.IsFinal || State.Held > 0m
                || State.Orders.Any(order => !order.IsDone && order.Order.Intent != OrderIntent.Cancel))
            {
                return;
            }

            if (State.Legs.Any(leg => leg.Ledger.OpenedQuantity > 0m))
            {
                State = State with { Phase = PositionPhase.Closed, ClosedAt = now, RetryCloseAt = null };
                var ledger = State.Legs[0].Ledger;
                Say(FactKind.PositionClosed, quantity: ledger.ClosedQuantity, price: ledger.AverageClose,
                    reason: State.CloseReason ?? "flat", pnl: State.Realized);
                return;
            }

            var refused = State.Orders.Any(order => order.Status == OrderStatus.Rejected && order.IsEntry);
            var reason = refused ? RejectReason.VenueRejected : RejectReason.NotFilled;
            State = State with { Phase = PositionPhase.Rejected, ClosedAt = now, Reject = reason };
            Say(FactKind.PositionRejected, quantity: State.Orders[0].Order.Quantity, reason: reason.Code());
        }
    }
}
