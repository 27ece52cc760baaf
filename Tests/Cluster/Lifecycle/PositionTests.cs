using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>A position from its signal to its end, over the queues alone.</summary>
public sealed class PositionTests
{
    [Fact]
    public async Task Signal_becomes_one_order_a_fill_opens_and_the_stop_closes_once()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        var signal = SentSignal.Buy("s-1");

        await engine.SignalAsync(signal);

        var order = Assert.Single(engine.Orders);
        var orderId = ClientOrderId.ForOrder("default", signal.Strategy, "s-1", 0, OrderIntent.Open, 1);
        Assert.True(order.Says($$"""
            {
              "order_id": "{{orderId}}", "signal_id": "s-1", "position_id": "{{signal.OpensPosition}}",
              "type": "open", "action": "buy", "symbol": "BTCUSD", "quantity": 0.1, "price": 50000,
              "stop_loss": 49000, "take_profit": 52000, "strategy": "trend_following", "account": "default",
              "priority": "normal", "timestamp": 1768392000
            }
            """), order.Json);
        Assert.Equal(PositionPhase.Opening, Assert.Single(await engine.IndexAsync()).Phase);

        await engine.FillAsync(order);

        var entry = Assert.Single(await engine.IndexAsync());
        Assert.Equal((PositionPhase.Open, 0.1m, 50_000m), (entry.Phase, entry.Quantity, entry.AverageOpen));
        await engine.ArmedAsync("BTCUSD", order.PositionId);

        await engine.PriceAsync(49_000.5m, 49_001m);
        Assert.Single(engine.Orders);
        await engine.PriceAsync(48_990m, 49_010m);
        await engine.PriceAsync(48_500m, 48_510m);

        Assert.Equal(2, engine.Orders.Length);
        var close = engine.Orders[1];
        var closeId = ClientOrderId.ForOrder("default", signal.Strategy, "s-1", 0, OrderIntent.Close, 1);
        Assert.True(close.Says($$"""
            {
              "order_id": "{{closeId}}", "signal_id": "s-1", "position_id": "{{signal.OpensPosition}}",
              "type": "close", "action": "close", "direction": "buy", "side": "sell", "symbol": "BTCUSD",
              "quantity": 0.1, "price": 48990, "strategy": "trend_following", "account": "default",
              "priority": "high", "reason": "stop_loss", "timestamp": 1768392000
            }
            """), close.Json);

        await engine.FillAsync(close, 48_980m);

