using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Strategies;

/// <summary>What a signal comes to, given what is open.</summary>
public sealed class SignalPlannerTests
{
    [Fact]
    public void Hedged_signal_opens_its_own_position_beside_the_others()
    {
        var plan = Plan(Given.Signal(quantity: 2m, price: 100m, stop: 90m, target: 120m), PositionMode.Hedge, Open("p1", 1m));

        Assert.Empty(plan.Changes);
        Assert.Equal(("new", 90m, 120m), (plan.Open!.PositionId, plan.Open.Exits.StopLoss, plan.Open.Exits.TakeProfit));
        Assert.Equal(new PlannedOrder(0, Side.Buy, 2m, 100m, OrderType.Market, OrderIntent.Open), Assert.Single(plan.Open.Orders));
        Assert.Equal((200m, 0m, true), (plan.BuyNotional, plan.SellNotional, plan.IsEntry));
    }

    [Theory]
    [InlineData(SignalAction.Buy, 101)]
    [InlineData(SignalAction.Sell, 99)]
    public void Signal_without_a_price_takes_the_one_it_would_trade_at(SignalAction action, int price) =>
        Assert.Equal(price, Plan(Given.Signal(action, price: null)).Open!.Orders[0].Price);

    [Fact]
    public void Lots_are_units_by_the_contract_size() => Assert.Equal(
        (0m, 11_000m), (Plan(Given.Signal(SignalAction.Sell, 0.1m, 1.1m, symbol: "EURUSD")).BuyNotional,
            Plan(Given.Signal(SignalAction.Sell, 0.1m, 1.1m, symbol: "EURUSD")).SellNotional));

    [Fact]
    public void Signal_is_refused_without_an_instrument_or_a_price()
    {
        Assert.Equal(RejectReason.UnknownSymbol, Plan(Given.Signal(symbol: "NOTHING")).Reject);
        Assert.Equal(RejectReason.NoPrice, Plan(Given.Signal(price: null, symbol: "QUIET")).Reject);
        Assert.Null(Plan(Given.Signal(price: null, symbol: "QUIET")).Open);
        Assert.Equal(RejectReason.None, Plan(Given.Signal(symbol: "QUIET")).Reject);
    }

    [Theory]
    [InlineData(SignalAction.Buy, 99, 101, RejectReason.None)]
    [InlineData(SignalAction.Buy, 100, null, RejectReason.WrongSide)]
    [InlineData(SignalAction.Buy, 101, null, RejectReason.WrongSide)]
    [InlineData(SignalAction.Buy, null, 100, RejectReason.WrongSide)]
    [InlineData(SignalAction.Buy, null, 99, RejectReason.WrongSide)]
    [InlineData(SignalAction.Sell, 101, 99, RejectReason.None)]
    [InlineData(SignalAction.Sell, 100, null, RejectReason.WrongSide)]
    [InlineData(SignalAction.Sell, 99, null, RejectReason.WrongSide)]
    [InlineData(SignalAction.Sell, null, 100, RejectReason.WrongSide)]
    [InlineData(SignalAction.Sell, null, 101, RejectReason.WrongSide)]
    public void Stop_and_target_must_be_on_their_sides(SignalAction action, int? stop, int? target, RejectReason expected) =>
        Assert.Equal(expected, Plan(Given.Signal(action, stop: stop, target: target)).Reject);

    [Fact]
    public void Hold_does_nothing_and_refuses_nothing()
    {
        var plan = Plan(Given.Signal(SignalAction.Hold, symbol: "NOTHING"));

        Assert.Equal((RejectReason.None, null, 0, false), (plan.Reject, plan.Open, plan.Changes.Length, plan.IsEntry));
    }

    [Fact]
    public void Netted_signal_opens_where_nothing_is_open()
    {
        Assert.Equal(1m, Plan(Given.Signal(), PositionMode.Net).Open!.Orders[0].Quantity);
        var leaving = Open("p1", 1m) with { Phase = PositionPhase.Closing };
        Assert.Empty(Plan(Given.Signal(), PositionMode.Net, leaving).Changes);
    }

