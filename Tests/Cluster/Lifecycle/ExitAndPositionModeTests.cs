using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Signals that change what is open, and closes by signal and by client.</summary>
public sealed class ExitAndPositionModeTests
{
    [Fact]
    public async Task Close_signal_closes_all_positions_of_its_strategy_and_symbol_and_no_others()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        await engine.SignalAsync(
            SentSignal.Buy("a"), SentSignal.Sell("b"), SentSignal.Buy("other") with { Strategy = "breakout" },
            SentSignal.Buy("else") with { Symbol = "ETHUSD" });

        await engine.SignalAsync(new SentSignal { SignalId = "exit", Action = "close" });

        var closes = engine.Orders.Where(order => order.Type == "close").ToList();
        Assert.Equal(["a", "b"], closes.Select(order => order.SignalId).Order());
        Assert.All(closes, order => Assert.Equal("signal", order.Reason));
        Assert.Equal("other", (await engine.PositionAsync(Assert.Single(await engine.IndexAsync()).Id)).SignalId);
        Assert.Single(await engine.IndexAsync("ETHUSD"));
    }

    [Fact]
    public async Task Close_signal_with_a_position_closes_that_one()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        await engine.SignalAsync(SentSignal.Buy("a"), SentSignal.Buy("b"));
        var wanted = SentSignal.Buy("b").OpensPosition;

        await engine.SignalAsync(new SentSignal { SignalId = "exit", Action = "close", PositionId = wanted });

        Assert.Equal(wanted, Assert.Single(engine.Orders, order => order.Type == "close").PositionId);
        Assert.Equal(SentSignal.Buy("a").OpensPosition, Assert.Single(await engine.IndexAsync()).Id);
    }

    [Fact]
    public async Task Close_before_the_fill_cancels_the_entry()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("a"));
        var entry = engine.Orders[0];

        await engine.Engine.ClosePositionAsync(entry.PositionId, "test");
        await engine.IdleAsync();

        var cancel = engine.Orders[1];
        Assert.Equal(("cancel", "cancel"), (cancel.Type, cancel.Action));
        Assert.Contains($"\"target_order_id\":\"{entry.OrderId}\"", cancel.Json, StringComparison.Ordinal);
        await engine.PushAsync(StreamNames.Updates, entry.Ended("cancelled", "asked to"));
        Assert.Equal(PositionPhase.Rejected, (await engine.PositionAsync(entry.PositionId)).Phase);
        Assert.Equal(2, engine.Orders.Length);
    }

    [Fact]
    public async Task Net_adds_reduces_and_flips_one_position()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var buy = SentSignal.Buy("n-1") with { Strategy = TestOptions.NetStrategy, Quantity = 1m };
        var sell = SentSignal.Sell("n-3") with { Strategy = TestOptions.NetStrategy };

        await engine.SignalAsync(buy);
        await engine.SignalAsync(buy with { SignalId = "n-2", Quantity = 2m });
        var net = Assert.Single(await engine.IndexAsync());
        Assert.Equal((buy.OpensPosition, 3m), (net.Id, net.Quantity));

        await engine.SignalAsync(sell with { Quantity = 1m });
        Assert.Equal(2m, Assert.Single(await engine.IndexAsync()).Quantity);

        await engine.SignalAsync(sell with { SignalId = "n-4", Quantity = 5m });
        var flipped = Assert.Single(await engine.IndexAsync());
        Assert.Equal(((sell with { SignalId = "n-4" }).OpensPosition, -3m), (flipped.Id, flipped.Quantity));
        Assert.Equal(PositionPhase.Closed, (await engine.PositionAsync(buy.OpensPosition)).Phase);
        Assert.Equal([1m, 2m, 1m, 2m, 3m], engine.Orders.Select(order => order.Quantity));
    }

    [Fact]
    public async Task Net_repeats_no_signal()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var open = SentSignal.Buy("n-1") with { Strategy = TestOptions.NetStrategy, Quantity = 1m };
        var add = open with { SignalId = "n-2" };
        var reduce = SentSignal.Sell("n-3") with { Strategy = TestOptions.NetStrategy, Quantity = 0.5m };
        var close = reduce with { SignalId = "n-4", Quantity = 1.5m };

        foreach (var signal in new[] { open, add, reduce, close })
        {
            await engine.SignalAsync(signal);
            await engine.SignalAsync(signal);
        }

        await engine.SignalAsync(open, add, reduce, close);

        Assert.Equal([1m, 1m, 0.5m, 1.5m], engine.Orders.Select(order => order.Quantity));
        Assert.Empty(await engine.IndexAsync());
    }

    [Fact]
    public async Task Signals_of_one_batch_find_open_what_those_before_them_opened()
    {
        await using var engine = await TestEngine.StartAsync();
        var buy = SentSignal.Buy("n-1") with { Strategy = TestOptions.NetStrategy, Quantity = 1m };

        await engine.SignalAsync(
            buy, buy with { SignalId = "n-2" }, SentSignal.Buy("h-1"), new SentSignal { SignalId = "h-2", Action = "close" });

        Assert.Equal(
            ["n-1", "n-2"], engine.Orders.Where(order => order.PositionId == buy.OpensPosition).Select(order => order.SignalId));
        Assert.Equal(
            ["open", "cancel"],
            engine.Orders.Where(order => order.PositionId == SentSignal.Buy("h-1").OpensPosition).Select(order => order.Type));
        Assert.Equal(4, engine.Orders.Length);
    }

    [Fact]
    public async Task Close_signal_sent_again_leaves_what_was_opened_since()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var exit = new SentSignal { SignalId = "exit", Action = "close" };

        await engine.SignalAsync(SentSignal.Buy("a"));
        await engine.SignalAsync(exit);
        await engine.SignalAsync(SentSignal.Buy("b"));
        await engine.SignalAsync(exit);

        Assert.Equal(["open", "close", "open"], engine.Orders.Select(order => order.Type));
        Assert.Equal(SentSignal.Buy("b").OpensPosition, Assert.Single(await engine.IndexAsync()).Id);
    }

    [Theory]
    [InlineData(TestOptions.NetStrategy)]
    [InlineData(TestOptions.ReverseStrategy)]
    public async Task Refused_entry_does_not_hold_up_the_exit_that_came_with_it(string strategy)
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        engine.Fills = true;
        await engine.PriceAsync(49_999m, 50_001m);
        var buy = SentSignal.Buy("x-1") with { Strategy = strategy };
        var sell = SentSignal.Sell("x-2") with { Strategy = strategy, Quantity = 1m };
        await engine.SignalAsync(buy);

        await engine.SignalAsync(sell);
        await engine.SignalAsync(sell);

        Assert.Equal(["open", "close"], engine.Orders.Select(order => order.Type));
        Assert.Empty(await engine.IndexAsync());
        Assert.Equal(PositionPhase.Closed, (await engine.PositionAsync(buy.OpensPosition)).Phase);
        Assert.Equal(
            (PositionPhase.Rejected, RejectReason.PositionLimit),
            ((await engine.PositionAsync(sell.OpensPosition)).Phase, (await engine.PositionAsync(sell.OpensPosition)).Reject));
        Assert.Equal(0, await engine.DepthAsync(StreamNames.FastSignals));
    }

    [Fact]
    public async Task Reverse_closes_the_opposite_side_and_opens_anew_once_a_signal()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var buy = SentSignal.Buy("r-1") with { Strategy = TestOptions.ReverseStrategy };
        var sell = SentSignal.Sell("r-3") with { Strategy = TestOptions.ReverseStrategy };

        await engine.SignalAsync(buy);
        await engine.SignalAsync(buy with { SignalId = "r-2" });
        Assert.Single(engine.Orders);
        await engine.SignalAsync(sell);
        await engine.SignalAsync(sell, buy);

        Assert.Equal(["open", "close", "open"], engine.Orders.Select(order => order.Type));
        Assert.Equal(["buy", "close", "sell"], engine.Orders.Select(order => order.Action));
        var entry = Assert.Single(await engine.IndexAsync());
        Assert.Equal((sell.OpensPosition, -0.1m), (entry.Id, entry.Quantity));
    }

    [Theory]
    [InlineData(TestOptions.NetStrategy)]
    [InlineData(TestOptions.ReverseStrategy)]
    public async Task Refused_signal_that_comes_again_when_it_would_flip_sends_nothing_and_holds_up_nobody(string strategy)
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var buy = SentSignal.Buy("x-1") with { Strategy = strategy };
        var sell = SentSignal.Sell("x-2") with { Strategy = strategy, Quantity = 1m };
        await engine.Engine.ExecuteAsync("pause", "test");
        await engine.SignalAsync(sell);
        await engine.Engine.ExecuteAsync("resume", "test");
        await engine.SignalAsync(buy);

        await engine.SignalAsync(sell, new SentSignal { SignalId = "exit", Action = "close", Strategy = strategy });

        Assert.Equal(["open", "close"], engine.Orders.Select(order => order.Type));
        Assert.Equal(RejectReason.TradingHalted, (await engine.PositionAsync(sell.OpensPosition)).Reject);
        Assert.Equal(0, await engine.DepthAsync(StreamNames.FastSignals));
    }
}
