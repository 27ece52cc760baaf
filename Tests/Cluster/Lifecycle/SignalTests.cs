using System.Text;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Which messages are signals, and which of them are the same.</summary>
public sealed class SignalTests
{
    [Fact]
    public async Task Same_signal_id_is_one_order_in_one_batch_in_two_and_after_its_position_is_over()
    {
        await using var engine = await TestEngine.StartAsync();
        var signal = SentSignal.Buy("s-1");

        await engine.SignalAsync(signal, signal);
        await engine.SignalAsync(signal);
        var order = Assert.Single(engine.Orders);
        await engine.FillAsync(order);
        await engine.SignalAsync(signal with { Quantity = 7m });
        await engine.Engine.ClosePositionAsync(order.PositionId, "test");
        await engine.IdleAsync();
        await engine.FillAsync(engine.Orders[^1]);
        Assert.Equal(PositionPhase.Closed, (await engine.PositionAsync(order.PositionId)).Phase);
        await engine.SignalAsync(signal);

        Assert.Equal(2, engine.Orders.Length);
    }

    [Fact]
    public async Task Signals_of_one_strategy_keep_their_order_and_a_close_meets_all_that_came_before()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PriceAsync(50_000m, 50_001m);
        var ids = Enumerable.Range(0, 600).Select(i => $"s-{i:000}").ToArray();
        foreach (var part in ids.Chunk(7))
        {
            // Not waited for: batches pile up behind each other.
            await engine.Store.Queues.PushAsync(
                StreamNames.FastSignals, [.. part.Select(id => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(SentSignal.Buy(id).Json))],
                TestContext.Current.CancellationToken);
        }

        await engine.PushAsync(
            StreamNames.FastSignals, """{"signal_id":"end","action":"close","symbol":"BTCUSD","strategy":"trend_following"}""");
        Assert.Equal(ids, engine.Orders.Take(ids.Length).Select(order => order.SignalId));
        Assert.Equal(ids.Length, engine.Orders.Skip(ids.Length).Select(order => order.PositionId).Distinct().Count());
    }

    [Fact]
    public async Task Equal_signals_without_an_id_are_two_orders()
    {
        await using var engine = await TestEngine.StartAsync();
        var signal = SentSignal.Buy("") with { SignalId = null };

        await engine.SignalAsync(signal, signal);

        Assert.Equal(2, engine.Orders.Select(order => order.OrderId).Distinct().Count());
        Assert.Equal(2, engine.Orders.Length);
    }

    [Fact]
    public async Task Messages_that_are_no_signals_are_set_aside_and_their_neighbours_trade()
    {
        await using var engine = await TestEngine.StartAsync();
        string[] bad =
        [
            "not json", "[1,2]", """{"action":"dance","symbol":"BTCUSD"}""", """{"action":"buy"}""",
            """{"action":"buy","symbol":"BTCUSD","quantity":-1,"entry_price":1}""",
            """{"action":"buy","symbol":"BTCUSD","quantity":"NaN","entry_price":1}""",
        ];

        await engine.PushAsync(
            StreamNames.FastSignals, [SentSignal.Buy("s-1").Json, .. bad, SentSignal.Buy("s-2").Json]);

        Assert.Equal(["s-1", "s-2"], engine.Orders.Select(order => order.SignalId).Order());
        var letters = await engine.ListAsync(BoardKeys.DeadLetters);
        Assert.Equal(
            ["MALFORMED", "MALFORMED", "UNKNOWN_ACTION", "INVALID_FIELD", "INVALID_FIELD", "INVALID_FIELD"],
            letters.Reverse().Select(letter => (string)letter["reason"]!));
        Assert.Equal(bad, letters.Reverse().Select(letter =>
            (string)letter["text"]!));
        Assert.All(letters, letter => Assert.Equal(StreamNames.FastSignals, (string?)letter["queue"]));
    }

    [Fact]
    public async Task Unreadable_reports_commands_prices_and_tactical_signals_are_set_aside_too()
    {
        await using var engine = await TestEngine.StartAsync();
        string[] queues =
        [
            StreamNames.HftSignals, StreamNames.TacticalSignals, StreamNames.Updates, StreamNames.Commands, StreamNames.Market,
        ];

        foreach (var queue in queues)
        {
            await engine.PushAsync(queue, """{"nothing":"known"}""");
        }

        var letters = await engine.ListAsync(BoardKeys.DeadLetters);
        Assert.Equal(queues, letters.Reverse().Select(letter => (string)letter["queue"]!));
    }

    [Fact]
    public async Task Hold_is_acknowledged_and_does_nothing()
    {
        await using var engine = await TestEngine.StartAsync();

        await engine.SignalAsync(SentSignal.Buy("s-1") with { Action = "hold" });

        Assert.Empty(engine.Orders);
        Assert.Empty(await engine.ListAsync(BoardKeys.DeadLetters));
        Assert.Equal(0, await engine.DepthAsync(StreamNames.FastSignals));
    }

    [Fact]
    public async Task Short_form_of_tier_1_is_one_order_that_repeats_its_signal()
    {
        await using var engine = await TestEngine.StartAsync();
        const string Signal =
            """{"signal_id":"h-1","action":"arbitrage","symbol":"BTCUSD","side":"sell","quantity":0.2,"price":50000}""";

        await engine.PushAsync(StreamNames.HftSignals, Signal, Signal);

        var order = Assert.Single(engine.Orders);
        Assert.Equal(("arbitrage", "sell", 0.2m), (order.Type, order.Action, order.Quantity));
        Assert.Contains(Signal, order.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arbitrage_sends_both_legs_in_one_group()
    {
        await using var engine = await TestEngine.StartAsync();

        await engine.PushAsync(
            StreamNames.HftSignals,
            """{"signal_id":"h-1","action":"arbitrage","symbol":"BTCUSD","quantity":0.2,"buy_price":50000,"sell_price":50010,"buy_exchange":"a","sell_exchange":"b"}""");

        Assert.Equal(["buy", "sell"], engine.Orders.Select(order => order.Action).Order());
        Assert.Single(engine.Orders.Select(order => order.PositionId).Distinct());
        Assert.Equal(2, engine.Orders.Select(order => order.OrderId).Distinct().Count());
        Assert.All(engine.Orders, order => Assert.Contains("\"group_id\"", order.Json, StringComparison.Ordinal));
    }
}
