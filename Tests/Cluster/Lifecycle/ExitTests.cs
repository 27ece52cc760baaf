using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>Exits beyond stop and target, from the signal to the close, and over restarts.</summary>
public sealed class ExitTests
{
    [Fact]
    public async Task Trailing_extreme_survives_a_restart()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var order = await engine.OpenAsync(SentSignal.Buy("t") with { TakeProfit = null, TrailingStop = 500m });
        engine.Clock.Advance(TimeSpan.FromSeconds(5));
        await engine.PriceAsync(51_000m, 51_001m);

        await engine.RestartAsync();

        await engine.ArmedAsync("BTCUSD", order.PositionId);
        engine.Clock.Advance(TimeSpan.FromSeconds(5));
        await engine.PriceAsync(50_501m, 50_502m);
        Assert.Single(engine.Orders);
        await engine.PriceAsync(50_490m, 50_491m);

        var close = engine.Orders[1];
        Assert.Equal(("close", order.PositionId, "trailing_stop"), (close.Type, close.PositionId, close.Reason));
    }

    [Fact]
    public async Task Gap_through_a_trailing_stop_leaves_once_with_the_whole_quantity_at_the_gap()
    {
        await using var engine = await TestEngine.StartAsync();
        var order = await engine.OpenAsync(SentSignal.Buy("t") with { TrailingStop = 500m, Quantity = 3m });

        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.PriceAsync(45_000m, 45_001m);
        await engine.PriceAsync(44_000m, 44_001m);

        var close = Assert.Single(engine.Orders, sent => sent.Type == "close");
        Assert.Equal((3m, order.PositionId), (close.Quantity, close.PositionId));
        Assert.Contains("45000", close.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_stop_leaves_without_a_price()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        await engine.PriceAsync(50_000m, 50_001m);
        var order = await engine.OpenAsync(SentSignal.Buy("t") with { TimeStop = 60m });

        engine.Clock.Advance(TimeSpan.FromSeconds(61));

        await Eventually.HoldsAsync("the position to be left", () => Task.FromResult(engine.Orders.Length == 2));
        Assert.Equal(("close", order.PositionId, "time_stop"), (engine.Orders[1].Type, engine.Orders[1].PositionId, engine.Orders[1].Reason));
    }

    [Theory]
    [InlineData("\"trailing_stop\":-1")]
    [InlineData("\"trailing_stop\":5,\"trailing_stop_pct\":1")]
    [InlineData("\"exit_rule\":\"nobody_knows\"")]
    [InlineData("\"exit_rule\":\"trend\",\"exit_parameters\":{\"fast\":30}")]
    [InlineData("\"break_even\":5,\"break_even_offset\":5")]
    public async Task Exit_that_cannot_be_sets_the_signal_aside(string field)
    {
        await using var engine = await TestEngine.StartAsync();

        await engine.PushAsync(StreamNames.FastSignals, $$"""
            {"signal_id":"x","action":"buy","symbol":"BTCUSD","entry_price":50000,"stop_loss":49000,"strategy":"trend",{{field}}}
            """);

        Assert.Empty(engine.Orders);
        Assert.Empty(await engine.IndexAsync());
    }

    [Fact]
    public async Task Price_dated_in_the_future_blinds_no_stop()
    {
        await using var engine = await TestEngine.StartAsync();
        var order = await engine.OpenAsync(SentSignal.Buy("t"));

        await engine.PushAsync(StreamNames.Market, """{"symbol":"BTCUSD","bid":50000,"ask":50001,"timestamp":9999999999}""");
        engine.Clock.Advance(TimeSpan.FromSeconds(1));
        await engine.PriceAsync(48_000m, 48_001m);

        Assert.Equal(("close", order.PositionId, "stop_loss"), (engine.Orders[^1].Type, engine.Orders[^1].PositionId, engine.Orders[^1].Reason));
    }

    [Fact]
    public async Task Position_that_a_late_fill_opens_again_is_watched_again()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("late"));
        var order = engine.Orders[0];
        await engine.PushAsync(StreamNames.Updates, order.Ended("cancelled", "by the venue"));
        await Eventually.HoldsAsync("the instrument to forget it", async () => (await ExitsAsync(engine)).Open == 0);

        await engine.FillAsync(order);

        Assert.Equal(("close", "late_fill"), (engine.Orders[^1].Type, engine.Orders[^1].Reason));
        await Eventually.HoldsAsync("the instrument to know it again", async () => (await ExitsAsync(engine)).Open == 1);
    }

    [Fact]
    public async Task End_of_session_is_kept_after_a_restart_for_a_symbol_that_only_its_feed_declares()
    {
        await using var engine = await TestEngine.StartAsync();
        await PriceOfAcmeAsync(engine, 100m);
        var signal = SentSignal.Buy("t") with { Symbol = "ACME", EntryPrice = 100m, StopLoss = 90m, TakeProfit = null };
        await engine.PushAsync(StreamNames.FastSignals, signal.Json[..^1] + ",\"end_of_session\":true}");
        await engine.FillAsync(engine.Orders[0]);
        await engine.ArmedAsync("ACME", engine.Orders[0].PositionId);

        await engine.RestartAsync();
        await engine.ArmedAsync("ACME", engine.Orders[0].PositionId);
        await PriceOfAcmeAsync(engine, 101m);
        // Behind Friday, 17:00 in New York.
        engine.Clock.SetUtcNow(TestEngine.Started.AddDays(3));

        await Eventually.HoldsAsync("the position to be left", () => Task.FromResult(engine.Orders.Length == 2));
        Assert.Equal(("close", "end_of_session"), (engine.Orders[1].Type, engine.Orders[1].Reason));
    }

    private static Task PriceOfAcmeAsync(TestEngine engine, decimal price) => engine.PushAsync(
        StreamNames.Market, $$"""{"symbol":"ACME","category":"stocks","bid":{{price}},"ask":{{price + 1m}}}""");

    private static Task<ExitBookStatus> ExitsAsync(TestEngine engine) => engine.Cluster.GetGrain<IInstrumentGrain>("BTCUSD").GetExitsAsync();
}