    [Theory]
    [InlineData(SignalAction.Buy, 3)]
    [InlineData(SignalAction.Sell, -3)]
    public void Netted_signal_of_the_same_side_adds(SignalAction action, int held)
    {
        var plan = Plan(Given.Signal(action, 2m), PositionMode.Net, Open("p1", held));

        Assert.Null(plan.Open);
        Assert.Equal(new PlannedChange("p1", ChangeKind.Add, 2m, 100m), Assert.Single(plan.Changes));
        Assert.Equal(held > 0 ? (200m, 0m) : (0m, 200m), (plan.BuyNotional, plan.SellNotional));
    }

    [Theory]
    [InlineData(SignalAction.Sell, 3)]
    [InlineData(SignalAction.Buy, -3)]
    public void Netted_signal_of_the_other_side_reduces_closes_or_flips(SignalAction action, int held)
    {
        var reduced = Plan(Given.Signal(action, 2m), PositionMode.Net, Open("p1", held));
        Assert.Equal(new PlannedChange("p1", ChangeKind.Reduce, 2m, 100m), Assert.Single(reduced.Changes));
        Assert.Equal((null, false), (reduced.Open, reduced.IsEntry));

        var closed = Plan(Given.Signal(action, 3m), PositionMode.Net, Open("p1", held));
        Assert.Equal(new PlannedChange("p1", ChangeKind.Close, 3m, 100m), Assert.Single(closed.Changes));
        Assert.Equal((null, false), (closed.Open, closed.IsEntry));

        var flipped = Plan(Given.Signal(action, 5m), PositionMode.Net, Open("p1", held));
        Assert.Equal(new PlannedChange("p1", ChangeKind.Close, 3m, 100m), Assert.Single(flipped.Changes));
        Assert.Equal((held > 0 ? Side.Sell : Side.Buy, 2m),
            (flipped.Open!.Orders[0].Side, flipped.Open.Orders[0].Quantity));
        Assert.Equal(200m, flipped.BuyNotional + flipped.SellNotional);
    }

    [Theory]
    [InlineData(OrderType.Limit)]
    [InlineData(OrderType.Stop)]
    public void Netted_order_with_a_level_adds_at_its_level(OrderType type)
    {
        var signal = Given.Signal(SignalAction.Buy, 2m, id: "s2") with { OrderType = type, LimitPrice = 97m, StopPrice = 97m, TimeInForce = TimeInForce.Day };

        var plan = Plan(signal, PositionMode.Net, Open("p1", 3m));

        Assert.Equal(new PlannedChange("p1", ChangeKind.Add, 2m, 97m, Type: type), Assert.Single(plan.Changes));
        Assert.Equal((type, 97m), (Assert.Single(plan.EntryOrders).Type, plan.EntryOrders[0].Price));
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        var added = Assert.Single(PositionLifecycle.Add(life.State, signal, 97m, life.Now).Orders);
        Assert.Equal((type, TimeInForce.Day, 97m), (added.Type, added.TimeInForce, type == OrderType.Limit ? added.LimitPrice : added.StopPrice));
        Assert.Null(type == OrderType.Limit ? added.StopPrice : added.LimitPrice);
    }

    /// <summary>The market is at 99.5 to 100.5.</summary>
    [Theory]
    [InlineData(SignalAction.Sell, 3, OrderType.Limit, 99.5, true)]
    [InlineData(SignalAction.Sell, 3, OrderType.Limit, 99.6, false)]
    [InlineData(SignalAction.Sell, 3, OrderType.Stop, 99.5, true)]
    [InlineData(SignalAction.Sell, 3, OrderType.Stop, 99.4, false)]
    [InlineData(SignalAction.Buy, -3, OrderType.Limit, 100.5, true)]
    [InlineData(SignalAction.Buy, -3, OrderType.Limit, 100.4, false)]
    [InlineData(SignalAction.Buy, -3, OrderType.Stop, 100.5, true)]
    [InlineData(SignalAction.Buy, -3, OrderType.Stop, 100.6, false)]
    public void Netted_order_with_a_level_reduces_at_the_market_once_that_has_reached_it(
        SignalAction action, int held, OrderType type, double level, bool isReached)
    {
        var signal = Given.Signal(action, 2m) with { OrderType = type, LimitPrice = (decimal)level, StopPrice = (decimal)level };

        var plan = SignalPlanner.Plan(
            signal, "new", PositionMode.Net, [Open("p1", held)], symbol => Given.Instrument(symbol), _ => Given.Price(99.5m, 100.5m));

        Assert.Equal(isReached ? RejectReason.None : RejectReason.InvalidField, plan.Reject);
        Assert.Equal(isReached ? 1 : 0, plan.Changes.Length);
    }

