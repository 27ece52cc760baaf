using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Tactics;
using Xunit;

namespace TradingEngine.Tests.Unit.Tactics;

public sealed class TacticalDecisionsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly TacticalPolicy Policy = new();

    [Theory]
    [InlineData("low", false, false, "Log")]
    [InlineData("medium", false, false, "TightenStops")]
    [InlineData("HIGH", false, false, "HaltEntries+Reduce")]
    [InlineData("high", true, false, "HaltEntries+Close")]
    [InlineData("critical", false, true, "HaltEntries+Close")]
    [InlineData("critical", false, false, "HaltEntries+Reduce")]
    [InlineData("0.95", false, true, "HaltEntries+Close")]
    [InlineData("0.9", false, true, "HaltEntries+Close")]
    [InlineData("0.7", false, true, "HaltEntries+Reduce")]
    [InlineData("0.4", false, true, "TightenStops")]
    [InlineData("0.1", false, true, "Log")]
    [InlineData("7", false, true, "Log")]
    [InlineData("martian", true, true, "Log")]
    public void Severity_decides_by_policy(string severity, bool closesOnHigh, bool closesOnCritical, string expected)
    {
        var policy = Policy with { ClosesOnHigh = closesOnHigh, ClosesOnCritical = closesOnCritical };

        var actions = TacticalDecisions.Decide(
            new TacticalSignal(TacticalKind.MarketAnomaly, "flash_crash", severity, null, Now) { Symbol = "BTCUSD" }, policy, Now);
        var alerted = TacticalDecisions.Decide(
            new MarketAlert(AlertKind.Imbalance, "order_book", severity, "", 0.1m, Now) { Symbol = "BTCUSD" }, policy, Now);

        Assert.Equal(expected, string.Join('+', actions.Select(action => action.Kind)));
        Assert.Equal(actions.Select(action => (action.Kind, action.Share, action.For)), alerted.Select(action => (action.Kind, action.Share, action.For)));
        Assert.All(actions, action => Assert.Equal("BTCUSD", action.Symbol));
        Assert.All(actions, action => Assert.Contains("flash_crash", action.Reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.69, 0, false)]
    [InlineData(0.7, 0, true)]
    [InlineData(null, 0, true)]
    [InlineData(0.9, 60, true)]
    [InlineData(0.9, 61, false)]
    public void Doubtful_or_old_warnings_are_logged_alone(double? probability, int age, bool isFollowed)
    {
        var actions = TacticalDecisions.Decide(
            new MarketAlert(AlertKind.Anomaly, "crash", "critical", "", (decimal?)probability, Now.AddSeconds(-age)), Policy, Now);

        Assert.Equal(isFollowed, actions.Any(action => action.Kind == TacticalActionKind.Close));
        Assert.Equal(!isFollowed, actions is [{ Kind: TacticalActionKind.Log }]);
    }

    [Theory]
    [InlineData("trending", 0.7, MarketRegime.Trending)]
    [InlineData("calm", 1, MarketRegime.Quiet)]
    [InlineData("trending", 0.69, MarketRegime.Unknown)]
    [InlineData("martian", 1, MarketRegime.Unknown)]
    public void Regime_is_followed_when_it_is_known_and_sure(string name, decimal confidence, MarketRegime expected)
    {
        var action = Assert.Single(TacticalDecisions.Decide(
            new TacticalSignal(TacticalKind.RegimeChange, name, null, confidence, Now), Policy, Now));

        Assert.Equal(expected, action.Regime);
        Assert.Equal(expected == MarketRegime.Unknown ? TacticalActionKind.Log : TacticalActionKind.SwitchRegime, action.Kind);
    }

    [Fact]
    public void Without_a_time_nothing_is_halted() => Assert.Equal(
        [TacticalActionKind.Close],
        TacticalDecisions.Decide(
            new TacticalSignal(TacticalKind.MarketAnomaly, "x", "critical", null, Now), Policy with { HaltFor = TimeSpan.Zero }, Now)
            .Select(action => action.Kind));

    [Fact]
    public void Agents_word_stands_until_its_time_is_over_and_then_the_own_measure_counts()
    {
        var told = StandingRegime.None.Measured(MarketRegime.Ranging, Now).Told(MarketRegime.Volatile, "market_conditions", TimeSpan.FromMinutes(30), Now);

        Assert.Equal((MarketRegime.Volatile, "market_conditions", Now), (told.Regime, told.Source, told.Since));
        Assert.Same(told, told.Measured(MarketRegime.Quiet, Now.AddMinutes(29)));
        var own = told.Measured(MarketRegime.Quiet, Now.AddMinutes(30));
        Assert.Equal((MarketRegime.Quiet, StandingRegime.Own, Now.AddMinutes(30)), (own.Regime, own.Source, own.Since));
        Assert.Same(own, own.Measured(MarketRegime.Quiet, Now.AddMinutes(31)));
        Assert.Same(own, own.Measured(MarketRegime.Unknown, Now.AddMinutes(32)));
    }

    [Fact]
    public void Factors_of_no_regime_enlarge_a_size() => Assert.All(Enum.GetValues<MarketRegime>(), regime =>
        Assert.All(Enum.GetValues<StrategyKind>(), kind => Assert.InRange(ParameterSets.Of(regime).FactorOf(kind), 0m, 1m)));
}
