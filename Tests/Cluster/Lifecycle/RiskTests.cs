using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>What risk refuses, and that it counts entries that are on their way.</summary>
public sealed class RiskTests
{
    [Fact]
    public async Task Of_two_entries_at_once_that_exceed_the_limit_together_one_passes()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        SentSignal[] pair =
        [
            SentSignal.Buy("a") with { Strategy = "trend_a", Quantity = 0.15m },
            SentSignal.Buy("b") with { Strategy = "trend_b", Quantity = 0.15m },
        ];

        await engine.SignalAsync(pair);

        var order = Assert.Single(engine.Orders);
        var refused = Assert.Single(pair, signal => signal.SignalId != order.SignalId);
        Assert.Equal(RejectReason.PositionLimit, (await engine.PositionAsync(refused.OpensPosition)).Reject);

        // What closes gives its room back.
        await engine.FillAsync(order);
        await engine.Engine.ClosePositionAsync(order.PositionId, "test");
        await engine.IdleAsync();
        await engine.FillAsync(engine.Orders[^1]);

        // By now the counters are read again, whoever looked at the account meanwhile.
        engine.Clock.Advance(TimeSpan.FromSeconds(2));
        await engine.SignalAsync(pair[0] with { SignalId = "c" });
        Assert.Equal("c", engine.Orders[^1].SignalId);
    }

    [Fact]
    public async Task Entry_on_an_old_price_or_none_is_refused()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await RefusedAsync(engine, SentSignal.Buy("none"), RejectReason.StaleData);
        await engine.PriceAsync(49_999m, 50_001m);
        engine.Clock.Advance(TimeSpan.FromSeconds(5));
        await engine.SignalAsync(SentSignal.Buy("fresh"));
        Assert.Equal("fresh", Assert.Single(engine.Orders).SignalId);

        engine.Clock.Advance(TimeSpan.FromSeconds(0.1));

        await RefusedAsync(engine, SentSignal.Buy("stale"), RejectReason.StaleData);
        Assert.Single(engine.Orders);
    }

    [Fact]
    public async Task Weekend_is_closed_to_currencies_and_open_to_crypto()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        engine.Clock.SetUtcNow(new DateTimeOffset(2026, 1, 17, 12, 0, 0, TimeSpan.Zero));
        await engine.PriceAsync(1.0999m, 1.1001m, "EURUSD");
        await engine.PriceAsync(49_999m, 50_001m);

        await RefusedAsync(
            engine,
            SentSignal.Buy("fx") with { Symbol = "EURUSD", Quantity = 0.01m, EntryPrice = 1.1m, StopLoss = 1.09m, TakeProfit = 1.2m },
            RejectReason.MarketClosed);
        await engine.SignalAsync(SentSignal.Buy("crypto"));

        Assert.Equal("crypto", Assert.Single(engine.Orders).SignalId);
    }

    [Fact]
    public async Task Entry_without_a_stop_of_an_unknown_symbol_or_with_a_stop_on_the_wrong_side_is_refused()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);

        await RefusedAsync(engine, SentSignal.Buy("a") with { StopLoss = null }, RejectReason.StopRequired);
        await RefusedAsync(engine, SentSignal.Buy("b") with { Symbol = "NOSUCH" }, RejectReason.UnknownSymbol);
        await RefusedAsync(engine, SentSignal.Buy("c") with { StopLoss = 50_500m }, RejectReason.WrongSide);
        await RefusedAsync(engine, SentSignal.Buy("d") with { Action = "close" }, RejectReason.NothingToClose);

        Assert.Empty(engine.Orders);
        Assert.Equal(4, (await engine.Engine.GetStatusAsync()).Totals.Rejected);
    }

    private static async Task RefusedAsync(TestEngine engine, SentSignal signal, RejectReason reason)
    {
        await engine.SignalAsync(signal);
        var position = await engine.PositionAsync(signal.OpensPosition);
        Assert.Equal((PositionPhase.Rejected, reason), (position.Phase, position.Reject));
    }

    [Fact]
    public async Task Each_instrument_of_a_group_is_held_to_its_own_price_and_limits()
    {
        await using var engine = await TestEngine.StartAsync(TestOptions.Roomy);
        await engine.PriceAsync(49_999m, 50_001m);
        await GroupAsync("blind", "ETHUSD", 1m);
        Assert.Equal(RejectReason.StaleData, await ReasonAsync("blind"));
        await engine.PriceAsync(2_999m, 3_001m, "ETHUSD");

        await GroupAsync("large", "ETHUSD", 4m);
        Assert.Equal(RejectReason.PositionLimit, await ReasonAsync("large"));
        await GroupAsync("fits", "ETHUSD", 3m);
        Assert.Equal(2, engine.Orders.Length);
        await GroupAsync("more", "ETHUSD", 1m);
        Assert.Equal(RejectReason.PositionLimit, await ReasonAsync("more"));
        Assert.Equal(2, engine.Orders.Length);

        Task GroupAsync(string id, string symbol, decimal lots) => engine.PushAsync(StreamNames.HftSignals, $$"""
            {"signal_id":"{{id}}","action":"arbitrage","strategy":"triangle","legs":[
             {"symbol":"BTCUSD","side":"buy","quantity":0.01,"price":50000},{"symbol":"{{symbol}}","side":"sell","quantity":{{lots}},"price":3000}]}
            """);

        async Task<RejectReason> ReasonAsync(string id) =>
            (await engine.PositionAsync(ClientOrderId.ForPosition("default", "triangle", id))).Reject;
    }
}
