using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Commands, and what each mode lets pass.</summary>
public sealed class ModeTests
{
    [Fact]
    public async Task Pause_refuses_entries_for_good_lets_exits_pass_and_resume_takes_entries_again()
    {
        await using var engine = await TestEngine.StartAsync();
        var held = await engine.OpenAsync(SentSignal.Buy("held"));

        Assert.True((await engine.Engine.ExecuteAsync("pause", "test")).IsCompleted);
        var late = SentSignal.Buy("late");
        await engine.SignalAsync(late);

        Assert.Single(engine.Orders);
        var refused = await engine.PositionAsync(late.OpensPosition);
        Assert.Equal((PositionPhase.Rejected, RejectReason.TradingHalted), (refused.Phase, refused.Reject));

        await engine.PriceAsync(48_000m, 48_001m);
        Assert.Equal(("close", held.PositionId), (engine.Orders[^1].Type, engine.Orders[^1].PositionId));
        await engine.FillAsync(engine.Orders[^1]);
        Assert.Equal(PositionPhase.Closed, (await engine.PositionAsync(held.PositionId)).Phase);

        Assert.True((await engine.Engine.ExecuteAsync("resume", "test")).IsCompleted);
        await engine.SignalAsync(late, SentSignal.Buy("new"));

        Assert.Equal(3, engine.Orders.Length);
        Assert.Equal("new", engine.Orders[^1].SignalId);
    }

    [Fact]
    public async Task Stop_closes_every_position_and_the_mode_outlives_the_silo()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        for (var i = 0; i < 5; i++)
        {
            await engine.SignalAsync(SentSignal.Buy($"s-{i}") with { Symbol = i % 2 == 0 ? "BTCUSD" : "ETHUSD" });
        }

        var result = await engine.Engine.ExecuteAsync("stop", "test");

        Assert.Equal(("completed", "stopped: 5 positions closed, none remain"), (result.Status, result.Reason));
        Assert.Equal(10, engine.Orders.Length);
        Assert.Empty(await engine.Engine.GetPositionsAsync());
        await engine.RestartAsync();
        var status = await engine.Engine.GetStatusAsync();
        Assert.Equal((EngineMode.Stopped, 5), (status.Mode, status.Totals.Closed));
        await engine.SignalAsync(SentSignal.Buy("after"));
        Assert.Equal(10, engine.Orders.Length);
        Assert.Equal("rejected", (await engine.Engine.ExecuteAsync("resume", "test")).Status);
        Assert.True((await engine.Engine.ExecuteAsync("start", "test")).IsCompleted);
        await engine.SignalAsync(SentSignal.Buy("again"));
        Assert.Equal("again", engine.Orders[10].SignalId);
    }

    [Fact]
    public async Task Stop_says_what_remains_and_is_stopped_when_the_last_close_is_filled()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.OpenAsync(SentSignal.Buy("s-1"));

        var result = await engine.Engine.ExecuteAsync("stop", "test");

        Assert.Equal("stopping: 1 of 1 positions are still closing", result.Reason);
        Assert.Equal(EngineMode.Stopping, (await engine.Engine.GetStatusAsync()).Mode);
        await engine.FillAsync(engine.Orders[^1]);
        await Eventually.HoldsAsync("the engine to be stopped", async () =>
            (await engine.Engine.GetStatusAsync()).Mode == EngineMode.Stopped);
        Assert.Equal(2, engine.Orders.Length);
    }

    [Fact]
    public async Task Commands_from_the_queue_are_answered_in_the_history()
    {
        await using var engine = await TestEngine.StartAsync();

        await engine.PushAsync(
            StreamNames.Commands, """{"action":"pause"}""", """{"command":"PAUSE","target":"trading"}""",
            """{"action":"resume"}""", """{"action":"dance"}""", """{"action":"close","position_id":"P404"}""");

        var history = (await engine.ListAsync(BoardKeys.CommandHistory)).Reverse().ToList();
        Assert.Equal(
            ["pause completed", "pause completed", "resume completed", "dance rejected", "close rejected"],
            history.Select(answer => $"{answer["command"]} {answer["status"]}"));
        Assert.All(history, answer => Assert.Equal(1_768_392_000m, (decimal)answer["executed_at"]!));
        Assert.Equal(EngineMode.Running, (await engine.Engine.GetStatusAsync()).Mode);
    }

    [Fact]
    public async Task Stop_from_the_queue_is_followed_once_and_answered_when_it_is_done()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        await engine.SignalAsync(SentSignal.Buy("s-1"));

        await engine.PushAsync(StreamNames.Commands, """{"action":"stop"}""");
        await Eventually.HoldsAsync("the answer to stop", async () =>
            (await engine.ListAsync(BoardKeys.CommandHistory)).Count > 0);

        var answer = Assert.Single(await engine.ListAsync(BoardKeys.CommandHistory));
        Assert.Equal("stopped: 1 positions closed, none remain", (string?)answer["reason"]);
        Assert.Equal(2, engine.Orders.Length);
    }

    [Fact]
    public async Task Stop_whose_silo_died_before_it_closed_anything_is_carried_on()
    {
        await using var engine = await TestEngine.StartAsync();
        var held = await engine.OpenAsync(SentSignal.Buy("held"));
        var stop = TestContext.Current.CancellationToken;
        var control = await engine.Partition.ReadControlAsync(stop);

        await engine.Partition.SetModeAsync(control.Version, (int)EngineMode.Stopping, "stop by nobody that lives", [], [], stop);

        await Eventually.HoldsAsync("the position to be left", () => Task.FromResult(engine.Orders.Length == 2));
        Assert.Equal(("close", held.PositionId, "stop"), (engine.Orders[1].Type, engine.Orders[1].PositionId, engine.Orders[1].Reason));
    }

    [Fact]
    public async Task Killed_engine_asks_again_for_a_cancel_that_was_refused_though_a_close_is_wanted_too()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("part") with { Quantity = 0.2m });
        var entry = engine.Orders[0];
        await engine.PushAsync(StreamNames.Updates, entry.Part("1", 0.1m, 50_000m, "partially_filled"));
        await engine.Engine.ClosePositionAsync(entry.PositionId, "test");
        await engine.IdleAsync();
        Assert.True((await engine.Engine.ExecuteAsync("kill", "test")).IsCompleted);
        await Eventually.HoldsAsync("the close to be withdrawn", () => Task.FromResult(Cancels(engine).Length == 2));
        var close = engine.Orders.Single(order => order.Type == "close");

        await engine.PushAsync(StreamNames.Updates, close.Ended("cancelled", "asked to"));
        await engine.PushAsync(StreamNames.Updates, Cancels(engine).Single(cancel => IsOf(cancel, entry)).Ended("cancel_rejected", "not now"));
        engine.Clock.Advance(TimeSpan.FromSeconds(3));

        await Eventually.HoldsAsync("the cancel to be asked again", () => Task.FromResult(Cancels(engine).Count(cancel => IsOf(cancel, entry)) == 2));
        Assert.Single(engine.Orders, order => order.Type == "close");
    }

    private static SentOrder[] Cancels(TestEngine engine) => [.. engine.Orders.Where(order => order.Type == "cancel")];

    private static bool IsOf(SentOrder cancel, SentOrder order) => cancel.Json.Contains($"\"target_order_id\":\"{order.OrderId}\"", StringComparison.Ordinal);
}
