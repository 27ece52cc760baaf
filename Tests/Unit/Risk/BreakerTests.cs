using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>What breakers ask for below, at and above their limits.</summary>
public sealed class BreakerTests
{
    private const decimal Epsilon = 0.00000001m;

    private static readonly DateTimeOffset Now = GivenRisk.Now;

    private static readonly RiskLimits Limits = RiskLimits.Conservative;

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, BreakerAction.ReduceOnly)]
    [InlineData(1, BreakerAction.ReduceOnly)]
    public void Two_per_cent_lost_today_reduces(int over, BreakerAction? expected)
    {
        var decision = Breakers.DailyLoss("a", 980m - (over * Epsilon), 1_000m, Limits);

        Assert.Equal(expected, decision?.Action);
        if (decision is not null)
        {
            Assert.Equal(
                (EngineMode.ReduceOnly, true, RejectReason.DailyLoss, null, null),
                (decision.Mode, decision.IsLatched, decision.Code, decision.Scope, decision.Until));
            Assert.Contains("a lost 20", decision.Reason, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(50, -1, null)]
    [InlineData(50, 0, BreakerAction.ReduceOnly)]
    [InlineData(50, 1, BreakerAction.ReduceOnly)]
    [InlineData(100, -1, BreakerAction.ReduceOnly)]
    [InlineData(100, 0, BreakerAction.Kill)]
    [InlineData(100, 1, BreakerAction.Kill)]
    public void Drawdown_of_five_per_cent_reduces_and_of_ten_kills(int lost, int over, BreakerAction? expected)
    {
        var decision = Breakers.Drawdown("a", 1_000m - lost - (over * Epsilon), 1_000m, Limits);

        Assert.Equal(expected, decision?.Action);
        Assert.Equal(
            expected switch { BreakerAction.Kill => EngineMode.Killed, null => null, _ => EngineMode.ReduceOnly }, decision?.Mode);
    }

    [Fact]
    public void What_is_not_known_trips_nothing_and_a_limit_that_is_absent_trips()
    {
        Assert.Null(Breakers.DailyLoss("a", null, 1m, Limits));
        Assert.Null(Breakers.DailyLoss("a", 1m, null, Limits));
        Assert.Null(Breakers.Drawdown("a", null, 1m, Limits));
        Assert.Null(Breakers.Drawdown("a", 1m, null, Limits));
        Assert.NotNull(Breakers.DailyLoss("a", 1m, 1m, Limits with { MaxDailyLoss = null }));
        Assert.Equal(BreakerAction.ReduceOnly, Breakers.Drawdown("a", 1m, 1m, Limits with { MaxDrawdown = null })!.Action);
        Assert.Equal(BreakerAction.Kill, Breakers.Drawdown("a", 1m, 1m, Limits with { KillDrawdown = null })!.Action);
        Assert.NotNull(Breakers.OrderRate("trend", 0, Limits with { MaxStrategyRate = null }, Now));
    }

    [Fact]
    public void Structural_limits_trip_nothing()
    {
        Assert.Null(Breakers.DailyLoss("a", 1m, 1_000m, RiskLimits.Open));
        Assert.Null(Breakers.Drawdown("a", 1m, 1_000m, RiskLimits.Open));
        Assert.Null(Breakers.OrderRate("trend", 1_000, RiskLimits.Open, Now));
        Assert.Null(Breakers.FeedStale("BTCUSD", GivenRisk.Price, true, RiskLimits.Open, Now + TimeSpan.FromDays(1)));
        Assert.Null(Breakers.ExecutorSilent("execution", Now - TimeSpan.FromDays(1), null, RiskLimits.Open, Now));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Strategy_that_meets_its_rate_again_and_again_is_halted_for_a_while(int refused, bool isHalted)
    {
        var decision = Breakers.OrderRate("trend", refused, Limits, Now);

        Assert.Equal(isHalted, decision is not null);
        if (decision is not null)
        {
            Assert.Equal(
                (BreakerAction.Halt, "strategy/trend", Now + TimeSpan.FromMinutes(16), null, false),
                (decision.Action, decision.Scope, decision.Until, decision.Mode, decision.IsLatched));
        }
    }

    [Fact]
    public void Break_halts_its_symbol_until_an_answer_agrees()
    {
        Assert.Null(Breakers.Reconciliation("a", "BTCUSD", 1m, 1m));
        var decision = Breakers.Reconciliation("a", "BTCUSD", 1m, 2m)!;
        Assert.Equal(
            (BreakerAction.Halt, "symbol/BTCUSD", RejectReason.ReconBreak, true),
            (decision.Action, decision.Scope, decision.Code, decision.IsLatched));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Silent_feed_halts_its_symbol_while_the_market_is_open(int over, bool isHalted)
    {
        var now = Now + TimeSpan.FromSeconds(5) + TimeSpan.FromTicks(over);

        Assert.Equal(isHalted, Breakers.FeedStale("BTCUSD", GivenRisk.Price, true, Limits, now) is { Scope: "symbol/BTCUSD" });
        Assert.Null(Breakers.FeedStale("BTCUSD", GivenRisk.Price, false, Limits, now));
        Assert.Null(Breakers.FeedStale("BTCUSD", PriceView.None, true, Limits, now));
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData(1, 5)]
    [InlineData(10, 30)]
    public void Executor_is_silent_after_its_heartbeats(int? interval, int seconds)
    {
        TimeSpan? declared = interval is { } s ? TimeSpan.FromSeconds(s) : null;
        for (var over = -1; over <= 1; over++)
        {
            var heard = Now - TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(over);

            Assert.Equal(over <= 0, Breakers.IsVenueUp(heard, declared, Limits, Now));
            var decision = Breakers.ExecutorSilent("execution", heard, declared, Limits, Now);
            Assert.Equal(over > 0, decision is { Mode: EngineMode.ReduceOnly, IsLatched: false });
            Assert.True(decision is null || (decision.Until > Now && decision.Until <= Now + TimeSpan.FromSeconds(10)));
        }

        Assert.True(Breakers.IsVenueUp(null, declared, Limits, Now));
    }

    [Fact]
    public void Action_that_is_none_has_no_mode()
    {
        Assert.Null(new BreakerDecision(BreakerAction.None, null, RejectReason.None, null, "").Mode);
        Assert.False(new BreakerDecision(BreakerAction.None, null, RejectReason.None, null, "").IsLatched);
        Assert.Throws<InvalidOperationException>(() => new BreakerDecision((BreakerAction)9, null, RejectReason.None, null, "").Mode);
        Assert.Throws<ArgumentNullException>(() => Breakers.Repetition("a", null!));
        Assert.Throws<ArgumentNullException>(() => Breakers.Streak("a", null!, Now));
        Assert.Throws<ArgumentNullException>(() => Breakers.FeedStale("a", null!, true, Limits, Now));
        Assert.Throws<ArgumentNullException>(() => Breakers.IsVenueUp(null, null, null!, Now));
        Assert.Equal(AssetClass.Crypto, GivenRisk.Price.AssetClass);
    }
}
