using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Optimisation;

public sealed class CapitalStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly WeightPolicy Policy = new();

    [Fact]
    public void Looks_make_returns_in_step_and_are_bounded()
    {
        var state = CapitalState.None;
        for (var i = 0; i < CapitalState.KeptReturns + 10; i++)
        {
            state = state.Look(i < 5 ? Pnl(("a", 10m * i)) : Pnl(("a", 10m * i), ("b", -20m * i)), 1_000m);
        }

        Assert.Equal([CapitalState.KeptReturns, CapitalState.KeptReturns], state.Returns.Values.Select(returns => returns.Length));
        Assert.All(state.Returns["a"], made => Assert.Equal(0.01, made, 1e-12));
        Assert.All(state.Returns["b"], made => Assert.Equal(-0.02, made, 1e-12));
    }

    [Fact]
    public void Too_many_strategies_keep_the_weight_they_have()
    {
        var many = Enumerable.Range(0, CapitalState.MaxStrategies + 5).ToDictionary(i => $"s{i:00}", _ => 0m);
        var state = CapitalState.None.Look(many, 1m).Look(many, 1m);
        Assert.Equal(CapitalState.MaxStrategies, state.Returns.Count);
    }

    [Fact]
    public void Calmer_strategy_gets_more_and_one_that_never_moved_nothing_else()
    {
        // One moves three times as far as the other: risk parity of two is inverse volatility, up to the shrinkage.
        var state = Moved(60, ("calm", 1d), ("wild", 3d), ("idle", 0d));

        var shares = state.Optimise(Policy);

        Assert.Equal(["calm", "wild"], shares.Keys);
        Assert.InRange(shares["calm"], 0.6, 0.76);
        Assert.Equal(1d, shares.Values.Sum(), 1e-9);
        Assert.Empty(Moved(19, ("calm", 1d), ("wild", 3d)).Optimise(Policy));
        Assert.Empty(Moved(60, ("calm", 1d), ("idle", 0d)).Optimise(Policy));
    }

    [Theory]
    [InlineData(1, 1.2, 1.1)] // half the way
    [InlineData(1, 3, 1.2)] // cut to the greatest step
    [InlineData(1, 0, 0.8)]
    [InlineData(0.3, 0, 0.275)] // half the way to the least
    [InlineData(2, 5, 2)]
    public void Step_is_damped_and_capped(decimal before, decimal target, decimal after)
    {
        var change = Assert.Single(Allocation.Step(
            new Dictionary<string, decimal> { ["a"] = before, ["b"] = 0.7m }, new Dictionary<string, decimal> { ["a"] = target }, Policy));
        Assert.Equal(("a", before, after), (change.Name, change.Before, change.After));
    }

    [Fact]
    public void Equal_shares_are_weights_of_one_and_what_nobody_set_is_one()
    {
        var weights = Allocation.WeightsOf(new Dictionary<string, double> { ["b"] = 0.25, ["a"] = 0.25, ["c"] = 0.5 });
        Assert.Equal([0.75m, 0.75m, 1.5m], weights.Values);
        Assert.Equal(["a", "b", "c"], weights.Keys);
        Assert.All(Allocation.Step(new Dictionary<string, decimal>(), weights, Policy), change => Assert.Equal(1m, change.Before));
    }

    [Fact]
    public void Review_takes_the_worst_of_accounts_and_tells_what_changed()
    {
        var good = Figures("a", 2m);
        var bad = Figures("b", 0.1m);

        var review = ReviewResult.Of(CapitalState.None, [good, bad], 100_000m, new ReviewLimits { LeastDrawdown = 0m }, Now);

        var (strategy, before, after) = Assert.Single(review.Changes);
        Assert.Equal(("s", StrategyStanding.Normal, StrategyStanding.Suspended), (strategy, before, after.Standing));
        Assert.StartsWith("profit factor", after.Reason, StringComparison.Ordinal);
        Assert.Equal(0.5m, after.WinRate);
        Assert.Equal(["a/s", "b/s"], review.State.Verdicts.Keys);
        Assert.Empty(ReviewResult.Of(review.State, [good, bad], 100_000m, new ReviewLimits { LeastDrawdown = 0m }, Now).Changes);
    }

    [Fact]
    public void Stored_state_is_read_back()
    {
        var state = Moved(3, ("calm", 1d), ("wild", 3d)).With([new CapitalChange("calm", 1m, 1.5m, 1.2m)]);
        state = ReviewResult.Of(state, [Figures("b", 0.1m)], 100_000m, new ReviewLimits { LeastDrawdown = 0m }, Now).State;

        var read = DomainJson.ReadCapital(DomainJson.Write(state));

        Assert.Equal(DomainJson.Write(state), DomainJson.Write(read));
        Assert.Equal(1.2m, read.Shares["calm"].Weight);
        Assert.Equal(StrategyStanding.Suspended, read.Verdicts["b/s"].Standing);
    }

    private static StrategyFigures Figures(string account, decimal win)
    {
        ImmutableArray<ClosedTrade> trades =
            [.. Enumerable.Range(0, 20).Select(i => new ClosedTrade($"P{i}", i % 2 == 0 ? win : -1m, 0m, 1_000m, TimeSpan.FromMinutes(1)))];
        return new StrategyFigures(account, "s", StrategyStatistics.Of(trades), trades);
    }

    private static Dictionary<string, decimal> Pnl(params (string Name, decimal Sum)[] sums) => sums.ToDictionary(sum => sum.Name, sum => sum.Sum);

    private static CapitalState Moved(int looks, params (string Name, double Scale)[] strategies)
    {
        var random = new Random(3);
        var (state, sums) = (CapitalState.None, strategies.ToDictionary(strategy => strategy.Name, _ => 0m));
        for (var i = 0; i <= looks; i++)
        {
            state = state.Look(sums, 10_000m);
            foreach (var (name, scale) in strategies)
            {
                sums[name] += Math.Round((decimal)(scale * (random.NextDouble() - 0.5)), 6);
            }
        }

        return state;
    }
}
