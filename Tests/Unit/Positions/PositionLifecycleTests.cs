using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>The life of a position, told by example.</summary>
public sealed class PositionLifecycleTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(Side.Buy, 95, -5.5)]
    [InlineData(Side.Sell, 95, 4.5)]
    public void Position_filled_stopped_and_filled_is_closed_with_its_pnl(Side side, int exit, double pnl)
    {
        var life = new Life(Given.Opening(side));
        Assert.Equal(PositionPhase.Opening, life.State.Phase);
        Assert.Equal((OrderIntent.Open, side, 1m), (life.Entry.Intent, life.Entry.Side, life.Entry.Quantity));

        life.Say(life.Entry, OrderStatus.Accepted);
        life.Fill(life.Entry, 1m, 100m, "f1", commission: 0.25m);
        Assert.Equal((PositionPhase.Open, side == Side.Buy ? 1m : -1m), (life.State.Phase, life.Quantity));

        life.Close("stop_loss", exit);
        Assert.Equal((PositionPhase.Closing, 1), (life.State.Phase, life.Closes));
        var close = life.LastClose;
        Assert.Equal((side == Side.Buy ? Side.Sell : Side.Buy, 1m, (decimal)exit, "stop_loss"),
            (close.Side, close.Quantity, close.Price, close.Reason));

        life.Fill(close, 1m, exit, "f2", commission: 0.25m);
        Assert.Equal((PositionPhase.Closed, 0m, (decimal)pnl), (life.State.Phase, life.Quantity, life.State.Realized));
        Assert.Equal(2, life.Sent.Count);
        Assert.Equal(
            [FactKind.PositionOpening, FactKind.PositionOpened, FactKind.PositionClosing, FactKind.PositionClosed],
            life.Facts.Where(fact => fact.Kind <= FactKind.PositionClosed).Select(fact => fact.Kind)
                .OrderBy(kind => kind));
        Assert.Equal((decimal)pnl, life.Facts.Single(fact => fact.Kind == FactKind.PositionClosed).Pnl);
    }

    [Fact]
    public void Partial_fills_open_once_and_average()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 0.25m, 100m, "f1");
        Assert.Equal((PositionPhase.Open, OrderStatus.PartiallyFilled), (life.State.Phase, life.Of(life.Entry).Status));

        life.Fill(life.Entry, 0.75m, 104m, "f2");

        Assert.Equal((1m, 103m, OrderStatus.Filled, 103m), (life.Quantity, life.State.Legs[0].Ledger.AverageOpen,
            life.Of(life.Entry).Status, life.Of(life.Entry).AveragePrice));
        Assert.Single(life.Facts, fact => fact.Kind == FactKind.PositionOpened);
    }

    [Theory]
    [InlineData(OrderStatus.Rejected, RejectReason.VenueRejected)]
    [InlineData(OrderStatus.Cancelled, RejectReason.NotFilled)]
    [InlineData(OrderStatus.Expired, RejectReason.NotFilled)]
    public void Order_that_ends_untraded_ends_the_position_rejected(OrderStatus status, RejectReason reason)
    {
        var life = new Life(Given.Opening());

        life.Say(life.Entry, status);

        Assert.Equal((PositionPhase.Rejected, reason, (DateTimeOffset?)life.Now),
            (life.State.Phase, life.State.Reject, life.State.ClosedAt));
        Assert.Single(life.Facts, fact => fact.Kind == FactKind.PositionRejected && fact.Reason == reason.Code());
        Assert.Null(PositionLifecycle.NextDeadline(life.State, Given.Unanswered));
    }

    [Fact]
    public void Cancel_after_a_partial_fill_keeps_what_traded()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 0.4m, 100m, "f1");

        life.Say(life.Entry, OrderStatus.Cancelled);

        Assert.Equal((PositionPhase.Open, 0.4m), (life.State.Phase, life.Quantity));
        life.Close();
        Assert.Equal((0.4m, 2), (life.LastClose.Quantity, life.Sent.Count));
    }

    [Fact]
    public void Close_before_any_fill_cancels_and_ends_rejected()
    {
        var life = new Life(Given.Opening());

        life.Close();

        var cancel = life.Sent[1];
        Assert.Equal((OrderIntent.Cancel, life.Entry.OrderId, PositionPhase.Closing),
            (cancel.Intent, cancel.TargetOrderId, life.State.Phase));
        life.Say(life.Entry, OrderStatus.Cancelled);
        Assert.Equal((PositionPhase.Rejected, RejectReason.NotFilled, 2), (life.State.Phase, life.State.Reject, life.Sent.Count));
    }

    [Fact]
    public void Close_while_partly_filled_cancels_the_rest_and_closes_what_is_held()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 0.4m, 100m, "f1");

        life.Close();

        Assert.Equal([OrderIntent.Open, OrderIntent.Cancel, OrderIntent.Close], life.Sent.Select(order => order.Intent));
        Assert.Equal((0.4m, Side.Sell), (life.LastClose.Quantity, life.LastClose.Side));
        life.Fill(life.LastClose, 0.4m, 101m, "f2");
        Assert.Equal(PositionPhase.Closing, life.State.Phase);
        life.Say(life.Entry, OrderStatus.Cancelled);
        Assert.Equal((PositionPhase.Closed, 0m, 3), (life.State.Phase, life.Quantity, life.Sent.Count));
    }

    [Fact]
    public void Fill_that_races_the_cancel_is_closed_too()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 0.4m, 100m, "f1");
        life.Close();

        life.Fill(life.Entry, 0.6m, 100m, "f2");

        Assert.Equal(1m, life.Sent.Where(order => order.Intent == OrderIntent.Close).Sum(order => order.Quantity));
        foreach (var close in life.Sent.Where(order => order.Intent == OrderIntent.Close).ToList())
        {
            life.Fill(close, close.Quantity, 101m, "c" + close.OrderId);
        }

        Assert.Equal((PositionPhase.Closed, 0m), (life.State.Phase, life.Quantity));
    }

    [Fact]
    public void Cancel_answered_under_its_own_id_ends_its_target()
    {
        var life = new Life(Given.Opening());
        life.Close();

        life.Say(life.Sent[1], OrderStatus.Cancelled);

        Assert.Equal((OrderStatus.Cancelled, PositionPhase.Rejected), (life.Of(life.Entry).Status, life.State.Phase));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cancel_refused_leaves_its_target_working(bool underOwnId)
    {
        var life = new Life(Given.Opening());
        life.Close();

        life.Say(underOwnId ? life.Sent[1] : life.Entry, OrderStatus.CancelRejected);

        Assert.Equal((OrderStatus.Rejected, OrderStatus.Sent, PositionPhase.Closing),
            (life.Of(life.Sent[1]).Status, life.Of(life.Entry).Status, life.State.Phase));
        life.Fill(life.Entry, 1m, 100m, "f1");
        Assert.Equal((1, 1m), (life.Closes, life.LastClose.Quantity));
    }

    [Fact]
    public void Late_fill_after_closed_is_adopted_and_closed()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 0.4m, 100m, "f1");
        life.Say(life.Entry, OrderStatus.Cancelled);
        life.Close();
        life.Fill(life.LastClose, 0.4m, 110m, "f2");
        Assert.Equal((PositionPhase.Closed, 4m), (life.State.Phase, life.State.Realized));

        life.Fill(life.Entry, 0.2m, 100m, "late");

        Assert.Equal((ReportOutcome.Applied, PositionPhase.Closing, 0.2m, 2),
            (life.Outcome, life.State.Phase, life.Quantity, life.Closes));
        Assert.Equal((0.2m, "late_fill"), (life.LastClose.Quantity, life.LastClose.Reason));
        life.Fill(life.LastClose, 0.2m, 95m, "f4");
        Assert.Equal((PositionPhase.Closed, 3m), (life.State.Phase, life.State.Realized));
    }

    [Fact]
    public void Late_fill_after_rejected_is_adopted_and_closed()
    {
        var life = new Life(Given.Opening());
        life.Say(life.Entry, OrderStatus.Rejected);

        life.Fill(life.Entry, 1m, 100m, "late");

        Assert.Equal((PositionPhase.Closing, RejectReason.None, (DateTimeOffset?)null, (DateTimeOffset?)life.Now, 1),
            (life.State.Phase, life.State.Reject, life.State.ClosedAt, life.State.OpenedAt, life.Closes));
    }

    [Fact]
    public void Fill_reported_five_times_counts_once()
    {
        var life = new Life(Given.Opening());
        var report = Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.4m, 100m, "f1");
        life.Report(report);
        for (var i = 0; i < 4; i++)
        {
            var again = life.Report(report);
            Assert.Equal((ReportOutcome.Duplicate, false), (life.Outcome, again.HasChanged));
        }

        Assert.Equal(0.4m, life.Quantity);
    }

    [Fact]
    public void Fill_id_may_repeat_on_another_order()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "1");
        life.Close();

        life.Fill(life.LastClose, 1m, 100m, "1");

        Assert.Equal(PositionPhase.Closed, life.State.Phase);
    }

    [Fact]
    public void Fills_without_ids_count_once_by_what_they_add_up_to()
    {
        var life = new Life(Given.Opening());
        var first = Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.4m, 100m, cumulative: 0.4m);
        var second = Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.4m, 100m, cumulative: 0.8m);
        foreach (var report in new[] { first, first, second, first, second })
        {
            life.Report(report);
        }

        Assert.Equal(0.8m, life.Quantity);
    }

    [Fact]
    public void Fills_without_ids_may_arrive_in_any_order()
    {
        ExecutionReport[] Reports(Order order) =>
        [
            Given.Report(order, OrderStatus.PartiallyFilled, 0.2m, 100m, cumulative: 0.2m),
            Given.Report(order, OrderStatus.PartiallyFilled, 0.3m, 110m, cumulative: 0.5m),
            Given.Report(order, OrderStatus.Filled, 0.5m, 120m, cumulative: 1.0m),
        ];

        foreach (var order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
        {
            var life = new Life(Given.Opening());
            foreach (var index in order.SelectMany(index => new[] { index, index }).Concat(order))
            {
                life.Report(Reports(life.Entry)[index]);
            }

            Assert.Equal((1m, 113m, OrderStatus.Filled),
                (life.Quantity, life.State.Legs[0].Ledger.AverageOpen, life.Of(life.Entry).Status));
        }
    }

    [Fact]
    public void Cumulative_quantity_alone_tells_the_fill()
    {
        var life = new Life(Given.Opening());
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, price: 100m, cumulative: 0.4m));
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, price: 100m, cumulative: 0.4m));
        life.Report(Given.Report(life.Entry, OrderStatus.Filled, price: 110m, cumulative: 1m));
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, price: 100m, cumulative: 0.4m));

        Assert.Equal((1m, 106m), (life.Quantity, life.State.Legs[0].Ledger.AverageOpen));
    }

    [Fact]
    public void Filled_without_a_quantity_means_all_that_was_left()
    {
        var life = new Life(Given.Opening(price: 100m));
        life.Fill(life.Entry, 0.4m, 100m, "f1");

        life.Say(life.Entry, OrderStatus.Filled);

        Assert.Equal((1m, 100m), (life.Quantity, life.State.Legs[0].Ledger.AverageOpen));
        life.Say(life.Entry, OrderStatus.Filled);
        Assert.Equal((1m, ReportOutcome.Duplicate), (life.Quantity, life.Outcome));
    }

    [Fact]
    public void Overfill_is_counted_and_told()
    {
        var life = new Life(Given.Opening());

        life.Fill(life.Entry, 1.5m, 100m, "f1");

        Assert.Equal((1.5m, OrderStatus.Filled), (life.Quantity, life.Of(life.Entry).Status));
        Assert.Equal(0.5m, life.Facts.Single(fact => fact.Kind == FactKind.Overfill).Quantity);
        life.Close();
        Assert.Equal(1.5m, life.LastClose.Quantity);
    }

    [Fact]
    public void Overfilled_close_is_bought_back()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close();

        life.Fill(life.LastClose, 1.5m, 110m, "f2");

        Assert.Equal((PositionPhase.Closing, -0.5m, Side.Buy, 0.5m),
            (life.State.Phase, life.Quantity, life.LastClose.Side, life.LastClose.Quantity));
        life.Fill(life.LastClose, 0.5m, 110m, "f3");
        Assert.Equal((PositionPhase.Closed, 10m), (life.State.Phase, life.State.Realized));
    }

    [Fact]
    public void Acknowledgement_after_the_fill_says_nothing_new()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 0.4m, 100m, "f1");
        life.Say(life.Entry, OrderStatus.Accepted);
        Assert.Equal((ReportOutcome.Duplicate, OrderStatus.PartiallyFilled), (life.Outcome, life.Of(life.Entry).Status));

        life.Fill(life.Entry, 0.6m, 100m, "f2");
        life.Say(life.Entry, OrderStatus.Accepted);

        Assert.Equal((ReportOutcome.Duplicate, OrderStatus.Filled), (life.Outcome, life.Of(life.Entry).Status));
    }

    [Fact]
    public void Short_form_means_the_one_working_order()
    {
        var life = new Life(Given.Opening());
        var report = new ExecutionReport { PositionId = "P1", Status = OrderStatus.Filled, LastPrice = 101m, Time = life.Now };
        life.Report(report);
        Assert.Equal((PositionPhase.Open, 1m, 101m), (life.State.Phase, life.Quantity, life.State.Legs[0].Ledger.AverageOpen));

        life.Close();
        life.Report(report with { LastPrice = 103m });

        Assert.Equal((PositionPhase.Closed, 2m), (life.State.Phase, life.State.Realized));
    }

    [Fact]
    public void Short_form_is_not_guessed_among_several_or_no_orders()
    {
        var life = new Life(Given.Arbitrage());
        var report = new ExecutionReport { PositionId = "P1", Status = OrderStatus.Filled, Time = life.Now };
        life.Report(report);
        Assert.Equal((ReportOutcome.Unmatched, 0m), (life.Outcome, life.State.Held));

        life.Say(life.Sent[0], OrderStatus.Rejected);
        life.Say(life.Sent[1], OrderStatus.Rejected);
        life.Report(report);

        Assert.Equal(ReportOutcome.Unmatched, life.Outcome);
    }

    [Fact]
    public void Short_form_fill_repeated_is_not_taken_for_the_next_orders()
    {
        var life = new Life(Given.Opening());
        var report = new ExecutionReport
        {
            PositionId = "P1", Status = OrderStatus.Filled, FillId = "f1", LastQuantity = 1m, LastPrice = 100m, Time = life.Now,
        };
        life.Report(report);
        life.Close();

        life.Report(report);

        Assert.Equal((ReportOutcome.Duplicate, PositionPhase.Closing, 1m), (life.Outcome, life.State.Phase, life.Quantity));
    }

    [Fact]
    public void Unknown_order_is_unmatched_and_changes_nothing()
    {
        var life = new Life(Given.Opening());
        var before = life.State;

        life.Report(Given.Report(life.Entry, OrderStatus.Filled, 1m, 100m) with { OrderId = "other" });

        Assert.Equal(ReportOutcome.Unmatched, life.Outcome);
        Assert.Same(before, life.State);
    }

    [Fact]
    public void Unanswered_order_becomes_unknown_after_30_seconds_and_is_never_sent_again()
    {
        var life = new Life(Given.Opening());
        Assert.Equal(life.Now + Given.Unanswered, PositionLifecycle.NextDeadline(life.State, Given.Unanswered));
        Assert.False(life.Pass(Given.Unanswered - Tick).HasChanged);

        life.Pass(Tick);
        Assert.Equal((OrderStatus.Unknown, PositionPhase.Opening), (life.Of(life.Entry).Status, life.State.Phase));
        Assert.Single(life.Facts, fact => fact.Kind == FactKind.OrderUnknown);

        for (var hour = 0; hour < 48; hour++)
        {
            Assert.False(life.Pass(TimeSpan.FromHours(1)).HasChanged);
        }

        Assert.Single(life.Sent);
        life.Fill(life.Entry, 1m, 100m, "f1");
        Assert.Equal((PositionPhase.Open, OrderStatus.Filled), (life.State.Phase, life.Of(life.Entry).Status));
    }

    [Fact]
    public void Unanswered_close_becomes_unknown_and_is_never_sent_again()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close();

        for (var hour = 0; hour < 48; hour++)
        {
            life.Pass(TimeSpan.FromHours(1));
            life.Close();
        }

        Assert.Equal((1, OrderStatus.Unknown, PositionPhase.Closing), (life.Closes, life.Of(life.LastClose).Status, life.State.Phase));
    }

    [Fact]
    public void Unknown_close_is_cancelled_and_only_its_end_sends_another()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close("stop_loss");
        life.Pass(Given.Unanswered + Tick);
        Assert.Equal((OrderIntent.Cancel, life.LastClose.OrderId, 1), (life.Sent[^1].Intent, life.Sent[^1].TargetOrderId, life.Closes));

        life.Say(life.Sent[^1], OrderStatus.CancelRejected);
        life.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal((OrderIntent.Cancel, 4, 1), (life.Sent[^1].Intent, life.Sent.Count, life.Closes));

        life.Say(life.LastClose, OrderStatus.Cancelled);
        life.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal((2, 1m, "stop_loss"), (life.Closes, life.LastClose.Quantity, life.LastClose.Reason));
    }

    [Fact]
    public void Unanswered_cancel_is_asked_again_under_a_new_id()
    {
        var life = new Life(Given.Opening());
        life.Say(life.Entry, OrderStatus.Accepted);
        life.Close();
        life.Pass(Given.Unanswered + Tick);
        Assert.Equal((OrderStatus.Unknown, 2), (life.Of(life.Sent[1]).Status, life.Sent.Count));

        life.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal((OrderIntent.Cancel, life.Entry.OrderId), (life.Sent[2].Intent, life.Sent[2].TargetOrderId));
        Assert.NotEqual(life.Sent[1].OrderId, life.Sent[2].OrderId);
    }

    [Fact]
    public void Answered_order_does_not_become_unknown()
    {
        var life = new Life(Given.Opening());
        life.Say(life.Entry, OrderStatus.Accepted);

        Assert.Null(PositionLifecycle.NextDeadline(life.State, Given.Unanswered));
        Assert.False(life.Pass(TimeSpan.FromDays(1)).HasChanged);
    }

    [Fact]
    public void Refused_close_is_tried_again_later_under_a_new_id()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close("stop_loss", 90m);
        double[] delays = [2, 4, 8, 16, 32, 60, 60];
        for (var i = 0; i < delays.Length; i++)
        {
            life.Say(life.LastClose, OrderStatus.Rejected);
            Assert.Equal((i + 1, PositionPhase.Closing), (life.Closes, life.State.Phase));
            Assert.Equal(life.Now + TimeSpan.FromSeconds(delays[i]), PositionLifecycle.NextDeadline(life.State, Given.Unanswered));
            life.Pass(TimeSpan.FromSeconds(delays[i]) - Tick);
            Assert.Equal(i + 1, life.Closes);
            life.Pass(Tick);
            Assert.Equal((i + 2, 1m, "stop_loss"), (life.Closes, life.LastClose.Quantity, life.LastClose.Reason));
        }

        Assert.Equal(life.Sent.Count, life.Sent.Select(order => order.OrderId).Distinct().Count());
    }

    [Fact]
    public void Close_that_ends_partly_filled_is_tried_again_for_the_rest()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close();
        life.Fill(life.LastClose, 0.7m, 100m, "f2");
        life.Say(life.LastClose, OrderStatus.Cancelled);

        life.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal((2, 0.3m), (life.Closes, life.LastClose.Quantity));
    }

    [Fact]
    public void Fill_where_nothing_may_be_sent_is_counted_and_closed_when_it_may()
    {
        var life = new Life(Given.Opening());
        life.Close();

        life.Report(Given.Report(life.Entry, OrderStatus.Filled, 1m, 100m, "f1"), maySend: false);

        Assert.Equal((1m, 0, PositionPhase.Closing), (life.Quantity, life.Closes, life.State.Phase));
        Assert.Equal(life.Now + TimeSpan.FromSeconds(1), life.State.RetryCloseAt);
        life.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((1, 1m), (life.Closes, life.LastClose.Quantity));
    }

    [Fact]
    public void Late_fill_where_nothing_may_be_sent_waits_too()
    {
        var life = new Life(Given.Opening());
        life.Say(life.Entry, OrderStatus.Rejected);

        life.Report(Given.Report(life.Entry, OrderStatus.Filled, 1m, 100m, "f1"), maySend: false);

        Assert.Equal((PositionPhase.Closing, 0), (life.State.Phase, life.Closes));
        Assert.NotNull(PositionLifecycle.NextDeadline(life.State, Given.Unanswered));
    }

    [Fact]
    public void Close_asked_again_does_nothing()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close("stop_loss");

        Assert.False(life.Close("take_profit").HasChanged);
        Assert.Equal((1, "stop_loss"), (life.Closes, life.State.CloseReason));
        life.Fill(life.LastClose, 1m, 100m, "f2");
        Assert.False(life.Close().HasChanged);
    }

    [Fact]
    public void Reduction_closes_a_part_and_the_rest_closes_without_it()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");

        life.Reduce(0.3m);
        Assert.Equal((0.3m, Side.Sell, PositionPhase.Open), (life.LastClose.Quantity, life.LastClose.Side, life.State.Phase));

        life.Close();
        Assert.Equal((2, 0.7m), (life.Closes, life.LastClose.Quantity));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reduction_by_all_or_more_is_a_close(int quantity)
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");

        life.Reduce(quantity);

        Assert.Equal((PositionPhase.Closing, 1m), (life.State.Phase, life.LastClose.Quantity));
    }

    [Fact]
    public void Addition_buys_more_in_the_same_direction_once_a_signal()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        var more = Given.Signal(quantity: 2m, id: "s2");

        life.Add(more);
        Assert.Equal((OrderIntent.Open, Side.Buy, 2m, "s2", "P1"), (life.Sent[1].Intent, life.Sent[1].Side, life.Sent[1].Quantity,
            life.Sent[1].SignalId, life.Sent[1].PositionId));

        Assert.False(life.Add(more).HasChanged);
        life.Fill(life.Sent[1], 2m, 103m, "f2");
        Assert.Equal((3m, 102m), (life.Quantity, life.State.Legs[0].Ledger.AverageOpen));
    }

    [Fact]
    public void Addition_to_a_position_that_is_leaving_takes_no_risk()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close();
        life.Add(Given.Signal(id: "s2"));

        life.Fill(life.LastClose, 1m, 100m, "f2");
        life.Add(Given.Signal(id: "s3"));

        Assert.Equal((2, PositionPhase.Closed), (life.Sent.Count, life.State.Phase));
        Assert.Equal(2, life.Facts.Count(
            fact => fact.Kind == FactKind.SignalRejected && fact.Reason == RejectReason.ReduceOnlyIncreases.Code()));
    }

    [Fact]
    public void Arbitrage_sends_all_legs_in_one_group_and_closes_what_each_holds()
    {
        var life = new Life(Given.Arbitrage());
        Assert.Equal([("P1", "BTCUSD", Side.Buy, "A"), ("P1", "BTCEUR", Side.Sell, "B")],
            life.Sent.Select(order => (order.GroupId, order.Symbol, order.Side, order.Venue)));

        life.Fill(life.Sent[0], 1m, 100m, "f1");
        life.Fill(life.Sent[1], 0.5m, 101m, "f2");
        life.Close();

        Assert.Equal([(0, Side.Sell, 1m), (1, Side.Buy, 0.5m)],
            life.Sent.Where(order => order.Intent == OrderIntent.Close).Select(order => (order.Leg, order.Side, order.Quantity)));
        Assert.Equal(life.Sent[1].OrderId, life.Sent.Single(order => order.Intent == OrderIntent.Cancel).TargetOrderId);
    }

    [Fact]
    public void Quote_filled_on_both_sides_is_flat_and_closed_with_its_spread()
    {
        var life = new Life(Given.Quote());
        Assert.All(life.Sent, order => Assert.Equal((OrderType.Limit, order.Price), (order.Type, order.LimitPrice)));

        life.Fill(life.Sent[0], 1m, 99m, "f1");
        Assert.Equal(PositionPhase.Open, life.State.Phase);
        life.Fill(life.Sent[1], 1m, 101m, "f2");

        Assert.Equal((PositionPhase.Closed, 2m, 2), (life.State.Phase, life.State.Realized, life.Sent.Count));
    }

    [Fact]
    public void Refused_signal_is_remembered_with_its_code()
    {
        var transition = PositionLifecycle.Refuse("P1", Given.Signal(), RejectReason.GrossLimit, Given.Now);

        Assert.Equal((PositionPhase.Rejected, RejectReason.GrossLimit, true),
            (transition.State.Phase, transition.State.Reject, transition.HasChanged));
        Assert.Empty(transition.Orders);
        Assert.Equal("GROSS_LIMIT", Assert.Single(transition.Facts).Reason);
    }
}
