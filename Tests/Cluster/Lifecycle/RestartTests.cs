using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>What a silo leaves is what the next one begins with.</summary>
public sealed class RestartTests
{
    private const int Positions = 100;

    [Fact]
    public async Task Hundred_positions_come_back_armed_and_each_is_closed_once()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        string[] symbols = ["BTCUSD", "ETHUSD", "EURUSD", "US30"];
        await engine.SignalAsync([.. Enumerable.Range(0, Positions).Select(i =>
            SentSignal.Buy($"s-{i}") with { Symbol = symbols[i % symbols.Length], Strategy = $"trend-{i % 3}" })]);
        Assert.Equal(Positions, engine.Orders.Length);

        await engine.RestartAsync();

        var positions = await engine.Engine.GetPositionsAsync();
        Assert.Equal(
            engine.Orders.Select(order => order.PositionId).Order(), positions.Select(position => position.Entry.Id).Order());
        Assert.All(positions, position => Assert.True(position.IsArmed && position.Entry.Phase == PositionPhase.Open));
        foreach (var symbol in symbols)
        {
            var exits = await engine.Cluster.GetGrain<IInstrumentGrain>(symbol).GetExitsAsync();
            Assert.Equal((Positions / symbols.Length, Positions / symbols.Length), (exits.Open, exits.Armed));
            await engine.PriceAsync(48_000m, 48_001m, symbol);
            await engine.PriceAsync(47_000m, 47_001m, symbol);
        }

        var closes = engine.Orders.Skip(Positions).ToList();
        Assert.Equal(Positions, closes.Count);
        Assert.Equal(
            positions.Select(position => position.Entry.Id).Order(), closes.Select(order => order.PositionId).Order());
        Assert.Empty(await engine.Engine.GetPositionsAsync());
        Assert.Equal(Positions, (await engine.Engine.GetStatusAsync()).Totals.Closed);
    }

    [Fact]
    public async Task Signal_sent_while_no_silo_runs_and_an_order_nobody_took_are_not_lost()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("before"));
        var order = Assert.Single(engine.Orders);

        await engine.RestartAsync();

        await engine.SignalAsync(SentSignal.Buy("before"), SentSignal.Buy("after"));
        await engine.FillAsync(order);
        Assert.Equal(["before", "after"], engine.Orders.Select(sent => sent.SignalId));
        Assert.Equal(PositionPhase.Open, (await engine.PositionAsync(order.PositionId)).Phase);
    }
}
