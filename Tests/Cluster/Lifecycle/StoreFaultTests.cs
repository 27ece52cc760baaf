using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>A commit that fails, or whose answer is lost, changes when something happens and never how often.</summary>
public sealed class StoreFaultTests
{
    [Theory]
    [InlineData(FaultName.Before)]
    [InlineData(FaultName.After)]
    public async Task Entry_is_one_order_and_holds_its_exposure_once(string point)
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        engine.Faults.FailOrder("open", FaultName.Of(point));

        // Three quarters of the limit: counted twice it would be too much.
        await engine.SignalAsync(SentSignal.Buy("s-1") with { Quantity = 0.15m });

        Assert.True(engine.Faults.HasStruck);
        await engine.FillAsync(Assert.Single(engine.Orders));
        Assert.Equal(7_500m, Assert.Single((await engine.Engine.GetStatusAsync()).Accounts).Long);
        await engine.SignalAsync(SentSignal.Buy("s-2") with { Quantity = 0.04m });
        Assert.Equal("s-2", engine.Orders[^1].SignalId);
    }

    [Theory]
    [InlineData(FaultName.Before)]
    [InlineData(FaultName.After)]
    public async Task Fill_counts_once(string point)
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("s-1"));
        var order = engine.Orders[0];
        engine.Faults.Fail(
            commit => commit.Records.Any(record => record.Key == "position/" + order.PositionId), FaultName.Of(point));

        await engine.FillAsync(order);

        Assert.True(engine.Faults.HasStruck);
        Assert.Equal(0.1m, Assert.Single(await engine.IndexAsync()).Quantity);
        await engine.ArmedAsync("BTCUSD", order.PositionId);
    }

    [Theory]
    [InlineData(FaultName.Before)]
    [InlineData(FaultName.After)]
    public async Task Stop_that_fails_closes_once(string point)
    {
        await using var engine = await TestEngine.StartAsync();
        var order = await engine.OpenAsync(SentSignal.Buy("s-1"));
        engine.Faults.FailOrder("close", FaultName.Of(point));

        await engine.PriceAsync(48_000m, 48_001m);
        await engine.PriceAsync(47_990m, 47_991m);

        Assert.True(engine.Faults.HasStruck);
        Assert.Equal(["open", "close"], engine.Orders.Select(sent => sent.Type));
        await engine.FillAsync(engine.Orders[^1]);
        Assert.Equal(PositionPhase.Closed, (await engine.PositionAsync(order.PositionId)).Phase);
    }

    [Theory]
    [InlineData("close", FaultName.Before)]
    [InlineData("close", FaultName.After)]
    [InlineData("open", FaultName.Before)]
    [InlineData("open", FaultName.After)]
    public async Task Flip_of_a_net_position_trades_what_was_planned(string step, string point)
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        await engine.SignalAsync(SentSignal.Buy("n-1") with { Strategy = TestOptions.NetStrategy, Quantity = 1m });
        engine.Faults.FailOrder(step, FaultName.Of(point));

        await engine.SignalAsync(SentSignal.Sell("n-2") with { Strategy = TestOptions.NetStrategy, Quantity = 3m });

        Assert.True(engine.Faults.HasStruck);
        Assert.Equal([1m, 1m, 2m], engine.Orders.Select(order => order.Quantity));
        Assert.Equal(-2m, Assert.Single(await engine.IndexAsync()).Quantity);
    }

    /// <summary>Names of fault points, as data of a public test cannot be of an internal type.</summary>
    private static class FaultName
    {
        public const string Before = "before writing";
        public const string After = "after writing";

        public static FaultPoint Of(string name) => name == Before ? FaultPoint.BeforeWriting : FaultPoint.AfterWriting;
    }
}
