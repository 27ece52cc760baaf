using CsCheck;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>The life of a position under any sequence of reports, commands and time, against a small model of its own.</summary>
public sealed class PositionLifecyclePropertyTests
{
    private enum Happening
    {
        Accepted, Partial, Filled, Cancelled, Rejected, Expired, Unknown, CancelRejected, Repeat, Late, Overfill,
        Close, Reduce, Add, FiveSeconds, OneMinute, FilledWhileHalted,
    }

    private static readonly Gen<(Happening What, int Which, int Price)[]> Histories =
        Gen.Select(Gen.Enum<Happening>(), Gen.Int[0, 1_000], Gen.Int[50, 150]).Array[1, 30];

    [Fact]
    public void Any_history_keeps_the_invariants_and_can_be_brought_to_an_end() =>
        Gen.Select(Gen.Int[0, 3], Histories).Sample((kind, history) =>
        {
            var run = new Run(Open(kind));
            foreach (var (what, which, price) in history)
            {
                run.Do(what, which, price);
            }

            run.BringToEnd();
        }, iter: 8_000);

    [Fact]
    public void Any_order_of_acknowledgement_fills_cancel_and_reject_agrees_with_the_model()
    {
        Happening[] reports =
            [Happening.Accepted, Happening.Partial, Happening.Filled, Happening.Cancelled, Happening.Rejected];
        for (var length = 1; length <= 6; length++)
        {
            for (var number = 0; number < (int)Math.Pow(reports.Length, length); number++)
            {
                var run = new Run(Given.Opening());
                for (int i = 0, rest = number; i < length; i++, rest /= reports.Length)
                {
                    // Always the entry: which of the working orders is chosen by 0.
                    run.Do(reports[rest % reports.Length], 0, 100 + i);
                }

                run.BringToEnd();
            }
        }
    }

    [Fact]
    public void Any_split_of_an_order_into_fills_adds_up() =>
        Gen.Select(Gen.Int[1, 400].Array[1, 20], Gen.Enum<Side>(), Gen.Int[0, int.MaxValue]).Sample((parts, side, seed) =>
        {
            var life = new Life(Given.Opening(side, parts.Sum() / 100m));
            var reports = parts.Select((part, i) => Given.Report(
                life.Entry, OrderStatus.PartiallyFilled, part / 100m, 100m + i, "f" + i)).ToArray();
            var arrivals = reports.Concat(reports).ToArray();
            new Random(seed).Shuffle(arrivals);
            foreach (var report in arrivals)
            {
                life.Report(report);
            }

            var sign = side == Side.Buy ? 1m : -1m;
            Assert.Equal((sign * life.Entry.Quantity, OrderStatus.Filled, 0m),
                (life.Quantity, life.Of(life.Entry).Status, life.Of(life.Entry).LeavesQuantity));
            Assert.DoesNotContain(life.Facts, fact => fact.Kind == FactKind.Overfill);
        }, iter: 4_000);

    [Fact]
    public void Deadline_that_is_met_moves_on() =>
        Gen.Select(Gen.Int[0, 4], Histories).Sample((kind, history) =>
        {
            var run = new Run(Open(kind));
            foreach (var (what, which, price) in history)
            {
                run.Do(what, which, price);
            }

            var life = run.Life;
            for (var i = 0; i < 20 && PositionLifecycle.NextDeadline(life.State, Given.Unanswered) is { } due && !life.State.IsFinal; i++)
            {
                life.Pass(due > life.Now ? due - life.Now : TimeSpan.Zero);
                var next = PositionLifecycle.NextDeadline(life.State, Given.Unanswered);
                Assert.True(next is null || next > life.Now || life.State.IsFinal, $"Due at {due:O}, met at {life.Now:O}, and due at {next:O} again.");
            }
        }, iter: 4_000);

    [Fact]
    public void Counters_are_the_contributions_of_the_final_state_whatever_led_there() =>
        Gen.Select(Gen.Int[0, 3], Histories).Sample((kind, history) =>
        {
            var run = new Run(Open(kind));
            foreach (var (what, which, price) in history)
            {
                run.Do(what, which, price);
            }

            var sums = new Dictionary<CounterKey, long>();
            foreach (var (before, after) in run.Life.Steps)
            {
                foreach (var (key, delta) in Contributions.Between(before, after))
                {
                    Assert.NotEqual(0, delta);
                    sums[key] = sums.GetValueOrDefault(key) + delta;
                }
            }

            var expected = Contributions.Between(null, run.Life.State).ToDictionary(pair => pair.Key, pair => pair.Delta);
            Assert.Equal(expected.OrderBy(pair => pair.Key.ToString()),
                sums.Where(pair => pair.Value != 0).OrderBy(pair => pair.Key.ToString()));
        }, iter: 4_000);

