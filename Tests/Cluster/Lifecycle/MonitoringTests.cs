using System.Globalization;
using System.Text.Json;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>What the engine sees of its open positions each second, and shows.</summary>
public sealed class MonitoringTests
{
    [Fact]
    public async Task Status_and_position_stats_show_what_is_held_at_the_last_price()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PriceAsync(50_000m, 50_001m);
        var first = await engine.OpenAsync(SentSignal.Buy("long") with { Quantity = 2m });
        await engine.SignalAsync(
            SentSignal.Buy("short") with { Action = "sell", StopLoss = 51_000m, TakeProfit = 49_000m, EntryPrice = 50_000m });
        await engine.FillAsync(engine.Orders[1]);
        await engine.ArmedAsync("BTCUSD", first.PositionId, engine.Orders[1].PositionId);
        await engine.PriceAsync(50_100m, 50_110m);
        engine.Clock.Advance(TimeSpan.FromSeconds(4));

        var view = (await engine.Engine.GetStatusAsync()).Monitoring;
        Assert.Equal((2, 2, 0, 0), (view.Watched, view.Armed, view.Overdue, view.InDoubt));
        Assert.Equal(TimeSpan.FromSeconds(4), view.OldestAge);
        Assert.Empty(view.StaleSymbols);
        var mark = Assert.Single(view.Marks);
        var entries = await engine.IndexAsync();
        var profit = entries.Sum(entry => entry.Quantity * ((entry.Quantity > 0m ? 50_100m : 50_110m) - entry.AverageOpen));
        Assert.Equal(("default", profit, 2m * 50_100m, 0.1m * 50_110m), (mark.Account, mark.Unrealized, mark.Long, mark.Short));

        await Eventually.HoldsAsync("position_stats to show both", async () =>
        {
            var shown = await engine.Store.Board.ReadHashAsync(BoardKeys.PositionStats);
            return shown.GetValueOrDefault("armed") == "2" && shown["total_positions"] == "2" && shown["long_positions"] == "1"
                && JsonDocument.Parse(shown["marks"]).RootElement[0].GetProperty("unrealized_pnl").GetDecimal() == profit;
        });
    }

    [Fact]
    public async Task Price_that_stopped_and_order_without_an_answer_are_shown()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PriceAsync(50_000m, 50_001m);
        await engine.SignalAsync(SentSignal.Buy("unanswered"));

        engine.Clock.Advance(TimeSpan.FromSeconds(31));

        await Eventually.HoldsAsync("the doubt", async () =>
        {
            var view = (await engine.Engine.GetStatusAsync()).Monitoring;
            return view is { Watched: 1, Armed: 0, InDoubt: 1 } && view.StaleSymbols.SequenceEqual(["BTCUSD"]);
        });
    }

    [Fact]
    public async Task Position_that_is_over_is_not_watched_and_its_late_change_is_ignored()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PriceAsync(50_000m, 50_001m);
        var order = await engine.OpenAsync(SentSignal.Buy("gone"));
        var entry = Assert.Single(await engine.IndexAsync());
        engine.Fills = true;
        await engine.Engine.ClosePositionAsync(order.PositionId, "test");
        var instrument = engine.Cluster.GetGrain<IInstrumentGrain>("BTCUSD");
        await Eventually.HoldsAsync("nothing to be watched", async () => (await instrument.GetReportAsync()).Positions == 0);

        await instrument.FollowAsync(entry, isOver: false);

        await instrument.WakeAsync();
        Assert.Equal((0, 0), ((await instrument.GetReportAsync()).Positions, (await instrument.GetExitsAsync()).Armed));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-3, true)]
    [InlineData(60, false)]
    [InlineData(null, false)]
    public async Task Price_that_a_feed_only_left_in_its_hash_reaches_exits_where_it_is_dated(int? secondsFromNow, bool isTaken)
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var order = await engine.OpenAsync(SentSignal.Buy("t"));
        engine.Clock.Advance(TimeSpan.FromSeconds(10));
        var hash = new Dictionary<string, string> { ["bid"] = "45000", ["ask"] = "45001", ["category"] = "crypto" };
        if (secondsFromNow is { } seconds)
        {
            hash["timestamp"] = (engine.Clock.GetUtcNow().AddSeconds(seconds) - DateTimeOffset.UnixEpoch).TotalSeconds
                .ToString(CultureInfo.InvariantCulture);
        }

        await engine.Store.Board.SetHashAsync(BoardKeys.MarketData + "BTCUSD", hash, TestContext.Current.CancellationToken);

        var instrument = engine.Cluster.GetGrain<IInstrumentGrain>("BTCUSD");
        if (isTaken)
        {
            await Eventually.HoldsAsync("the stop", async () => engine.Orders.Length == 2 && (await instrument.GetReportAsync()).Positions == 0);
            Assert.Equal(("close", order.PositionId, "stop_loss"), (engine.Orders[1].Type, engine.Orders[1].PositionId, engine.Orders[1].Reason));
            return;
        }

        await instrument.WakeAsync();
        await engine.IdleAsync();
        Assert.False((await instrument.GetPriceAsync()).IsKnown);
        Assert.Single(engine.Orders);
    }
}
