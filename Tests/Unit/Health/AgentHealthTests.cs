using TradingEngine.Trading.Health;
using Xunit;

namespace TradingEngine.Tests.Unit.Health;

public sealed class AgentHealthTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, null, AgentCondition.Fresh)]
    [InlineData(90, null, AgentCondition.Fresh)] // three intervals of 30 s
    [InlineData(91, null, AgentCondition.Late)]
    [InlineData(299, null, AgentCondition.Late)]
    [InlineData(300, null, AgentCondition.Dead)]
    [InlineData(30, 10, AgentCondition.Fresh)]
    [InlineData(31, 10, AgentCondition.Late)]
    [InlineData(300, 10, AgentCondition.Dead)]
    [InlineData(300, 100, AgentCondition.Fresh)]
    [InlineData(301, 100, AgentCondition.Late)]
    [InlineData(999, 100, AgentCondition.Late)] // ten of its own intervals are longer than 300 s
    [InlineData(1000, 100, AgentCondition.Dead)]
    [InlineData(-60, null, AgentCondition.Fresh)] // its clock is ahead
    [InlineData(91, 0, AgentCondition.Late)] // no interval at all
    public void Condition_follows_from_lag_and_interval(int lag, int? interval, AgentCondition condition)
    {
        var health = AgentHealth.Of(
            new AgentSign("execution", Now.AddSeconds(-lag), interval is { } seconds ? TimeSpan.FromSeconds(seconds) : null, "running", "1.2"), Now);

        Assert.Equal((condition, TimeSpan.FromSeconds(Math.Max(0, lag)), "1.2"), (health.Condition, health.Lag!.Value, health.Version));
    }

    [Fact]
    public void Agent_that_says_it_does_not_run_is_dead_at_once() =>
        Assert.Equal(AgentCondition.Dead, AgentHealth.Of(new AgentSign("core", Now, null, "stopped", null), Now).Condition);

    [Fact]
    public void Agent_without_a_sign_was_never_seen_and_has_no_lag() => Assert.Equal(
        new AgentHealth("core", AgentCondition.NeverSeen, null, null), AgentHealth.Of(new AgentSign("core", null, null, "running", null), Now));

    [Fact]
    public void All_agents_of_the_wire_are_known() => Assert.Equal(13, AgentHealth.Known.Distinct().Count());
}
