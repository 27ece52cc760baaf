using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Strategies;

public sealed class StrategyReviewTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReviewLimits Limits = new() { LeastDrawdown = 0m };

    [Fact]
    public void Winner_stands_and_too_few_trades_say_nothing()
    {
        Assert.Same(StrategyVerdict.None, Judge(StrategyVerdict.None, Trades(40, 2m, -1m)));
        Assert.Same(StrategyVerdict.None, Judge(StrategyVerdict.None, Trades(19, -1m, -1m)));
    }

    [Theory]
    [InlineData(0.9, StrategyStanding.Normal)]
    [InlineData(0.89, StrategyStanding.Cut)]
    [InlineData(0.5, StrategyStanding.Cut)]
    [InlineData(0.49, StrategyStanding.Suspended)]
    public void Profit_factor_cuts_and_suspends(decimal factor, StrategyStanding expected)
    {
        var verdict = Judge(StrategyVerdict.None, Trades(20, factor, -1m), Limits with { CutSharpe = null });

        Assert.Equal(expected, verdict.Standing);
        if (expected != StrategyStanding.Normal)
        {
            Assert.StartsWith("profit factor", verdict.Reason, StringComparison.Ordinal);
            Assert.Equal((Now, 20L), (verdict.Since, verdict.Trades));
        }
    }

    [Fact]
    public void Drawdown_suspends_at_more_than_its_share_of_equity()
    {
        // Ten wins of 1,000, then ten losses of 500: a fall of 5,000.
        ClosedTrade[] trades = [.. Enumerable.Range(0, 20).Select(i => Trade(i, i < 10 ? 1000m : -500m))];
        Assert.Equal(StrategyStanding.Normal, Judge(StrategyVerdict.None, trades, equity: 100_000m).Standing);
        Assert.Equal(StrategyStanding.Suspended, Judge(StrategyVerdict.None, trades, equity: 99_999m).Standing);
        Assert.Equal(StrategyStanding.Normal, Judge(StrategyVerdict.None, trades, equity: null).Standing);
    }

    [Theory]
    [InlineData(2_000, StrategyStanding.Suspended)] // a fall of 20 is a hundredth
    [InlineData(2_001, StrategyStanding.Normal)]
    [InlineData(null, StrategyStanding.Suspended)]
    public void Loss_that_does_not_matter_proves_nothing(int? equity, StrategyStanding expected) => Assert.Equal(
        expected, Judge(StrategyVerdict.None, Trades(20, -1m, -1m), Limits with { LeastDrawdown = 0.01m }, equity).Standing);

    [Fact]
    public void Sharpe_cuts() => Assert.StartsWith(
        "Sharpe ratio",
        Judge(StrategyVerdict.None, Trades(40, 0.95m, -1m), Limits with { CutProfitFactor = null, CutSharpe = -0.01 }).Reason,
        StringComparison.Ordinal);

    [Fact]
    public void Suspended_strategy_comes_back_cut_after_its_time_and_is_restored_by_what_it_trades_then()
    {
        var suspended = Judge(StrategyVerdict.None, Trades(20, 0.1m, -1m));
        Assert.Equal(StrategyStanding.Suspended, suspended.Standing);
        Assert.Same(suspended, Judge(suspended, Trades(20, 0.1m, -1m), now: Now.AddHours(23.9)));

        var onTrial = Judge(suspended, Trades(20, 0.1m, -1m), now: Now.AddHours(24));
        Assert.Equal((StrategyStanding.Cut, 20L), (onTrial.Standing, onTrial.Trades));

        // What led to the suspension is not judged again.
        ClosedTrade[] some = [.. Trades(20, 0.1m, -1m), .. Trades(19, 2m, -1m)];
        Assert.Same(onTrial, Judge(onTrial, some, now: Now.AddHours(25)));
        ClosedTrade[] enough = [.. Trades(20, 0.1m, -1m), .. Trades(20, 2m, -1m)];
        Assert.Equal(StrategyStanding.Normal, Judge(onTrial, enough, now: Now.AddHours(26)).Standing);
        ClosedTrade[] worse = [.. Trades(20, 0.1m, -1m), .. Trades(20, 0.1m, -1m)];
        Assert.Equal(StrategyStanding.Suspended, Judge(onTrial, worse, now: Now.AddHours(26)).Standing);
    }

    [Fact]
    public void Standing_decides_the_part_of_the_weight() => Assert.Equal(
        [1m, 0.5m, 0m], Enum.GetValues<StrategyStanding>().Select(standing => StrategyReview.FactorOf(standing, Limits)));

    private static StrategyVerdict Judge(
        StrategyVerdict verdict, ClosedTrade[] trades, ReviewLimits? limits = null, decimal? equity = 100_000m, DateTimeOffset? now = null) =>
        StrategyReview.Judge(verdict, trades, trades.Length, equity, limits ?? Limits, now ?? Now);

    private static ClosedTrade[] Trades(int count, decimal even, decimal odd) =>
        [.. Enumerable.Range(0, count).Select(i => Trade(i, i % 2 == 0 ? even : odd))];

    private static ClosedTrade Trade(int number, decimal pnl) => new($"P{number}", pnl, 0m, 1_000m, TimeSpan.FromMinutes(1));
}
