using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>
/// Cancels and fills that race: a venue trades, cancels and refuses to cancel as it likes, and its reports arrive late, twice
/// and in any order. Whatever the position hears when, in the end it holds what the venue traded.
/// </summary>
public sealed class CancelRaceTests
{
    private const int Races = 10_000;

    [Fact]
    public void Ten_thousand_races_lose_no_fill_and_close_nothing_twice()
    {
        var seen = new Seen();
        for (var seed = 0; seed < Races; seed++)
        {
            var race = new Race(new Random(seed), seen);
            try
            {
                race.Run();
            }
            catch (Exception exception) when (exception is not InvalidOperationException)
            {
                Assert.Fail($"Seed {seed}: {exception.Message}");
            }
        }

        // That all of it did happen, and often.
        Assert.All(
            [seen.Fills, seen.Cancelled, seen.Refused, seen.Repeated, seen.LateFills, seen.Repriced, seen.Overtaken],
            count => Assert.InRange(count, 100, int.MaxValue));
        Assert.InRange(seen.Flipped, 5, int.MaxValue);
    }

    private sealed class Seen
    {
        public int Fills { get; set; }

        public int Cancelled { get; set; }

        public int Refused { get; set; }

        public int Repeated { get; set; }

        public int LateFills { get; set; }

        public int Repriced { get; set; }

        public int Overtaken { get; set; }

        public int Flipped { get; set; }
    }

    /// <summary>An order as the venue knows it: what traded there is the truth.</summary>
    private sealed class AtVenue(Order order)
    {
        public Order Order { get; } = order;

        public decimal Traded { get; set; }

        public decimal Cash { get; set; }

        public bool IsDone { get; set; }

        public OrderStatus End { get; set; }

        public decimal Left => IsDone ? 0m : Order.Quantity - Traded;
    }

    private sealed class Race(Random random, Seen seen)
    {
        private readonly Life _life = new(Given.Opening(random.Next(2) == 0 ? Side.Buy : Side.Sell, quantity: 1m));
        private readonly Dictionary<string, AtVenue> _venue = [];
        private readonly List<ExecutionReport> _onTheWay = [];
        private readonly List<ExecutionReport> _delivered = [];
        private readonly bool _saysCumulative = random.Next(2) == 0;
        private readonly int _delay = random.Next(1, 6);
        private int _taken;
        private int _fill;

        public void Run()
        {
            for (var i = 0; i < 60; i++)
            {
                Step();
            }

            for (var i = 0; i < 400 && !(_life.State.IsFinal && _onTheWay.Count == 0); i++)
            {
                Calm();
            }

            CheckEnd();
        }

        private void Step()
        {
            switch (random.Next(12))
            {
                case 0 when random.Next(2) == 0:
                    _life.Close();
                    break;
                case 1:
                    _life.Pass(TimeSpan.FromSeconds(random.Next(1, 20)));
                    break;
                case 2 or 3 or 4:
                    Trade();
                    break;
                case 5 when random.Next(3) == 0 && Live() is { } ended:
                    // Of its own accord.
                    End(ended, random.Next(2) == 0 ? OrderStatus.Cancelled : OrderStatus.Expired);
                    break;
                case 6 when _delivered.Count > 0:
                    Deliver(_delivered[random.Next(_delivered.Count)], isRepeated: true);
                    break;
                default:
                    if (random.Next(_delay) == 0)
                    {
                        Arrive();
                    }

                    break;
            }

            Take();
        }

        /// <summary>The way to the end: everything is left, traded and heard.</summary>
        private void Calm()
        {
            if (_onTheWay.Count > 0)
            {
                Arrive();
            }
            else if (_life.State.Phase is PositionPhase.Opening or PositionPhase.Open)
            {
                _life.Close();
            }
            else if (_venue.Values.FirstOrDefault(order => order.Left > 0m) is { } order)
            {
                if (order.Order.Intent == OrderIntent.Close)
                {
                    Trade(order, order.Left);
                }
                else
                {
                    End(order, OrderStatus.Cancelled);
                }
            }
            else
            {
                _life.Pass(TimeSpan.FromSeconds(61));
            }

            Take();
        }

        /// <summary>The venue gets what was sent: a cancel takes effect, or comes too late.</summary>
        private void Take()
        {
            for (; _taken < _life.Sent.Count; _taken++)
            {
                var order = _life.Sent[_taken];
                if (order.Intent != OrderIntent.Cancel)
                {
                    Assert.True(_venue.TryAdd(order.OrderId, new AtVenue(order)), "An order was sent twice.");
                    continue;
                }

                var target = _venue[order.TargetOrderId!];
                if (target.Left > 0m && random.Next(3) == 0)
                {
                    Trade(target, target.Left);
                }

                if (target.Left > 0m && random.Next(4) > 0)
                {
                    End(target, OrderStatus.Cancelled);
                }
                else
                {
                    seen.Refused++;
                    Say(random.Next(2) == 0 ? order : target.Order, OrderStatus.CancelRejected);
                }
            }
        }

