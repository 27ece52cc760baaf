using System.Globalization;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Fills that come after the end of their order, or long after the position keeps it whole.</summary>
public sealed class LateFillTests
{
    private static readonly QuoteTerms s_terms = new(TimeSpan.FromDays(1), 100m, 0m, 0.01m);

    [Fact]
    public void Fill_of_a_forgotten_order_counts_once_on_its_side_and_is_said()
    {
        var life = Quoted(100);
        var ask = life.Sent[1];
        Assert.DoesNotContain(life.State.Orders, order => order.Order.OrderId == ask.OrderId);
        var late = Given.Report(ask, OrderStatus.PartiallyFilled, 0.4m, 101m, "late1", commission: 0.25m);

        life.Report(late);

        Assert.Equal((ReportOutcome.Applied, -0.4m, -0.25m), (life.Outcome, life.Quantity, life.State.Realized));
        var said = life.Facts.Last(fact => fact.Kind == FactKind.LateFill);
        Assert.Equal((ask.OrderId, 0.4m, "cancelled"), (said.OrderId, said.Quantity, said.Reason));
        Assert.False(life.Report(late).HasChanged);
        Assert.Equal((ReportOutcome.Duplicate, -0.4m), (life.Outcome, life.Quantity));

        // And once more when it was forgotten a second time.
        Requote(life, 100);
        Assert.False(life.Report(late).HasChanged);
        life.Report(late with { FillId = "late2", LastQuantity = 0.6m });
        Assert.Equal((ReportOutcome.Applied, -1m), (life.Outcome, life.Quantity));
        Assert.False(life.Said(FactKind.Overfill));
    }

    [Theory]
    [InlineData("f1", null)]
    [InlineData(null, 1.0)]
    public void Fill_that_counted_before_its_order_was_forgotten_is_a_duplicate(string? fillId, double? cumulative)
    {
        var life = Quoted(1);
        var bid = life.Sent[^2];
        var fill = Given.Report(bid, OrderStatus.Filled, 1m, 99m, fillId, (decimal?)cumulative);
        life.Report(fill);
        Requote(life, 100);

        Assert.False(life.Report(fill).HasChanged);
        Assert.Equal((ReportOutcome.Duplicate, 1m), (life.Outcome, life.Quantity));
        if (fillId is not null)
        {
            // The short form names the position only, and must not be taken for the one order that works.
            life.Report(fill with { OrderId = null });
            Assert.Equal((ReportOutcome.Duplicate, 1m), (life.Outcome, life.Quantity));
        }
    }

    [Fact]
    public void More_than_was_ordered_is_seen_on_a_forgotten_order_too()
    {
        var life = Quoted(1);
        var bid = life.Sent[^2];
        life.Fill(bid, 1m, 99m, "f1");
        Requote(life, 100);

        life.Report(Given.Report(bid, OrderStatus.Filled, 0.5m, 99m, "f2"));

        Assert.Equal((1.5m, 0.5m), (life.Quantity, life.Facts.Single(fact => fact.Kind == FactKind.Overfill).Quantity));
    }

    [Fact]
    public void Forgotten_order_is_remembered_by_what_is_stored()
    {
        var life = Quoted(60);
        var read = DomainJson.ReadPosition(DomainJson.Write(life.State));

        var (transition, outcome) = PositionLifecycle.Apply(
            read, Given.Report(life.Sent[0], OrderStatus.Filled, 1m, 98m, "late"), life.Now);

        Assert.Equal((ReportOutcome.Applied, 1m, 98m),
            (outcome, transition.State.Legs[0].Ledger.Quantity, transition.State.Legs[0].Ledger.AverageOpen));
    }

    [Fact]
    public void Late_fill_of_a_forgotten_order_opens_a_closed_position_again_and_leaves_it()
    {
        var life = Quoted(100);
        var bid = life.Sent[0];
        life.Close();
        life.Say(life.State.Orders.First(order => order.IsWorking).Order, OrderStatus.Cancelled);
        life.Say(life.State.Orders.First(order => order.IsWorking).Order, OrderStatus.Cancelled);
        Assert.Equal(PositionPhase.Rejected, life.State.Phase);

        life.Report(Given.Report(bid, OrderStatus.PartiallyFilled, 0.5m, 99m, "late"));

        Assert.Equal((PositionPhase.Closing, "late_fill", 0.5m, Side.Sell),
            (life.State.Phase, life.LastClose.Reason, life.LastClose.Quantity, life.LastClose.Side));
        life.Fill(life.LastClose, 0.5m, 100m, "c1");
        Assert.Equal((PositionPhase.Closed, 0.5m), (life.State.Phase, life.State.Realized));
    }

    [Fact]
    public void Memory_is_bounded_and_an_order_beyond_it_fits_nothing()
    {
        var life = Quoted(400);
        Assert.Equal(512, life.State.Forgotten.Length);
        var sent = life.Sent.Count;
        Assert.Equal(sent, life.State.SentOrders);
        var before = life.State;

        life.Report(Given.Report(life.Sent[0], OrderStatus.Filled, 1m, 99m, "late"));
        Assert.Equal(ReportOutcome.Unmatched, life.Outcome);
        Assert.Same(before, life.State);

        var oldest = life.Sent.First(order => life.State.Forgotten[0].StartsWith(order.OrderId[^9..], StringComparison.Ordinal));
        life.Report(Given.Report(oldest, OrderStatus.Filled, 1m, 99m, "late"));
        Assert.Equal((ReportOutcome.Applied, sent), (life.Outcome, life.State.SentOrders));
    }

