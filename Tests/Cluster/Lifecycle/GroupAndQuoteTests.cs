using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Arbitrage groups, quotes and the orders' own faults, over the queues alone.</summary>
public sealed class GroupAndQuoteTests
{
    private const string Arbitrage =
        """{"signal_id":"a-1","action":"arbitrage","symbol":"BTCUSD","quantity":0.2,"buy_price":50000,"sell_price":50010,"buy_exchange":"a","sell_exchange":"b"}""";

    [Fact]
    public async Task Rejected_leg_flattens_its_partner_at_the_partners_venue()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PushAsync(StreamNames.HftSignals, Arbitrage);
        var (buy, sell) = (Leg(engine, "buy"), Leg(engine, "sell"));
        await engine.FillAsync(buy);

        await engine.PushAsync(StreamNames.Updates, sell.Ended("rejected", "no margin"));

        Assert.Equal(3, engine.Orders.Length);
        var close = engine.Orders[^1];
        Assert.Equal(("close", "sell", 0.2m, "leg_rejected"), (close.Type, close.Side, close.Quantity, close.Reason));
        Assert.Contains("\"venue\":\"a\"", close.Json, StringComparison.Ordinal);
        await engine.FillAsync(close, 49_990m);
        var position = await engine.PositionAsync(close.PositionId);
        Assert.Equal((PositionPhase.Closed, "leg_rejected", -2m), (position.Phase, position.CloseReason, position.Realized));
        Assert.Empty(await engine.IndexAsync());
    }

    [Fact]
    public async Task Group_whose_partner_never_answers_is_flattened_after_its_timeout()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PushAsync(StreamNames.HftSignals, Arbitrage);
        await engine.FillAsync(Leg(engine, "buy"));

        engine.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.HoldsAsync("a cancel and a close", () => engine.Orders.Length == 4);

        Assert.Equal(["cancel", "close"], engine.Orders.Skip(2).Select(order => order.Type).Order());
        Assert.All(engine.Orders.Skip(2), order => Assert.Equal("leg_timeout", order.Reason));
    }

    [Fact]
    public async Task Complete_group_is_closed_with_its_spread()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;

        await engine.PushAsync(StreamNames.HftSignals, Arbitrage);

        var position = await engine.PositionAsync(engine.Orders[0].PositionId);
        Assert.Equal((PositionPhase.Closed, "arbitrage_complete", 2m), (position.Phase, position.CloseReason, position.Realized));
        Assert.Equal(2, engine.Orders.Length);
    }

    [Fact]
    public async Task Next_quote_replaces_the_last_one_when_its_cancels_are_confirmed()
    {
        await using var engine = await TestEngine.StartAsync();
        var second = Quote("q-2", 49_980, 50_000);
        await engine.PushAsync(StreamNames.HftSignals, Quote("q-1", 49_990, 50_010));
        Assert.Equal(["market_making", "market_making"], engine.Orders.Select(order => order.Type));

        await engine.PushAsync(StreamNames.HftSignals, second, second);
        Assert.Equal(["cancel", "cancel"], engine.Orders.Skip(2).Select(order => order.Type));
        await engine.PushAsync(StreamNames.Updates, engine.Orders[0].Ended("cancelled", ""));
        Assert.Equal(4, engine.Orders.Length);
        await engine.PushAsync(StreamNames.Updates, engine.Orders[1].Ended("cancelled", ""));

        Assert.Equal([49_980m, 50_000m], engine.Orders.Skip(4).Select(order => order.Price).Order());
        Assert.All(engine.Orders.Skip(4), order => Assert.Contains(second, order.Json, StringComparison.Ordinal));
        Assert.Single(engine.Orders.Select(order => order.PositionId).Distinct());
        Assert.Single(await engine.IndexAsync());
    }

    [Fact]
    public async Task Quotes_that_wait_are_dropped_when_the_engine_was_paused_meanwhile()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PushAsync(StreamNames.HftSignals, Quote("q-1", 49_990, 50_010));
        await engine.PushAsync(StreamNames.HftSignals, Quote("q-2", 49_980, 50_000));
        Assert.True((await engine.Engine.ExecuteAsync("pause", "test")).IsCompleted);

        await engine.PushAsync(
            StreamNames.Updates, engine.Orders[0].Ended("cancelled", ""), engine.Orders[1].Ended("cancelled", ""));

        Assert.Equal(4, engine.Orders.Length);
        Assert.Equal(PositionPhase.Rejected, (await engine.PositionAsync(engine.Orders[0].PositionId)).Phase);
    }

    [Fact]
    public async Task Stop_flattens_groups_and_quotes_too()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PushAsync(StreamNames.HftSignals, Quote("q-1", 49_990, 50_010));
        await engine.FillAsync(engine.Orders.Single(order => order.Action == "buy"));

        await engine.Engine.ExecuteAsync("stop", "test");

        Assert.Equal([("cancel", "stop"), ("close", "stop")], engine.Orders.Skip(2).Select(order => (order.Type, order.Reason!)).Order());
    }

    [Fact]
    public async Task Report_that_names_the_order_alone_finds_its_position()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("s-1"));
        var order = engine.Orders[0];

        await engine.PushAsync(
            StreamNames.Updates,
            $$"""{"order_id":"{{order.OrderId}}","fill_id":"1","last_quantity":0.1,"last_price":50000,"cumulative_quantity":0.1,"status":"filled"}""");

        Assert.Equal((PositionPhase.Open, 0.1m), (
            (await engine.PositionAsync(order.PositionId)).Phase, (await engine.PositionAsync(order.PositionId)).Held));
        Assert.Empty(await engine.ListAsync(BoardKeys.DeadLetters));
    }

    [Fact]
    public async Task Overfill_stops_entries_of_its_symbol_and_lets_its_exit_pass()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("s-1"));
        var order = engine.Orders[0];
        await engine.PushAsync(StreamNames.Updates, order.Part("f1", 0.11m, 50_000m, "filled"));

        var halted = (await engine.Partition.ReadControlAsync(TestContext.Current.CancellationToken)).Halts[HaltScopes.Symbol("BTCUSD")];
        Assert.Equal($"overfill of 0.01 lots on order {order.OrderId}", Assert.Single(DomainJson.ReadHalts(halted)).Reason);
        var late = SentSignal.Buy("s-2");
        await engine.SignalAsync(late, SentSignal.Buy("s-3") with { Symbol = "ETHUSD" });
        Assert.Equal(RejectReason.SymbolHalted, (await engine.PositionAsync(late.OpensPosition)).Reject);
        Assert.Equal(["s-1", "s-3"], engine.Orders.Select(sent => sent.SignalId));
        await engine.PriceAsync(48_000m, 48_001m);
        Assert.Equal(("close", 0.11m), (engine.Orders[^1].Type, engine.Orders[^1].Quantity));
        Assert.Equal(OrderStatus.Filled, (await engine.PositionAsync(order.PositionId)).Orders[0].Status);
    }

    [Fact]
    public async Task Limit_order_goes_out_with_its_level_and_its_time_in_force()
    {
        await using var engine = await TestEngine.StartAsync();

        await engine.PushAsync(
            StreamNames.FastSignals,
            """{"signal_id":"l-1","action":"buy","symbol":"BTCUSD","quantity":0.1,"order_type":"limit","limit_price":49500,"time_in_force":"ioc"}""");

        var json = Assert.Single(engine.Orders).Json;
        Assert.Contains("\"order_type\":\"limit\",\"limit_price\":49500,\"time_in_force\":\"ioc\"", json, StringComparison.Ordinal);
    }

    private static SentOrder Leg(TestEngine engine, string action) => engine.Orders.Single(order => order.Action == action);

    private static string Quote(string id, int bid, int ask) =>
        $$"""{"signal_id":"{{id}}","action":"market_making","symbol":"BTCUSD","quantity":0.1,"bid":{{bid}},"ask":{{ask}}}""";
}
