using System.Globalization;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Cluster.Tiers;

/// <summary>What tier 3 decides on warnings is done to positions, by the ways of signals and commands.</summary>
public sealed class TacticalActionTests
{
    [Fact]
    public async Task Critical_anomaly_closes_and_halts_entries_for_a_time()
    {
        await using var engine = await TestEngine.StartAsync();
        engine.Fills = true;
        var opened = SentSignal.Buy("s-1");
        await engine.SignalAsync(opened);

        await engine.PushAsync(StreamNames.TacticalSignals, """{"action":"market_anomaly","anomaly_type":"flash_crash","severity":"critical"}""");

        var state = await engine.PositionAsync(opened.OpensPosition);
        Assert.Equal((PositionPhase.Closed, "tactical"), (state.Phase, state.CloseReason));
        await engine.SignalAsync(SentSignal.Buy("s-2"));
        Assert.Equal(2, engine.Orders.Length);
        var halts = (await engine.Engine.GetStatusAsync()).Halts;
        Assert.Equal(["tier/1", "tier/2"], halts.Select(halt => halt.Scope));
        Assert.All(halts, halt => Assert.Equal(TestEngine.Started.AddMinutes(5), halt.Halt.Until));
        Assert.Contains(
            await engine.ListAsync(BoardKeys.TierDecisions),
            decision => (string)decision["decision"]! == "close 1 positions of all"
                && (string)decision["reason"]! == "market_anomaly flash_crash, critical");
    }

    [Fact]
    public async Task High_anomaly_reduces_once_however_often_it_is_delivered()
    {
        await using var engine = await TestEngine.StartAsync();
        var opened = await engine.OpenAsync(SentSignal.Buy("s-1"));

        // The reduction is written, then the commit that acknowledges the signal is lost: it comes again.
        engine.Faults.Fail(commit => commit.Acks.Any(ack => ack.Queue == StreamNames.TacticalSignals), FaultPoint.BeforeWriting);
        await engine.PushAsync(
            StreamNames.TacticalSignals, """{"action":"market_anomaly","anomaly_type":"spike","severity":"high","symbol":"BTCUSD"}""");

        var close = Assert.Single(engine.Orders, order => order.Type == "close");
        Assert.Equal((opened.PositionId, 0.05m, "tactical"), (close.PositionId, close.Quantity, close.Reason));
        Assert.Equal(["symbol/BTCUSD"], (await engine.Engine.GetStatusAsync()).Halts.Select(halt => halt.Scope));
    }

    [Fact]
    public async Task Medium_warning_moves_the_stop_half_way_to_the_price_and_the_new_one_is_armed()
    {
        await using var engine = await TestEngine.StartAsync();
        var opened = await engine.OpenAsync(SentSignal.Buy("s-1"));
        await engine.PriceAsync(50_500m, 50_510m);

        await engine.PushAsync(
            StreamNames.Warnings,
            """{"type":"MARKET_ANOMALY_ALERT","warning":{"type":"spike","severity":"medium","probability":0.8,"details":{}}}""");

        Assert.Equal(49_750m, (await engine.PositionAsync(opened.PositionId)).Exits.StopLoss);
        await Eventually.HoldsAsync("the new stop to be shown", async () => (await engine.IndexAsync())[0].StopLoss == 49_750m);
        await engine.PriceAsync(49_750m, 49_760m);
        await Eventually.HoldsAsync("the new stop to close", () =>
            engine.Orders.Any(order => order is { Type: "close", Reason: "stop_loss" } && order.PositionId == opened.PositionId));
    }

    [Theory]
    [InlineData(StreamNames.TacticalSignals, """{"action":"market_anomaly","anomaly_type":"x","severity":"low"}""")]
    [InlineData(StreamNames.TacticalSignals, """{"action":"market_anomaly","anomaly_type":"x","severity":"critical","confidence":0.5}""")]
    [InlineData(StreamNames.TacticalSignals, """{"action":"market_anomaly","anomaly_type":"x","severity":"critical","symbol":"ETHUSD"}""")]
    [InlineData(StreamNames.TacticalSignals, """{"action":"market_anomaly","anomaly_type":"x","severity":"critical","timestamp":OLD}""")]
    [InlineData(StreamNames.TacticalSignals, """{"action":"regime_change","new_regime":"volatile","confidence":0.6}""")]
    [InlineData(StreamNames.Alerts, """{"type":"IMMEDIATE_IMBALANCE_ALERT","imbalance":{"type":"book","severity":"strange","value":9}}""")]
    [InlineData(StreamNames.TacticalAnswers, """{"request_id":"made-up","regime":"volatile","confidence":1,"severity":"critical"}""")]
    public async Task What_is_not_to_be_followed_leaves_positions_as_they_are(string queue, string message)
    {
        await using var engine = await TestEngine.StartAsync();
        var opened = await engine.OpenAsync(SentSignal.Buy("s-1"));
        var old = TestEngine.Started.AddSeconds(-61).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

        await engine.PushAsync(queue, message.Replace("OLD", old, StringComparison.Ordinal));

        var state = await engine.PositionAsync(opened.PositionId);
        Assert.Equal((PositionPhase.Open, 49_000m), (state.Phase, state.Exits.StopLoss));
        Assert.Single(engine.Orders);
        await engine.SignalAsync(SentSignal.Buy("s-2"));
        Assert.Equal(0.1m, engine.Orders[^1].Quantity);
    }
}