    private static OpenPosition Open(int kind) => kind switch
    {
        0 => Given.Opening(Side.Buy),
        1 => Given.Opening(Side.Sell),
        2 => Given.Arbitrage(),
        4 => Given.Arbitrage() with { GroupTimeout = TimeSpan.FromSeconds(3) },
        _ => Given.Quote() with { Quoting = new QuoteTerms(TimeSpan.FromSeconds(7), 5m, 0m, 0m) },
    };

    /// <summary>Plays the venue, and counts on its own what ought to be held.</summary>
    private sealed class Run(OpenPosition open)
    {
        private readonly Dictionary<(string Order, string Fill), (int Leg, decimal Signed, decimal Price)> _fills = [];
        private readonly List<ExecutionReport> _counted = [];
        private int _checked;
        private int _number;

        public Life Life { get; } = new(open);

        private decimal Held(int leg) => _fills.Values.Where(fill => fill.Leg == leg).Sum(fill => fill.Signed);

        public void Do(Happening what, int which, int price)
        {
            var before = Life.State;
            switch (what)
            {
                case Happening.Close:
                    Life.Close();
                    break;
                case Happening.Reduce:
                    Life.Reduce(0.25m);
                    break;
                case Happening.Add:
                    Life.Add(Given.Signal(id: "add" + (which % 3)));
                    break;
                case Happening.FiveSeconds:
                    Life.Pass(TimeSpan.FromSeconds(5));
                    break;
                case Happening.OneMinute:
                    Life.Pass(TimeSpan.FromMinutes(1));
                    break;
                case Happening.Repeat when _counted.Count > 0:
                    var repeated = Life.Report(_counted[which % _counted.Count]);
                    Assert.Equal((ReportOutcome.Duplicate, false), (Life.Outcome, repeated.HasChanged));
                    break;
                case Happening.Repeat:
                    break;
                default:
                    Tell(what, which, price);
                    break;
            }

            Check(before);
        }

        public void BringToEnd()
        {
            // The venue now answers everything: what opens is cancelled, what closes trades.
            for (var round = 0; round < 40 && !Life.State.IsFinal; round++)
            {
                var before = Life.State;
                if (Life.State.Phase is PositionPhase.Opening or PositionPhase.Open)
                {
                    Life.Close();
                    Check(before);
                    before = Life.State;
                }

                if (Life.State.Orders.FirstOrDefault(order => order.LeavesQuantity > 0m) is { } working)
                {
                    Tell(working.IsEntry ? Happening.Cancelled : Happening.Filled, -1, 100, working);
                }
                else
                {
                    Life.Pass(TimeSpan.FromMinutes(2));
                }

                Check(before);
            }

            Assert.True(Life.State.IsFinal, "It could not be brought to an end.");
            Assert.Null(PositionLifecycle.NextDeadline(Life.State with { Orders = [] }, Given.Unanswered));
            Assert.False(Life.Pass(TimeSpan.FromDays(1)).Orders.Any());
        }

        private void Tell(Happening what, int which, int price, OrderState? chosen = null)
        {
            var trading = Life.State.Orders.Where(order => order.Order.Intent != OrderIntent.Cancel).ToList();
            var order = chosen ?? trading[which % trading.Count];
            var quantity = what switch
            {
                Happening.Partial => 0.4m,
                Happening.Filled or Happening.FilledWhileHalted => order.LeavesQuantity,
                Happening.Late => order.IsDone ? 0.25m : 0m,
                Happening.Overfill => order.LeavesQuantity + 0.25m,
                _ => 0m,
            };
            var status = what switch
            {
                Happening.Accepted => OrderStatus.Accepted,
                Happening.Cancelled => OrderStatus.Cancelled,
                Happening.Rejected => OrderStatus.Rejected,
                Happening.Expired => OrderStatus.Expired,
                Happening.Unknown => OrderStatus.Unknown,
                Happening.CancelRejected => OrderStatus.CancelRejected,
                _ => quantity >= order.LeavesQuantity ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
            };
            if (quantity == 0m && status is OrderStatus.Filled or OrderStatus.PartiallyFilled)
            {
                return;
            }

            var report = Given.Report(order.Order, status, quantity, price, quantity > 0m ? $"f{++_number}" : null);
            var wasDone = order.IsDone;
            Life.Report(report, maySend: what != Happening.FilledWhileHalted);
            if (quantity > 0m)
            {
                Assert.Equal(ReportOutcome.Applied, Life.Outcome);
                _counted.Add(report);
                _fills.Add((order.Order.OrderId, report.FillId!),
                    (order.Order.Leg, order.Order.Side == Side.Buy ? quantity : -quantity, price));
            }
            else if (wasDone && status != OrderStatus.CancelRejected)
            {
                Assert.Equal(ReportOutcome.Duplicate, Life.Outcome);
            }
        }