    [Fact]
    public void Venue_of_what_is_held_is_known_after_any_number_of_refused_closes()
    {
        var life = new Life(Given.Arbitrage() with { GroupTimeout = TimeSpan.FromSeconds(2) });
        life.Fill(life.Sent[0], 1m, 100m, "a");
        life.Say(life.Sent[1], OrderStatus.Rejected);
        for (var i = 0; i < 60; i++)
        {
            life.Say(life.LastClose, OrderStatus.Rejected);
            life.Pass(TimeSpan.FromMinutes(2));
        }

        Assert.Equal((61, "A"), (life.Closes, life.LastClose.Venue));
        Assert.True(life.State.DroppedOrders > 0);
    }

    [Fact]
    public void Fill_that_the_cancel_overtook_counts_once_at_its_own_price()
    {
        var life = new Life(Given.Opening(price: 100m));
        life.Report(Given.Report(life.Entry, OrderStatus.Cancelled, cumulative: 0.75m));
        Assert.Equal((0.75m, 100m, OrderStatus.Cancelled),
            (life.Quantity, life.State.Legs[0].Ledger.AverageOpen, life.Of(life.Entry).Status));

        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.5m, 101m, "f1", commission: 2m));
        Assert.Equal((ReportOutcome.Applied, 0.75m, -2.5m), (life.Outcome, life.Quantity, life.State.Realized));
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.25m, 104m, "f2"));
        Assert.Equal((0.75m, -3.5m, 102m), (life.Quantity, life.State.Realized, life.Of(life.Entry).AveragePrice));

        // Everything the end spoke of is there: one more is more.
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.1m, 100m, "f3"));
        Assert.Equal((0.85m, true), (life.Quantity, life.Said(FactKind.LateFill)));
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.5m, 101m, "f1"));
        Assert.Equal((ReportOutcome.Duplicate, 0.85m), (life.Outcome, life.Quantity));
    }

    [Fact]
    public void Overtaken_fill_without_an_id_is_known_by_its_cumulative_quantity()
    {
        var life = new Life(Given.Opening(price: 100m));
        life.Report(Given.Report(life.Entry, OrderStatus.Cancelled, cumulative: 0.75m));

        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.5m, 102m, cumulative: 0.5m));
        Assert.Equal((ReportOutcome.Applied, 0.75m, -1m), (life.Outcome, life.Quantity, life.State.Realized));
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.5m, 102m, cumulative: 0.5m));
        Assert.Equal((ReportOutcome.Duplicate, -1m), (life.Outcome, life.State.Realized));
    }

    [Fact]
    public void Part_of_a_fill_that_counted_as_a_whole_is_a_duplicate()
    {
        var life = new Life(Given.Opening());
        life.Report(Given.Report(life.Entry, OrderStatus.Filled, 1m, 100m, cumulative: 1m));

        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.5m, 100m, cumulative: 0.5m));
        Assert.Equal((ReportOutcome.Duplicate, 1m), (life.Outcome, life.Quantity));
    }

    [Fact]
    public void Fill_beyond_what_the_cancel_spoke_of_adds_to_it()
    {
        var life = new Life(Given.Opening());
        life.Report(Given.Report(life.Entry, OrderStatus.Cancelled, cumulative: 0.5m));

        // The last fill first: all of it, and 0.2 of what the cancel had counted.
        life.Report(Given.Report(life.Entry, OrderStatus.Filled, 0.7m, 100m, "f2", cumulative: 1m));
        Assert.Equal((1m, 0.3m), (life.Quantity, life.Of(life.Entry).UnnamedQuantity));
        life.Report(Given.Report(life.Entry, OrderStatus.PartiallyFilled, 0.3m, 100m, "f1", cumulative: 0.3m));
        Assert.Equal((1m, null, OrderStatus.Filled), (life.Quantity, life.Of(life.Entry).UnnamedQuantity, life.Of(life.Entry).Status));
        Assert.False(life.Said(FactKind.Overfill));
    }

    private static Life Quoted(int times)
    {
        var life = new Life(Given.Quote() with { Quoting = s_terms });
        Requote(life, times);
        return life;
    }

    private static void Requote(Life life, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"q{life.Sent.Count}");
            life.Quote(Given.Signal(SignalAction.MarketMaking, id: id), new QuotePlan(
                [
                    new PlannedOrder(0, Side.Buy, 1m, 99m, OrderType.Limit, OrderIntent.Quote),
                    new PlannedOrder(0, Side.Sell, 1m, 101m, OrderType.Limit, OrderIntent.Quote),
                ],
                s_terms));
            foreach (var order in life.State.Orders.Where(order => order.IsWorking && order.Order.Intent == OrderIntent.Quote).ToList())
            {
                life.Say(order.Order, OrderStatus.Cancelled);
            }
        }
    }
}