    [Fact]
    public void Reversing_signal_closes_the_other_side_and_opens()
    {
        var plan = Plan(Given.Signal(SignalAction.Sell, 2m), PositionMode.Reverse, Open("p1", 1m), Open("p2", 4m));

        Assert.Equal([("p1", ChangeKind.Close, 1m), ("p2", ChangeKind.Close, 4m)],
            plan.Changes.Select(change => (change.PositionId, change.Kind, change.Quantity)));
        Assert.Equal((Side.Sell, 2m), (plan.Open!.Orders[0].Side, plan.Open.Orders[0].Quantity));
    }

    [Fact]
    public void Refused_entry_leaves_the_exits_that_came_with_it_and_no_others()
    {
        var flipped = Plan(Given.Signal(SignalAction.Sell, 5m), PositionMode.Net, Open("p1", 3m));
        var left = flipped.RefuseEntry(RejectReason.DailyLoss);
        Assert.Equal(
            (RejectReason.None, RejectReason.DailyLoss, null, false, flipped.Changes[0]),
            (left.Reject, left.EntryReject, left.Open, left.IsEntry, Assert.Single(left.Changes)));

        var added = Plan(Given.Signal(SignalAction.Buy, 2m), PositionMode.Net, Open("p1", 3m)).RefuseEntry(RejectReason.DailyLoss);
        Assert.Equal((RejectReason.DailyLoss, 0), (added.Reject, added.Changes.Length));

        Assert.Equal(RejectReason.DailyLoss, Plan(Given.Signal(), PositionMode.Reverse).RefuseEntry(RejectReason.DailyLoss).Reject);
    }

    [Fact]
    public void Reversing_signal_of_the_same_side_changes_nothing()
    {
        var plan = Plan(Given.Signal(SignalAction.Sell), PositionMode.Reverse, Open("p1", -1m));

        Assert.Equal((RejectReason.None, null, 0), (plan.Reject, plan.Open, plan.Changes.Length));
    }

    [Fact]
    public void Close_signal_closes_all_that_is_open_at_the_price_of_leaving()
    {
        var plan = Plan(Given.Signal(SignalAction.Close), PositionMode.Hedge, Open("p1", 1m), Open("p2", -2m));

        Assert.Equal(
            [new PlannedChange("p1", ChangeKind.Close, 1m, 99m), new PlannedChange("p2", ChangeKind.Close, 2m, 101m)],
            plan.Changes);
        Assert.False(plan.IsEntry);
    }

    [Fact]
    public void Close_signal_by_id_closes_that_one()
    {
        var signal = Given.Signal(SignalAction.Close) with { PositionId = "p2" };

        Assert.Equal("p2", Assert.Single(Plan(signal, PositionMode.Hedge, Open("p1", 1m), Open("p2", 1m)).Changes).PositionId);
        Assert.Equal(RejectReason.NothingToClose, Plan(signal, PositionMode.Hedge, Open("p1", 1m)).Reject);
        Assert.Equal(RejectReason.NothingToClose, Plan(Given.Signal(SignalAction.Close)).Reject);
    }

    [Fact]
    public void Arbitrage_has_a_leg_and_an_order_for_each_of_its_legs()
    {
        var plan = Plan(Given.Signal(SignalAction.Arbitrage, legs:
        [
            new SignalLeg("BTCUSD", Side.Buy, 2m, 100m, "A"), new SignalLeg("EURUSD", Side.Sell, 0.5m, null, "B"),
        ]));

        Assert.Equal(["BTCUSD", "EURUSD"], plan.Open!.Legs.Select(leg => leg.Symbol));
        Assert.Equal([1m, 100_000m], plan.Open.Legs.Select(leg => leg.Terms.ContractSize));
        Assert.Equal(
            [
                new PlannedOrder(0, Side.Buy, 2m, 100m, OrderType.Market, OrderIntent.ArbitrageLeg, "A"),
                new PlannedOrder(1, Side.Sell, 0.5m, 99m, OrderType.Market, OrderIntent.ArbitrageLeg, "B"),
            ],
            plan.Open.Orders);
        Assert.Equal((200m, 4_950_000m), (plan.BuyNotional, plan.SellNotional));
    }