        await AssertClosedAsync(engine, order.PositionId, "stop_loss", exitPrice: 48_980m, pnl: -102m);
    }

    [Fact]
    public async Task Short_position_is_stopped_by_the_ask()
    {
        await using var engine = await TestEngine.StartAsync();
        var order = await engine.OpenAsync(SentSignal.Sell("s-1"));
        Assert.Equal("sell", order.Action);
        Assert.Equal(-0.1m, Assert.Single(await engine.IndexAsync()).Quantity);

        await engine.PriceAsync(51_000m, 51_000.5m);

        var close = engine.Orders[^1];
        Assert.Equal(("close", "buy", "stop_loss", 51_000.5m), (close.Action, close.Side, close.Reason, close.Price));
        await engine.FillAsync(close);
        await AssertClosedAsync(engine, order.PositionId, "stop_loss", exitPrice: 51_000.5m, pnl: -100.05m);
    }

    [Theory]
    [InlineData("buy", 52_000.5, 52_001, 52_000.5, 200.05)]
    [InlineData("sell", 47_999, 47_999.5, 47_999.5, 200.05)]
    public async Task Take_profit_closes(string action, double bid, double ask, double exit, double pnl)
    {
        await using var engine = await TestEngine.StartAsync();
        var order = await engine.OpenAsync(action == "buy" ? SentSignal.Buy("s-1") : SentSignal.Sell("s-1"));

        await engine.PriceAsync((decimal)bid, (decimal)ask);

        var close = engine.Orders[^1];
        Assert.Equal(("take_profit", (decimal)exit), (close.Reason, close.Price));
        await engine.FillAsync(close);
        await AssertClosedAsync(engine, order.PositionId, "take_profit", (decimal)exit, (decimal)pnl);
    }

    [Fact]
    public async Task Price_is_acknowledged_so_it_never_closes_a_position_opened_later()
    {
        await using var engine = await TestEngine.StartAsync();

        await engine.PriceAsync(48_000m, 48_001m);

        Assert.Equal(0, await engine.DepthAsync(StreamNames.Market));
        await engine.OpenAsync(SentSignal.Buy("s-1"));
        Assert.Single(engine.Orders);
    }

    [Fact]
    public async Task Fills_in_parts_and_repeated_fills_count_once()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("s-1"));
        var order = Assert.Single(engine.Orders);
        var first = order.Part("f1", 0.04m, 50_000m, "partially_filled");
        var second = order.Part("f2", 0.06m, 50_010m, "filled");
        await engine.PushAsync(StreamNames.Updates, first, first);
        await engine.PushAsync(StreamNames.Updates, second, first, second);

        var entry = Assert.Single(await engine.IndexAsync());
        Assert.Equal((0.1m, 50_006m), (entry.Quantity, entry.AverageOpen));
        Assert.Equal(OrderStatus.Filled, (await engine.PositionAsync(order.PositionId)).Orders[0].Status);
    }

    [Fact]
    public async Task Rejected_order_ends_the_position_as_rejected()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("s-1"));
        var order = Assert.Single(engine.Orders);

        await engine.PushAsync(StreamNames.Updates, order.Ended("rejected", "no margin"));

        var position = await engine.PositionAsync(order.PositionId);
        Assert.Equal((PositionPhase.Rejected, RejectReason.VenueRejected), (position.Phase, position.Reject));
        Assert.Equal("no margin", position.Orders[0].Text);
        Assert.Empty(await engine.IndexAsync());
        var totals = (await engine.Engine.GetStatusAsync()).Totals;
        Assert.Equal((1, 0, 1, 0), (totals.Orders, totals.Opened, totals.Rejected, totals.Active));
    }

    [Fact]
    public async Task Refused_close_is_sent_again_under_another_id()
    {
        await using var engine = await TestEngine.StartAsync();
        var order = await engine.OpenAsync(SentSignal.Buy("s-1"));
        await engine.PriceAsync(48_000m, 48_001m);
        var refused = engine.Orders[^1];

        await engine.PushAsync(StreamNames.Updates, refused.Ended("rejected", "busy"));
        Assert.Equal(2, engine.Orders.Length);
        engine.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.HoldsAsync("the close to be sent again", () => engine.Orders.Length == 3);

        var again = engine.Orders[^1];
        Assert.NotEqual(refused.OrderId, again.OrderId);
        Assert.Equal(("stop_loss", 0.1m), (again.Reason, again.Quantity));
        await engine.FillAsync(again);
        Assert.Equal(PositionPhase.Closed, (await engine.PositionAsync(order.PositionId)).Phase);
    }

    private static async Task AssertClosedAsync(
        TestEngine engine, string positionId, string reason, decimal exitPrice, decimal pnl)
    {
        var position = await engine.PositionAsync(positionId);
        Assert.Equal((PositionPhase.Closed, 0m, reason), (position.Phase, position.Held, position.CloseReason));
        Assert.Equal(2, engine.Orders.Length);
        Assert.Empty(await engine.IndexAsync());
        await engine.ArmedAsync("BTCUSD");

        var totals = (await engine.Engine.GetStatusAsync()).Totals;
        Assert.Equal((2, 1, 1, 0), (totals.Orders, totals.Opened, totals.Closed, totals.Rejected));
        Assert.Equal((0, 0, 0), (totals.Active, totals.Long, totals.Short));
        Assert.Equal(pnl, totals.Realized);
        var strategy = await engine.Partition.ReadCountersAsync(
            Contributions.StrategyGroup("default", SentSignal.DefaultStrategy));
        Assert.Equal(1, strategy!.Fields["trades"]);
        Assert.Equal(1, strategy.Fields[pnl > 0m ? "wins" : "losses"]);

        var trade = Assert.Single(await engine.ListAsync(BoardKeys.RecentTrades));
        Assert.Equal(positionId, (string?)trade["position_id"]);
        Assert.Equal(reason, (string?)trade["reason"]);
        Assert.Equal((50_000m, exitPrice, pnl), (Number(trade, "entry_price"), Number(trade, "exit_price"), Number(trade, "pnl")));
    }

    private static decimal Number(JsonNode node, string name) => (decimal)node[name]!;
}
