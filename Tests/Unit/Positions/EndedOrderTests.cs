using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Orders that ended in ways that agents report loosely.</summary>
public sealed class EndedOrderTests
{
    [Theory]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Rejected)]
    [InlineData(OrderStatus.Expired)]
    public void Fill_that_names_no_quantity_counts_after_the_end_too_and_once(OrderStatus end)
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 0.25m, 100m, "f1");
        life.Say(life.Entry, end);

        life.Report(Given.Report(life.Entry, OrderStatus.Filled, price: 101m));

        Assert.Equal((ReportOutcome.Applied, 1m, OrderStatus.Filled), (life.Outcome, life.Quantity, life.Of(life.Entry).Status));
        life.Report(Given.Report(life.Entry, OrderStatus.Filled, price: 101m));
        Assert.Equal((ReportOutcome.Duplicate, 1m), (life.Outcome, life.Quantity));
    }

    [Theory]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Rejected)]
    [InlineData(OrderStatus.Expired)]
    public void Close_that_ends_after_a_part_of_it_traded_is_followed_by_one_for_the_rest(OrderStatus end)
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close();
        var first = life.LastClose;

        life.Report(Given.Report(first, end, price: 99m, cumulative: 0.4m));
        life.Pass(TimeSpan.FromSeconds(61));

        Assert.Equal((end, 0.6m), (life.Of(first).Status, life.Quantity));
        Assert.Equal((2, 0.6m), (life.Closes, life.LastClose.Quantity));
    }

    [Theory]
    [InlineData(OrderStatus.Rejected)]
    [InlineData(OrderStatus.Expired)]
    [InlineData(OrderStatus.CancelRejected)]
    public void Cancel_that_is_refused_in_any_words_is_asked_again_later(OrderStatus answer)
    {
        var life = new Life(Given.Opening());
        life.Close();
        var cancel = life.Sent[^1];
        Assert.Equal(OrderIntent.Cancel, cancel.Intent);

        life.Say(cancel, answer);
        Assert.Equal(2, life.Sent.Count);
        life.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal((3, OrderIntent.Cancel, life.Entry.OrderId), (life.Sent.Count, life.Sent[^1].Intent, life.Sent[^1].TargetOrderId));
    }

    [Fact]
    public void Cancels_of_an_order_that_is_never_cancelled_do_not_pile_up()
    {
        var life = new Life(Given.Opening());
        life.Close();
        for (var i = 0; i < 500; i++)
        {
            life.Say(life.Sent[^1], OrderStatus.CancelRejected);
            life.Pass(TimeSpan.FromSeconds(61));
        }

        Assert.Equal(502, life.Sent.Count);
        Assert.Equal(502, life.Sent.Select(order => order.OrderId).Distinct().Count());
        Assert.InRange(life.State.Orders.Length, 2, 50);
        life.Fill(life.Entry, 1m, 100m, "at-last");
        Assert.Equal((1m, 1), (life.Quantity, life.Closes));
    }

    [Fact]
    public void Where_no_exit_passes_cancels_are_asked_again_and_the_close_waits()
    {
        var life = new Life(Given.Opening(quantity: 2m));
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Close();
        life.Say(life.LastClose, OrderStatus.Cancelled);
        life.Say(life.Sent.Single(order => order.Intent == OrderIntent.Cancel), OrderStatus.CancelRejected);
        var later = life.Now + TimeSpan.FromSeconds(61);

        var all = PositionLifecycle.Tick(life.State, Given.Unanswered, later);
        var killed = PositionLifecycle.Tick(life.State, Given.Unanswered, later, maySend: false);

        Assert.Equal([OrderIntent.Close, OrderIntent.Cancel], all.Orders.Select(order => order.Intent).Order());
        Assert.Equal(OrderIntent.Cancel, Assert.Single(killed.Orders).Intent);
    }
}
