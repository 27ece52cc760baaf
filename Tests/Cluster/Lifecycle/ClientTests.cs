using TradingEngine.Client;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>The public client over a cluster client.</summary>
public sealed class ClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_starts_stops_pauses_resumes_and_tells_the_mode()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var client = new TradingEngineClient(engine.Cluster);

        Assert.True(await client.IsRunningAsync(Stop));
        Assert.True((await client.PauseAsync(Stop)).IsCompleted);
        Assert.False(await client.IsRunningAsync(Stop));
        Assert.Equal(EngineMode.Paused, (await client.GetEngineStatusAsync(Stop)).Mode);
        Assert.True((await client.ResumeAsync(Stop)).IsCompleted);
        Assert.True(await client.IsRunningAsync(Stop));
        Assert.True((await client.StopAsync(Stop)).IsCompleted);
        Assert.Equal(EngineMode.Stopped, (await client.GetEngineStatusAsync(Stop)).Mode);
        Assert.False((await client.ResumeAsync(Stop)).IsCompleted);
        Assert.True((await client.StartAsync(Stop)).IsCompleted);

        var status = await client.GetEngineStatusAsync(Stop);
        Assert.Equal((EngineMode.Running, 1, "test"), (status.Mode, status.Silos, status.Version));
        Assert.Equal([1, 2, 3, 4], status.Tiers.Select(tier => tier.Tier));
        Assert.Equal("open", Assert.Single(status.Accounts).Limits);
        await Eventually.HoldsAsync("tier 1 and 2 to beat", async () =>
            (await client.GetEngineStatusAsync(Stop)).Tiers.Take(2).All(tier => tier.Cycles > 0));
        var store = await client.GetRedisStatusAsync(Stop);
        Assert.True(store is { Connected: true, LatencyMs: >= 0, Error: null });
        Assert.Contains("SQLite", store.Persistence, StringComparison.Ordinal);
        Assert.Equal(0, store.QueueDepths["signals:fast"]);
    }

    [Fact]
    public async Task Client_submits_lists_and_closes()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var client = new TradingEngineClient(engine.Cluster);
        engine.Fills = true;
        await engine.PriceAsync(50_100m, 50_101m);

        await client.SubmitSignalAsync(2, SentSignal.Buy("a").Json, Stop);
        await client.SubmitSignalAsync(2, SentSignal.Sell("b").Json, Stop);
        await engine.IdleAsync();

        var positions = await client.GetPositionsAsync(Stop);
        Assert.Equal(["a", "b"], positions.Select(position => position.Entry.Id == SentSignal.Buy("a").OpensPosition ? "a" : "b").Order());
        var bought = Assert.Single(positions, position => position.Entry.Quantity > 0m);
        Assert.Equal((50_100m, 10m), (bought.Mark, bought.Unrealized));
        var orders = await client.GetOrdersAsync(20, Stop);
        Assert.Equal(["b", "a"], orders.Select(order => order.Order.SignalId));
        Assert.All(orders, order => Assert.Equal(OrderStatus.Filled, order.State!.Status));

        Assert.True((await client.ClosePositionAsync(bought.Entry.Id, Stop)).IsCompleted);
        Assert.False((await client.ClosePositionAsync("P404", Stop)).IsCompleted);
        await engine.IdleAsync();
        Assert.Equal(PositionPhase.Closed, (await engine.PositionAsync(bought.Entry.Id)).Phase);
        Assert.True((await client.CloseAllAsync(Stop)).IsCompleted);
        await engine.IdleAsync();
        Assert.Empty(await client.GetPositionsAsync(Stop));
        Assert.All(engine.Orders.Skip(2), order => Assert.Equal("command", order.Reason));
        Assert.Equal(4, engine.Orders.Length);
    }

    [Fact]
    public async Task Client_tells_what_was_traded_and_how_each_strategy_did_over_a_restart()
    {
        await using var engine = await TestEngine.StartAsync();
        var won = await engine.OpenAsync(SentSignal.Buy("a"));
        await engine.PriceAsync(52_000m, 52_001m);
        await engine.FillAsync(engine.Orders[^1]);
        var lost = await engine.OpenAsync(SentSignal.Buy("b"));
        await engine.PriceAsync(48_990m, 48_991m);
        await engine.FillAsync(engine.Orders[^1]);

        await AssertTradesAsync(engine, won.PositionId, lost.PositionId);
        await engine.RestartAsync();
        await AssertTradesAsync(engine, won.PositionId, lost.PositionId);
    }

    [Fact]
    public async Task Position_that_a_late_fill_opened_again_counts_once_as_it_was_closed_last()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var client = new TradingEngineClient(engine.Cluster);
        var order = await engine.OpenAsync(SentSignal.Buy("a"));
        await engine.PriceAsync(52_000m, 52_001m);
        await engine.FillAsync(engine.Orders[^1]);
        var first = Assert.Single(await client.GetTradesAsync(20, Stop)).Pnl;
        Assert.Equal(first, Assert.Single(await client.GetStrategiesAsync(Stop)).Statistics.Best);

        await engine.PushAsync(StreamNames.Updates, order.Part("late", 0.1m, 51_000m, "filled"));
        Assert.Equal("late_fill", engine.Orders[^1].Reason);
        await engine.FillAsync(engine.Orders[^1], 50_000m);

        var trade = Assert.Single(await client.GetTradesAsync(20, Stop));
        Assert.Equal(first - 100m, trade.Pnl);
        var found = Assert.Single(await client.GetStrategiesAsync(Stop)).Statistics;
        Assert.Equal((1, 1, trade.Pnl, trade.Pnl, trade.Pnl), (found.Trades, found.Window, found.Pnl, found.Best, found.Worst));
    }

    private static async Task AssertTradesAsync(TestEngine engine, string won, string lost)
    {
        await using var client = new TradingEngineClient(engine.Cluster);
        var trades = await client.GetTradesAsync(20, Stop);
        Assert.Equal([lost, won], trades.Select(trade => trade.PositionId));
        Assert.Equal(["stop_loss", "take_profit"], trades.Select(trade => trade.Reason));
        Assert.Equal([lost], (await client.GetTradesAsync(1, Stop)).Select(trade => trade.PositionId));

        var (account, strategy, found) = Assert.Single(await client.GetStrategiesAsync(Stop));
        Assert.Equal(("default", SentSignal.DefaultStrategy), (account, strategy));
        Assert.Equal((2, 1, 1, 2), (found.Trades, found.Wins, found.Losses, found.Window));
        Assert.Equal(trades.Sum(trade => trade.Pnl), found.Pnl);
        Assert.Equal((trades[1].Pnl, trades[0].Pnl, -trades[0].Pnl), (found.Best, found.Worst, found.MaxDrawdown));
        Assert.Null(found.Sharpe);

        var position = await client.GetPositionAsync(won, Stop);
        Assert.Equal((PositionPhase.Closed, 2, trades[1].Pnl), (position!.Phase, position.Orders.Length, position.Realized));
        Assert.Null(await client.GetPositionAsync("P404", Stop));
    }

    [Fact]
    public async Task Client_sets_the_log_level_and_is_told_of_a_wrong_one()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var client = new TradingEngineClient(engine.Cluster);

        Assert.True((await client.SetLogLevelAsync("debug", Stop)).IsCompleted);
        Assert.False((await client.SetLogLevelAsync("loud", Stop)).IsCompleted);
    }
}