    [Theory]
    [InlineData("NOTHING", RejectReason.UnknownSymbol)]
    [InlineData("QUIET", RejectReason.NoPrice)]
    public void Arbitrage_with_one_leg_that_cannot_trade_sends_none(string symbol, RejectReason expected)
    {
        var plan = Plan(Given.Signal(SignalAction.Arbitrage, legs:
        [
            new SignalLeg("BTCUSD", Side.Buy, 1m, 100m, null), new SignalLeg(symbol, Side.Sell, 1m, null, null),
        ]));

        Assert.Equal((expected, null), (plan.Reject, plan.Open));
    }

    [Fact]
    public void Quote_is_two_limits_that_trade_one_leg()
    {
        var plan = Plan(Given.Signal(SignalAction.MarketMaking, legs:
        [
            new SignalLeg("BTCUSD", Side.Buy, 1m, 99m, null), new SignalLeg("BTCUSD", Side.Sell, 1m, 101m, null),
        ]));

        Assert.Single(plan.Open!.Legs);
        Assert.Equal(
            [
                new PlannedOrder(0, Side.Buy, 1m, 99m, OrderType.Limit, OrderIntent.Quote),
                new PlannedOrder(0, Side.Sell, 1m, 101m, OrderType.Limit, OrderIntent.Quote),
            ],
            plan.Open.Orders);
        Assert.Equal((99m, 101m), (plan.BuyNotional, plan.SellNotional));
    }

    [Theory]
    [InlineData(1.0, null, 1.0, RejectReason.None)]
    [InlineData(1.0, null, 1.01, RejectReason.PositionLimit)]
    [InlineData(5.0, 100.0, 1.0, RejectReason.None)]
    [InlineData(5.0, 100.0, 1.01, RejectReason.PositionLimit)]
    [InlineData(1.0, 500.0, 1.01, RejectReason.PositionLimit)]
    [InlineData(null, null, 7.0, RejectReason.None)]
    public void Quote_of_more_than_may_be_held_is_refused(double? lots, double? notional, double quoted, RejectReason reason)
    {
        var signal = Given.Signal(SignalAction.MarketMaking, legs:
        [
            new SignalLeg("BTCUSD", Side.Buy, (decimal)quoted, 99m, null), new SignalLeg("BTCUSD", Side.Sell, 1m, 101m, null),
        ]);
        var terms = new TierOneTerms { MaxInventory = (decimal?)lots, MaxInventoryNotional = (decimal?)notional };

        var plan = SignalPlanner.Plan(
            signal, "new", PositionMode.Hedge, [], symbol => Given.Instrument(symbol), _ => Given.Price(99m, 101m), terms);

        Assert.Equal((reason, reason == RejectReason.None), (plan.Reject, plan.Open is not null));
    }

    private static SignalPlan Plan(
        Signal signal, PositionMode mode = PositionMode.Hedge, params PositionIndexEntry[] open) => SignalPlanner.Plan(
            signal, "new", mode, open,
            symbol => symbol switch
            {
                "NOTHING" => null,
                "EURUSD" => Given.Instrument(symbol, 100_000m),
                _ => Given.Instrument(symbol),
            },
            symbol => symbol is "QUIET" or "NOTHING" ? PriceView.None : Given.Price(99m, 101m));

    private static PositionIndexEntry Open(string id, decimal quantity) => new()
    {
        Id = id,
        Account = "default",
        Strategy = "trend",
        Kind = StrategyKind.Trend,
        Symbol = "BTCUSD",
        Side = quantity > 0m ? Side.Buy : Side.Sell,
        Phase = PositionPhase.Open,
        Quantity = quantity,
        AverageOpen = 100m,
        ContractSize = 1m,
        CreatedAt = Given.Now,
    };
}