        private AtVenue? Live()
        {
            var live = _venue.Values.Where(order => order.Left > 0m).ToList();
            return live.Count == 0 ? null : live[random.Next(live.Count)];
        }

        private void Trade()
        {
            if (Live() is { } order)
            {
                Trade(order, random.Next(2) == 0 ? order.Left : Math.Min(order.Left, 0.25m));
            }
        }

        private void Trade(AtVenue order, decimal lots)
        {
            seen.Fills++;
            order.Traded += lots;
            order.IsDone = order.Left == 0m;
            order.End = order.IsDone ? OrderStatus.Filled : order.End;
            var price = 90m + random.Next(20);
            var signed = order.Order.Side == Side.Buy ? lots : -lots;
            order.Cash -= (signed * price) + 0.5m;
            _onTheWay.Add(Given.Report(
                order.Order, order.IsDone ? OrderStatus.Filled : OrderStatus.PartiallyFilled, lots, price, $"f{++_fill}",
                _saysCumulative ? order.Traded : null, commission: 0.5m));
        }

        private void End(AtVenue order, OrderStatus end)
        {
            seen.Cancelled++;
            (order.IsDone, order.End) = (true, end);
            Say(order.Order, end, _saysCumulative ? order.Traded : null);
        }

        private void Say(Order order, OrderStatus status, decimal? cumulative = null) =>
            _onTheWay.Add(Given.Report(order, status, cumulative: cumulative));

        private void Arrive()
        {
            if (_onTheWay.Count > 0)
            {
                var at = random.Next(_onTheWay.Count);
                var report = _onTheWay[at];
                seen.Overtaken += at > 0 ? 1 : 0;
                _onTheWay.RemoveAt(at);
                Deliver(report, isRepeated: false);
            }
        }

        private void Deliver(ExecutionReport report, bool isRepeated)
        {
            var (before, facts) = (_life.State, _life.Facts.Count);
            _life.Report(report);
            var said = _life.Facts.Skip(facts).Select(fact => fact.Kind).ToList();
            seen.LateFills += said.Contains(FactKind.LateFill) ? 1 : 0;
            seen.Repriced += said.Contains(FactKind.FillRepriced) ? 1 : 0;
            seen.Flipped += Math.Sign(before.Legs[0].Ledger.Quantity) * Math.Sign(_life.Quantity) < 0 ? 1 : 0;
            if (isRepeated && report.LastQuantity > 0m)
            {
                seen.Repeated++;
                Assert.Equal(ReportOutcome.Duplicate, _life.Outcome);
                Assert.Same(before, _life.State);
            }
            else if (report.LastQuantity > 0m)
            {
                Assert.Equal(ReportOutcome.Applied, _life.Outcome);
                _delivered.Add(report);
            }

            CheckCloses();
        }

        private void CheckCloses()
        {
            // As far as the position can know, no lot is closed by two orders.
            var closes = _life.State.Orders.Where(order => order.Order.Intent == OrderIntent.Close && order.LeavesQuantity > 0m).ToList();
            foreach (var close in closes.Where(close => _life.Steps[^1].Before!.Orders.All(o => o.Order.OrderId != close.Order.OrderId)))
            {
                Assert.InRange(closes.Sum(order => order.LeavesQuantity), close.Order.Quantity, Math.Abs(_life.Quantity));
            }

            Assert.False(_life.Said(FactKind.Overfill), "A fill counted twice.");
        }

        private void CheckEnd()
        {
            var (state, orders) = (_life.State, _venue.Values.ToList());
            var traded = orders.Sum(order => order.Order.Side == Side.Buy ? order.Traded : -order.Traded);
            Assert.True(state.IsFinal, $"It ended {state.Phase}.");
            Assert.Equal((0m, 0m), (traded, _life.Quantity));
            Assert.Equal(orders.Exists(order => order.Traded > 0m) ? PositionPhase.Closed : PositionPhase.Rejected, state.Phase);
            // Averages are quotients: each fill rounds its profit, and its correction, to the eighth decimal.
            Assert.InRange(state.Realized - orders.Sum(order => order.Cash), -_fill * 0.00000001m, _fill * 0.00000001m);
            foreach (var order in orders)
            {
                var known = state.Orders.SingleOrDefault(other => other.Order.OrderId == order.Order.OrderId);
                Assert.True(known is not null || state.Forgotten.Length > 0);
                if (known is not null)
                {
                    Assert.Equal((order.Traded, order.End), (known.CumulativeQuantity, known.Status));
                }
            }
        }
    }
}