        private void Check(PositionState before)
        {
            var state = Life.State;
            CheckLegs(state);
            CheckPhase(before, state);
            foreach (var order in state.Orders)
            {
                var filled = _fills.Where(fill => fill.Key.Order == order.Order.OrderId).Sum(fill => Math.Abs(fill.Value.Signed));
                Assert.Equal(filled, order.CumulativeQuantity);
            }

            CheckSent(before);
            _checked = Life.Sent.Count;
        }

        private void CheckLegs(PositionState state)
        {
            var money = 0m;
            for (var leg = 0; leg < state.Legs.Length; leg++)
            {
                Assert.Equal(Held(leg), state.Legs[leg].Ledger.Quantity);
                money += state.Legs[leg].Ledger.Unrealized(state.Legs[leg].Terms, 77m);
            }

            var worth = _fills.Values.Sum(fill => fill.Signed * (77m - fill.Price));
            Assert.InRange(state.Realized + money - worth, -0.000001m, 0.000001m);
        }

        private static void CheckPhase(PositionState before, PositionState after)
        {
            var isLegal = before.Phase == after.Phase || (before.Phase, after.Phase) is
                (PositionPhase.Opening, PositionPhase.Open or PositionPhase.Closing or PositionPhase.Rejected)
                or (PositionPhase.Open, PositionPhase.Closing or PositionPhase.Closed)
                or (PositionPhase.Closing, PositionPhase.Closed or PositionPhase.Rejected)
                or (PositionPhase.Closed or PositionPhase.Rejected, PositionPhase.Closing);
            Assert.True(isLegal, $"{before.Phase} became {after.Phase}");
            Assert.Equal(after.IsFinal, after.ClosedAt is not null);
            if (after.IsFinal)
            {
                Assert.Equal(0m, after.Held);
                Assert.DoesNotContain(after.Orders, order => order.LeavesQuantity > 0m);
            }

            var hasTraded = after.Orders.Any(order => order.CumulativeQuantity > 0m);
            Assert.Equal(hasTraded, after.OpenedAt is not null);
            Assert.True(after.Phase != PositionPhase.Closed || hasTraded);
            Assert.True(after.Phase != PositionPhase.Rejected || !hasTraded);
        }

        private void CheckSent(PositionState before)
        {
            Assert.Equal(Life.Sent.Count, Life.Sent.Select(order => order.OrderId).Distinct().Count());
            foreach (var sent in Life.Sent.Skip(Math.Max(_checked, 1)).Where(order => order.Intent == OrderIntent.Close))
            {
                // Every lot is being closed by one order at most, whatever is unknown or on its way.
                var live = Life.State.Orders.Where(order => order.Order.Intent == OrderIntent.Close
                    && order.Order.Leg == sent.Leg).Sum(order => order.LeavesQuantity);
                var held = Held(sent.Leg);
                Assert.InRange(live, sent.Quantity, Math.Abs(held));
                Assert.Equal(held > 0m ? Side.Sell : Side.Buy, sent.Side);
            }

            Assert.All(Life.Sent.Skip(_checked).Where(order => order.Intent == OrderIntent.Cancel), cancel => Assert.Single(
                Life.State.Orders, other => other.Order.TargetOrderId == cancel.TargetOrderId
                    && other.Status is OrderStatus.Sent or OrderStatus.Accepted));
            Assert.True(before.Phase is PositionPhase.Opening or PositionPhase.Open
                || Life.Sent.Skip(Math.Max(_checked, open.Orders.Length)).All(
                    order => order.Intent is OrderIntent.Close or OrderIntent.Cancel));
        }
    }
}
