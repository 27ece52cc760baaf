using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>The kill switch, the way back, and halts of one symbol, strategy or tier.</summary>
public sealed class KillTests
{
    private static readonly EngineCommand Kill = new("kill", "test") { Reason = "drill" };

    [Fact]
    public async Task Kill_cancels_what_works_lets_nothing_out_and_outlives_the_silo()
    {
        await using var engine = await TestEngine.StartAsync();
        var held = await engine.OpenAsync(SentSignal.Buy("held"));
        await engine.SignalAsync(SentSignal.Buy("working"));
        var working = engine.Orders[^1];

        Assert.True((await engine.Engine.CommandAsync(Kill)).IsCompleted);

        await Eventually.HoldsAsync("the working order to be cancelled", () => Task.FromResult(
            engine.Orders[^1].Type == "cancel" && engine.Orders[^1].PositionId == working.PositionId));
        var sent = engine.Orders.Length;
        await engine.SignalAsync(SentSignal.Buy("late"));
        await engine.PriceAsync(48_000m, 48_001m);
        Assert.Equal("rejected", (await engine.Engine.ClosePositionAsync(held.PositionId, "test")).Status);
        await engine.RestartAsync();
        Assert.Equal((EngineMode.Killed, "kill by test: drill"), await ModeAsync(engine));
        await engine.SignalAsync(SentSignal.Buy("later"));
        Assert.All(engine.Orders.Skip(sent), order => Assert.Equal("cancel", order.Type));
        Assert.Equal("rejected", (await engine.Engine.ExecuteAsync("start", "test")).Status);

        Assert.Equal("rejected", (await engine.Engine.ExecuteAsync("reset", "test")).Status);
        Assert.True((await engine.Engine.CommandAsync(new EngineCommand("reset", "test") { Reason = "drill is over" })).IsCompleted);

        Assert.Equal((EngineMode.ReduceOnly, "reset by test: drill is over"), await ModeAsync(engine));
        Assert.Equal("completed", (await engine.Engine.ClosePositionAsync(held.PositionId, "test")).Status);
        Assert.Equal(("close", held.PositionId), (engine.Orders[^1].Type, engine.Orders[^1].PositionId));
    }

    [Fact]
    public async Task Kill_that_flattens_closes_every_position()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        await engine.SignalAsync(SentSignal.Buy("s-1"), SentSignal.Buy("s-2") with { Symbol = "ETHUSD" });

        Assert.True((await engine.Engine.CommandAsync(Kill with { IsFlattening = true })).IsCompleted);

        await Eventually.HoldsAsync("all positions to be closed", async () =>
            (await engine.Engine.GetStatusAsync()).Totals is { Active: 0, Closed: 2 });
        Assert.Equal(EngineMode.KilledFlattening, (await ModeAsync(engine)).Mode);
    }

    [Fact]
    public async Task Halt_refuses_one_symbol_and_side_until_it_is_lifted_or_over()
    {
        await using var engine = await TestEngine.StartAsync();
        var halt = new EngineCommand("halt", "test") { Reason = "news", Scope = HaltScopes.Symbol("BTCUSD", Trading.Orders.Side.Buy) };
        Assert.Equal("rejected", (await engine.Engine.CommandAsync(halt with { Scope = null })).Status);
        Assert.Equal("rejected", (await engine.Engine.CommandAsync(halt with { Reason = null })).Status);
        Assert.Equal("rejected", (await engine.Engine.CommandAsync(halt with { Action = "unhalt" })).Status);

        Assert.True((await engine.Engine.CommandAsync(halt)).IsCompleted);
        var refused = SentSignal.Buy("refused");
        await engine.SignalAsync(refused, SentSignal.Buy("other") with { Symbol = "ETHUSD" });

        var state = await engine.PositionAsync(refused.OpensPosition);
        Assert.Equal((PositionPhase.Rejected, RejectReason.SymbolHalted), (state.Phase, state.Reject));
        Assert.Equal("other", Assert.Single(engine.Orders).SignalId);
        var view = Assert.Single((await engine.Engine.GetStatusAsync()).Halts);
        Assert.Equal(("symbol-buy/BTCUSD", "operator", "news", null), (view.Scope, view.Halt.By, view.Halt.Reason, view.Halt.Until));

        Assert.True((await engine.Engine.CommandAsync(halt with { Action = "unhalt" })).IsCompleted);
        await engine.SignalAsync(SentSignal.Buy("lifted"));
        Assert.Equal("lifted", engine.Orders[^1].SignalId);
        Assert.True((await engine.Engine.CommandAsync(halt with { Duration = TimeSpan.FromMinutes(1) })).IsCompleted);
        Assert.Equal(engine.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), (await engine.Engine.GetStatusAsync()).Halts[0].Halt.Until);
        engine.Clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync("the halt to be over", async () => (await engine.Engine.GetStatusAsync()).Halts.IsEmpty);
    }

    private static async Task<(EngineMode Mode, string Reason)> ModeAsync(TestEngine engine)
    {
        var status = await engine.Engine.GetStatusAsync();
        return (status.Mode, status.ModeReason);
    }
}
