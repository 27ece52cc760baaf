using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>What a risk agent outside is asked, and what its answers mean.</summary>
public sealed class RiskAgentPolicyTests
{
    [Theory]
    [InlineData(RiskAgentScope.None, 1, false)]
    [InlineData(RiskAgentScope.None, 2, false)]
    [InlineData(RiskAgentScope.StrategySignals, 1, false)]
    [InlineData(RiskAgentScope.StrategySignals, 2, true)]
    [InlineData(RiskAgentScope.StrategySignals, 5, true)]
    [InlineData(RiskAgentScope.All, 1, true)]
    [InlineData(RiskAgentScope.All, 2, true)]
    public void Scope_says_of_which_tiers_it_is_asked(RiskAgentScope scope, int tier, bool isAsked) =>
        Assert.Equal(isAsked, new RiskAgentPolicy { Asks = scope }.IsAsked(tier));

    [Fact]
    public void Scope_that_is_none_is_no_scope() =>
        Assert.Throws<InvalidOperationException>(() => new RiskAgentPolicy { Asks = (RiskAgentScope)9 }.IsAsked(2));

    [Theory]
    [InlineData(true, RiskAgentSilence.Refuse, RejectReason.None, "agent desk")]
    [InlineData(true, RiskAgentSilence.Allow, RejectReason.None, "agent desk")]
    [InlineData(false, RiskAgentSilence.Refuse, RejectReason.RiskAgentRefused, "")]
    [InlineData(false, RiskAgentSilence.Allow, RejectReason.RiskAgentRefused, "")]
    [InlineData(null, RiskAgentSilence.Refuse, RejectReason.RiskAgentSilent, "")]
    [InlineData(null, RiskAgentSilence.Allow, RejectReason.None, "agent silent")]
    public void Verdict_decides(bool? isApproved, RiskAgentSilence silence, RejectReason reject, string stamp) => Assert.Equal(
        (reject, stamp), new RiskAgentPolicy { OnSilence = silence }.Decide(new RiskVerdict(isApproved, "desk")));

    [Fact]
    public void Agent_without_a_name_is_told_as_such() =>
        Assert.Equal("agent unnamed", RiskAgentPolicy.Default.Decide(new RiskVerdict(true)).Stamp);

    [Fact]
    public void Nobody_is_asked_and_silence_refuses_unless_configured() =>
        Assert.Equal((false, RejectReason.RiskAgentSilent), (RiskAgentPolicy.Default.IsAsked(1), RiskAgentPolicy.Default.Decide(RiskVerdict.Silent).Reject));
}
