using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Strategies;

/// <summary>Arbitrage groups: both legs, or neither.</summary>
public sealed class ArbitrageTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private enum Fault
    {
        None, Rejected, Late, HalfFilled, Lost,
    }

    [Fact]
    public void Complete_group_of_one_symbol_is_closed_with_the_spread_between_its_venues()
    {
        var life = new Life(Group(isOneSymbol: true));
        life.Fill(life.Sent[0], 1m, 100m, "f1");
        life.Fill(life.Sent[1], 1m, 101m, "f2");

        Assert.Equal((PositionPhase.Closed, "arbitrage_complete", 1m, 2),
            (life.State.Phase, life.State.CloseReason, life.State.Realized, life.Sent.Count));
        Assert.Null(PositionLifecycle.NextDeadline(life.State, Given.Unanswered));
    }

    [Fact]
    public void Complete_group_of_two_symbols_stays_open()
    {
        var life = new Life(Group(isOneSymbol: false));
        life.Fill(life.Sent[0], 1m, 100m, "f1");
        life.Fill(life.Sent[1], 1m, 101m, "f2");
        life.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal((PositionPhase.Open, 2m, 2), (life.State.Phase, life.State.Held, life.Sent.Count));
        life.Close();
        Assert.Equal(2, life.Closes);
    }

    [Theory]
    [InlineData(OrderStatus.Rejected, "leg_rejected")]
    [InlineData(OrderStatus.Cancelled, "leg_cancelled")]
    [InlineData(OrderStatus.Expired, "leg_expired")]
    public void Filled_leg_is_flattened_where_it_traded_when_its_partner_fails(OrderStatus status, string reason)
    {
        var life = new Life(Group(isOneSymbol: false));
        life.Fill(life.Sent[0], 1m, 100m, "f1");

        life.Say(life.Sent[1], status);

        Assert.Equal((PositionPhase.Closing, reason), (life.State.Phase, life.State.CloseReason));
        Assert.Equal(("BTCUSD", Side.Sell, 1m, "A", reason), (life.LastClose.Symbol, life.LastClose.Side,
            life.LastClose.Quantity, life.LastClose.Venue, life.LastClose.Reason));
    }

    [Fact]
    public void Group_that_is_not_complete_in_time_cancels_and_flattens()
    {
        var life = new Life(Group(isOneSymbol: false));
        life.Fill(life.Sent[0], 1m, 100m, "f1");
        life.Fill(life.Sent[1], 0.5m, 101m, "f2");
        Assert.Equal(life.Now + s_timeout, PositionLifecycle.NextDeadline(life.State, Given.Unanswered));

        life.Pass(s_timeout);

        Assert.Equal("leg_timeout", life.State.CloseReason);
        Assert.Equal([(OrderIntent.Cancel, Side.Sell, 1m), (OrderIntent.Close, Side.Sell, 1m), (OrderIntent.Close, Side.Buy, 0.5m)],
            life.Sent.Skip(2).Select(order => (order.Intent, order.Side, order.Quantity)));
    }

    [Fact]
    public void Partner_rejected_before_anything_traded_leaves_a_refused_position()
    {
        var life = new Life(Group(isOneSymbol: true));
        life.Say(life.Sent[1], OrderStatus.Rejected);
        Assert.Equal(life.Sent[0].OrderId, life.Sent[^1].TargetOrderId);

        life.Say(life.Sent[0], OrderStatus.Cancelled);

        Assert.Equal((PositionPhase.Rejected, RejectReason.VenueRejected, 3), (life.State.Phase, life.State.Reject, life.Sent.Count));
    }

    [Theory]
    [InlineData("time_stop")]
    [InlineData("command")]
    [InlineData("stop_loss")]
    public void Group_is_left_by_all_its_legs_at_once(string reason)
    {
        var life = new Life(Group(isOneSymbol: false));
        life.Fill(life.Sent[0], 1m, 100m, "f1");
        life.Fill(life.Sent[1], 1m, 101m, "f2");

        var transition = life.Close(reason, 95m);

        Assert.Equal([("BTCUSD", Side.Sell, 1m, 95m, "A", reason), ("BTCEUR", Side.Buy, 1m, 101m, "B", reason)], transition.Orders.Select(
            order => (order.Symbol, order.Side, order.Quantity, order.Price, order.Venue!, order.Reason!)));
        life.Fill(life.Sent[2], 1m, 95m, "c1");
        Assert.Equal(PositionPhase.Closing, life.State.Phase);
        life.Fill(life.Sent[3], 1m, 99m, "c2");
        Assert.Equal((PositionPhase.Closed, -3m, 4), (life.State.Phase, life.State.Realized, life.Sent.Count));
    }

    [Fact]
    public void Exits_of_a_group_are_watched_once_by_its_first_leg()
    {
        var exits = new ExitPlan(95m, 110m) { TimeStop = TimeSpan.FromMinutes(1) };
        var life = new Life(Group(isOneSymbol: false) with { Exits = exits });
        life.Fill(life.Sent[0], 1m, 100m, "f1");
        life.Fill(life.Sent[1], 1m, 101m, "f2");
        var entries = life.State.Legs.Select(leg => PositionIndexEntry.Of(life.State, leg, Given.Unanswered)).ToList();

        Assert.Equal((exits, 95m, 110m), (entries[0].Exits, entries[0].StopLoss, entries[0].TakeProfit));
        Assert.Equal((null, null, null), (entries[1].Exits, entries[1].StopLoss, entries[1].TakeProfit));

        var book = new ExitBook();
        book.Arm(new ArmedExit(life.State.Id, entries[0].Side, entries[0].Exits!, 100m, entries[0].OpenedAt!.Value));
        Assert.Empty(book.Reach(Quote(life.Now), life.Now));
        Assert.Empty(book.Due(life.Now.AddSeconds(59)));
        Assert.Equal([new TriggeredExit("P1", "time_stop", 100m)], book.Due(life.Now.AddMinutes(1)));
    }

    [Fact]
    public void Time_is_watched_by_another_leg_where_the_first_nets_to_nothing()
    {
        var exits = new ExitPlan(95m, null) { TimeStop = TimeSpan.FromMinutes(1), EndOfSession = true, Trailing = new TrailingStop(TrailingUnit.Price, 1m) };
        var group = Group(isOneSymbol: false) with { Exits = exits };
        var life = new Life(group with
        {
            Orders = [.. group.Orders, new PlannedOrder(0, Side.Sell, 1m, 102m, OrderType.Market, OrderIntent.ArbitrageLeg, "C")],
        });
        foreach (var order in life.Sent.ToList())
        {
            life.Fill(order, 1m, order.Price, "f" + order.Venue);
        }

        Assert.Equal((PositionPhase.Open, 0m, 1m), (life.State.Phase, life.Quantity, life.State.Held));
        Assert.Equal(new ExitPlan(null, null) { TimeStop = exits.TimeStop, EndOfSession = true },
            PositionIndexEntry.Of(life.State, life.State.Legs[1], Given.Unanswered).Exits);
    }

    [Fact]
    public void Whatever_becomes_of_the_partner_the_net_exposure_is_0_within_the_timeout()
    {
        var flattened = 0;
        for (var seed = 1; seed <= 1_000; seed++)
        {
            foreach (var fault in Enum.GetValues<Fault>())
            {
                var run = new Run(seed, fault);
                run.Play();
                flattened += run.Closes;
            }
        }

        Assert.True(flattened > 1_000, "The faults hardly ever left anything to flatten.");
    }

    private static MarketUpdate Quote(DateTimeOffset time) => new("BTCUSD", AssetClass.Crypto, time, 100m, 100.5m, null, "test");

    private static OpenPosition Group(bool isOneSymbol, string id = "s1") => new(
        "P1",
        Given.Signal(SignalAction.Arbitrage, id: id),
        isOneSymbol ? [Given.Leg("BTCUSD")] : [Given.Leg("BTCUSD"), Given.Leg("BTCEUR")],
        [
            new PlannedOrder(0, Side.Buy, 1m, 100m, OrderType.Market, OrderIntent.ArbitrageLeg, "A"),
            new PlannedOrder(isOneSymbol ? 0 : 1, Side.Sell, 1m, 101m, OrderType.Market, OrderIntent.ArbitrageLeg, "B"),
        ],
        ExitPlan.None)
    {
        GroupTimeout = s_timeout,
    };

    /// <summary>Two venues that answer after a random while, one of which does something to its leg.</summary>
    private sealed class Run
    {
        private static readonly TimeSpan s_latency = TimeSpan.FromMilliseconds(50);

        private readonly Random _random;
        private readonly Fault _fault;
        private readonly int _seed;
        private readonly Life _life;
        private readonly PriorityQueue<ExecutionReport, (DateTimeOffset, int)> _reports = new();
        private readonly HashSet<string> _ended = [];
        private readonly Dictionary<string, decimal> _traded = [];
        private readonly int _faulty;
        private DateTimeOffset _lastEntryFill;
        private decimal _cash;
        private int _number;

        public Run(int seed, Fault fault)
        {
            (_seed, _fault, _random) = (seed, fault, new Random((seed * 10) + (int)fault));
            _life = new Life(Group(_random.Next(2) == 0));
            _faulty = _random.Next(2);
            foreach (var (order, index) in _life.Sent.ToArray().Select((order, index) => (order, index)))
            {
                Send(order, index == _faulty ? fault : Fault.None);
            }
        }

        public int Closes => _life.Closes;

        private string What => $"seed {_seed}, partner {_fault}";

        public void Play()
        {
            var deadline = Given.Now + s_timeout;
            var end = Given.Now + TimeSpan.FromMinutes(5);
            while (true)
            {
                var due = PositionLifecycle.NextDeadline(_life.State, Given.Unanswered);
                var hasReport = _reports.TryPeek(out _, out var next);
                var time = hasReport && (due is null || next.Item1 <= due) ? next.Item1 : due;
                if (time is not { } now || now > end)
                {
                    break;
                }

                _life.Now = now > _life.Now ? now : _life.Now + TimeSpan.FromTicks(1);
                var transition = hasReport && next.Item1 == time ? Take(_reports.Dequeue()) : _life.Pass(TimeSpan.Zero);
                foreach (var order in transition.Orders)
                {
                    Answer(order);
                }

                Check(deadline);
            }

            // Only an order that nobody ever answered for may keep it from being over, and it holds nothing then.
            Assert.True(_life.State.IsFinal || _fault == Fault.Lost || IsCompletePair, What);
            Assert.True(_life.State.Held == 0m || IsCompletePair, What);
            if (_life.State.Held == 0m)
            {
                Assert.Equal((What, _cash), (What, _life.State.Realized));
            }
        }

        private bool IsCompletePair => _life.State.Phase == PositionPhase.Open && _life.State.Legs.Length == 2
            && _life.State.Legs.Sum(leg => leg.Ledger.Quantity) == 0m && _life.State.GroupDeadline is null;

        private void Check(DateTimeOffset deadline)
        {
            var isExposed = _life.State.Held > 0m && !IsCompletePair;
            var since = _lastEntryFill > deadline ? _lastEntryFill : deadline;
            Assert.False(isExposed && _life.Now > since + s_latency + TimeSpan.FromMilliseconds(1),
                $"{What}: {_life.State.Held} held at {_life.Now - Given.Now} after the signal.");
            Assert.True(_life.Sent.Count < 40, $"{What}: {_life.Sent.Count} orders.");
        }

        private Transition Take(ExecutionReport report)
        {
            var order = _life.Sent.First(sent => sent.OrderId == report.OrderId);
            if (report.LastQuantity > 0m)
            {
                if (_ended.Contains(order.OrderId))
                {
                    // It was cancelled before it could trade.
                    return _life.Pass(TimeSpan.Zero);
                }

                _traded[order.OrderId] = _traded.GetValueOrDefault(order.OrderId) + report.LastQuantity;
                _cash -= (order.Side == Side.Buy ? 1m : -1m) * report.LastQuantity * report.LastPrice;
                _lastEntryFill = order.Intent == OrderIntent.ArbitrageLeg ? _life.Now : _lastEntryFill;
            }

            return _life.Report(report);
        }

        private void Send(Order order, Fault fault)
        {
            var soon = Soon();
            switch (fault)
            {
                case Fault.None:
                    Fill(order, order.Quantity, soon);
                    break;
                case Fault.Rejected:
                    _ended.Add(order.OrderId);
                    Report(Given.Report(order, OrderStatus.Rejected), soon);
                    break;
                case Fault.Late:
                    Fill(order, order.Quantity, s_timeout + TimeSpan.FromMilliseconds(_random.Next(-60, 200)));
                    break;
                case Fault.HalfFilled:
                    Fill(order, order.Quantity / 2m, soon);
                    break;
                case Fault.Lost when _random.Next(2) == 0:
                    // No answer, no effect of a cancel, and then it had traded after all.
                    Fill(order, order.Quantity, TimeSpan.FromSeconds(_random.Next(10, 100)));
                    break;
                case Fault.Lost:
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(fault), fault, null);
            }
        }

        private void Answer(Order order)
        {
            if (order.Intent != OrderIntent.Cancel)
            {
                Fill(order, order.Quantity, Soon());
                return;
            }

            var isLost = _fault == Fault.Lost && order.TargetOrderId == _life.Sent[_faulty].OrderId;
            if (isLost)
            {
                return;
            }

            var target = _life.Sent.First(sent => sent.OrderId == order.TargetOrderId);
            var isOver = _ended.Contains(target.OrderId) || _traded.GetValueOrDefault(target.OrderId) >= target.Quantity;
            _ended.Add(target.OrderId);
            Report(isOver ? Given.Report(order, OrderStatus.CancelRejected) : Given.Report(target, OrderStatus.Cancelled), Soon());
        }

        private TimeSpan Soon() => TimeSpan.FromMilliseconds(_random.Next(1, (int)s_latency.TotalMilliseconds));

        private void Fill(Order order, decimal lots, TimeSpan after) => Report(Given.Report(
            order, lots == order.Quantity ? OrderStatus.Filled : OrderStatus.PartiallyFilled, lots, 90m + _random.Next(20),
            $"f{_number}"), after);

        private void Report(ExecutionReport report, TimeSpan after) =>
            _reports.Enqueue(report, (_life.Now + after, _number++));
    }
}
