using System.Globalization;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>What an account loses halts it by itself, over restarts, until an operator says otherwise.</summary>
public sealed class BreakerTests
{
    [Fact]
    public async Task Daily_loss_halts_its_account_and_no_other_until_an_operator_lifts_it()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy with { MaxDailyLoss = 0.0001m });
        await engine.PriceAsync(49_999m, 50_001m);
        await engine.OpenAsync(SentSignal.Buy("held"));

        await engine.PriceAsync(49_849m, 49_851m);

        HaltView? halt = null;
        await Eventually.HoldsAsync("the account to be halted", async () =>
            (halt = (await engine.Engine.GetStatusAsync()).Halts.FirstOrDefault()) is not null);
        Assert.Equal((HaltScopes.Account("default"), "breaker/DAILY_LOSS"), (halt!.Scope, halt.Halt.By));
        Assert.Contains("default lost", halt.Halt.Reason, StringComparison.Ordinal);
        var other = SentSignal.Buy("other") with { Account = "second" };
        await engine.SignalAsync(SentSignal.Buy("refused"), other);
        Assert.Equal("other", engine.Orders[^1].SignalId);
        await engine.RestartAsync();
        Assert.Single((await engine.Engine.GetStatusAsync()).Halts);
        Assert.Equal(EngineMode.Running, (await engine.Engine.GetStatusAsync()).Mode);

        var unhalt = await engine.Engine.CommandAsync(new EngineCommand("unhalt", "test") { Scope = halt.Scope });

        Assert.True(unhalt.IsCompleted, unhalt.Reason);
    }

    [Fact]
    public async Task Deep_drawdown_kills_the_engine_of_a_single_account()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy with { MaxDrawdown = 0.00005m, KillDrawdown = 0.0001m });
        await engine.PriceAsync(49_999m, 50_001m);
        await engine.OpenAsync(SentSignal.Buy("held"));

        await engine.PriceAsync(49_849m, 49_851m);

        await Eventually.HoldsAsync("the engine to be killed", async () =>
            (await engine.Engine.GetStatusAsync()).Mode == EngineMode.Killed);
        var status = await engine.Engine.GetStatusAsync();
        Assert.StartsWith("kill by breaker/MAX_DRAWDOWN: default is at", status.ModeReason, StringComparison.Ordinal);

        // An operator's reset is not taken back by the cause that lasts: the account's own halt stands.
        Assert.True((await engine.Engine.CommandAsync(new EngineCommand("reset", "test") { Reason = "looked at" })).IsCompleted);
        await engine.PriceAsync(49_848m, 49_850m);
        Assert.Equal(EngineMode.ReduceOnly, (await engine.Engine.GetStatusAsync()).Mode);
        Assert.Equal(HaltScopes.Account("default"), Assert.Single((await engine.Engine.GetStatusAsync()).Halts).Scope);
    }

    [Fact]
    public async Task Executor_that_fell_silent_gets_no_entries_until_it_is_heard_of_again()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        await BeatAsync(engine, TimeSpan.Zero);
        await engine.OpenAsync(SentSignal.Buy("held"));

        engine.Clock.Advance(TimeSpan.FromSeconds(6));
        await engine.PriceAsync(49_999m, 50_001m);

        await HaltedAsync(engine, "breaker/VENUE_DOWN");
        await engine.SignalAsync(SentSignal.Buy("refused"));
        Assert.Equal("held", engine.Orders[^1].SignalId);
        await engine.SignalAsync(SentSignal.Buy("leaves") with { Action = "close" });
        Assert.Equal("close", engine.Orders[^1].Type);

        await BeatAsync(engine, TimeSpan.FromSeconds(10));
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        await engine.PriceAsync(49_999m, 50_001m);
        await Eventually.HoldsAsync("the halt to end", async () => (await engine.Engine.GetStatusAsync()).Halts.IsEmpty);
        await engine.SignalAsync(SentSignal.Buy("taken"));
        Assert.Equal("taken", engine.Orders[^1].SignalId);
    }

    [Fact]
    public async Task Strategy_that_meets_its_rate_again_and_again_is_halted()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy with { MaxStrategyRate = 1m, RateBurst = 1 });
        await engine.PriceAsync(49_999m, 50_001m);

        await engine.SignalAsync([.. Enumerable.Range(0, 8).Select(i => SentSignal.Buy(string.Create(CultureInfo.InvariantCulture, $"s-{i}")))]);

        await HaltedAsync(engine, "breaker/RATE_LIMIT");
    }

    private static async Task BeatAsync(TestEngine engine, TimeSpan ahead) => await engine.Store.Board.SetHashAsync(
        BoardKeys.AgentStats + AgentNames.Execution,
        new Dictionary<string, string>
        {
            [AgentFields.HeartbeatInterval] = "1",
            [AgentFields.LastHeartbeat] = (engine.Clock.GetUtcNow() + ahead).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        });

    private static Task HaltedAsync(TestEngine engine, string by) => Eventually.HoldsAsync(
        $"a halt by {by}", async () => (await engine.Engine.GetStatusAsync()).Halts.Any(view => view.Halt.By == by));
}
