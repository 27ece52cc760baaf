using CsCheck;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

public sealed class StrategyStatisticsTests
{
    private static readonly Gen<ClosedTrade> Trade = Gen.Select(
        Gen.Long[-1_000_000, 1_000_000], Gen.Int[0, 10_000], Gen.Int[0, 1_000_000], Gen.Int[0, 100_000],
        (pnl, commission, notional, seconds) => new ClosedTrade(
            "P1", pnl / 100m, commission / 100m, notional, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Nothing_closed_says_nothing()
    {
        var none = StrategyStatistics.Of([]);

        Assert.Equal(new StrategyStatistics(), none);
        Assert.Equal(
            (null, null, null, null, null, null, null),
            (none.WinRate, none.AverageWin, none.AverageLoss, none.ProfitFactor, none.Expectancy, none.MaxDrawdown, none.Best));
    }

    [Fact]
    public void Five_trades_by_hand()
    {
        // Running sum 10, 4, 24, 12, 12: the largest fall is from 24 to 12.
        var five = StrategyStatistics.Of([Of(10m, 60), Of(-6m, 30), Of(20m, 120), Of(-12m, 60), Of(0m, 30)]);

        Assert.Equal(
            new StrategyStatistics
            {
                Trades = 5, Wins = 2, Losses = 3, Pnl = 12m, Commissions = 5m, WinRate = 40m, AverageWin = 15m,
                AverageLoss = 6m, ProfitFactor = 1.666667m, Expectancy = 2.4m, AverageDuration = TimeSpan.FromSeconds(60),
                Window = 5, Best = 20m, Worst = -12m, LongestDuration = TimeSpan.FromSeconds(120), MaxDrawdown = 12m,
            },
            five);
    }

    [Fact]
    public void Wins_alone_have_no_profit_factor_and_no_average_loss_and_no_drawdown()
    {
        var wins = StrategyStatistics.Of([Of(1m), Of(3m)]);

        Assert.Equal((2m, null, null, 0m, 100m), (wins.AverageWin, wins.AverageLoss, wins.ProfitFactor, wins.MaxDrawdown, wins.WinRate));
    }

    [Fact]
    public void First_losses_are_a_drawdown_from_the_start() =>
        Assert.Equal(5m, StrategyStatistics.Of([Of(-2m), Of(-3m), Of(4m)]).MaxDrawdown);

    [Fact]
    public void Ratios_by_hand_from_the_least_number_of_returns_on()
    {
        // Ten returns of 3 % and ten of −1 %: mean 1 %, squares 20 · (2 %)², downside squares 10 · (1 %)², n − 1 = 19.
        List<ClosedTrade> trades = [.. Enumerable.Range(0, StrategyStatistics.MinReturns).Select(i => Of(i % 2 == 0 ? 3m : -1m))];
        var statistics = StrategyStatistics.Of(trades);

        Assert.Equal(Math.Round(1 / Math.Sqrt(80d / 19), 6), statistics.Sharpe!.Value, 6);
        Assert.Equal(Math.Round(1 / Math.Sqrt(10d / 19), 6), statistics.Sortino!.Value, 6);
        var fewer = StrategyStatistics.Of(trades[1..]);
        Assert.Equal((null, null), (fewer.Sharpe, fewer.Sortino));
    }

    [Fact]
    public void Returns_that_are_all_the_same_or_never_below_zero_have_no_such_ratio()
    {
        var same = StrategyStatistics.Of([.. Enumerable.Repeat(Of(0.1m), 30)]);
        Assert.Equal((null, null), (same.Sharpe, same.Sortino));

        var above = StrategyStatistics.Of([.. Enumerable.Range(0, 30).Select(i => Of(i))]);
        Assert.NotNull(above.Sharpe);
        Assert.Null(above.Sortino);
    }

    [Fact]
    public void Statistics_equal_a_slow_reference() => Trade.List[1, 60].Sample(trades =>
    {
        var found = StrategyStatistics.Of(trades);

        var sums = Enumerable.Range(0, trades.Count + 1).Select(count => trades.Take(count).Sum(trade => trade.Pnl)).ToList();
        var falls = from earlier in Enumerable.Range(0, sums.Count)
                    from later in Enumerable.Range(earlier, sums.Count - earlier)
                    select sums[earlier] - sums[later];
        var wins = trades.Where(trade => trade.Pnl > 0m).ToList();
        var losses = trades.Where(trade => trade.Pnl <= 0m).ToList();
        Assert.Equal((trades.Count, wins.Count, losses.Count), (found.Trades, found.Wins, found.Losses));
        Assert.Equal(sums[^1], found.Pnl);
        Assert.Equal(falls.Max(), found.MaxDrawdown);
        Assert.Equal(trades.Select(trade => trade.Pnl).Order().ToList() is { } ordered ? (ordered[0], ordered[^1]) : default,
            (found.Worst, found.Best));
        AssertClose(wins.Count == 0 ? null : (double)wins.Average(trade => trade.Pnl), (double?)found.AverageWin);
        AssertClose(losses.Count == 0 ? null : (double)-losses.Average(trade => trade.Pnl), (double?)found.AverageLoss);
        AssertClose((double)trades.Average(trade => trade.Pnl), (double?)found.Expectancy);
        var lost = losses.Sum(trade => trade.Pnl);
        AssertClose(lost == 0m ? null : (double)(wins.Sum(trade => trade.Pnl) / -lost), (double?)found.ProfitFactor);
        AssertClose(trades.Average(trade => trade.Duration.TotalSeconds), found.AverageDuration!.Value.TotalSeconds);
        AssertRatios([.. trades.Where(trade => trade.Notional > 0m).Select(trade => trade.Pnl / trade.Notional)], found);
    });

    [Fact]
    public void Sums_of_the_counters_equal_those_of_the_trades() => Trade.List[0, 40].Sample(trades =>
    {
        var whole = trades.Select(trade => trade with { Duration = TimeSpan.FromSeconds((long)trade.Duration.TotalSeconds) }).ToList();
        var found = StrategyStatistics.Of(whole);

        Assert.Equal(found with { Rejected = 3 }, found.WithAllTime(CountersOf(whole)));
    });

    [Fact]
    public void Sums_over_all_time_stand_beside_a_window_of_the_newest()
    {
        List<ClosedTrade> all = [Of(100m), Of(-50m), Of(5m), Of(-1m)];

        var found = StrategyStatistics.Of(all[2..]).WithAllTime(CountersOf(all));

        Assert.Equal((4, 54m, 2, 5m, -1m, 1m), (found.Trades, found.Pnl, found.Window, found.Best, found.Worst, found.MaxDrawdown));
    }

    [Fact]
    public void Trade_is_made_of_the_position()
    {
        var life = new Life(Given.Opening(Trading.Orders.Side.Sell, 2m));
        life.Fill(life.Entry, 2m, 100m, "f1", commission: 1m);
        life.Now += TimeSpan.FromSeconds(90);
        life.Close();
        life.Fill(life.LastClose, 2m, 90m, "f2", commission: 0.5m);

        var trade = ClosedTrade.Of(life.State);

        Assert.Equal(new ClosedTrade("P1", 18.5m, 1.5m, 200m, TimeSpan.FromSeconds(90)), trade);
        Assert.Equal(0.0925, trade.Return);
        var inverse = life.State.Legs[0] with { Terms = new ContractTerms(IsInverse: true) };
        Assert.Equal(0.02m, ClosedTrade.Of(life.State with { Legs = [inverse] }).Notional);
    }

    private static ClosedTrade Of(decimal pnl, int seconds = 1) => new("P1", pnl, 1m, 100m, TimeSpan.FromSeconds(seconds));

    private static Dictionary<string, long> CountersOf(List<ClosedTrade> trades) => new()
    {
        ["trades"] = trades.Count,
        ["rejected"] = 3,
        ["wins"] = trades.Count(trade => trade.Pnl > 0m),
        ["won"] = (long)(trades.Where(trade => trade.Pnl > 0m).Sum(trade => trade.Pnl) * Contributions.Scale),
        ["lost"] = (long)(-trades.Where(trade => trade.Pnl < 0m).Sum(trade => trade.Pnl) * Contributions.Scale),
        ["seconds"] = (long)trades.Sum(trade => trade.Duration.TotalSeconds),
        ["commissions"] = (long)(trades.Sum(trade => trade.Commissions) * Contributions.Scale),
    };

    /// <summary>By the other formula: the sum of squares less the square of the sum.</summary>
    private static void AssertRatios(List<decimal> returns, StrategyStatistics found)
    {
        if (returns.Count < StrategyStatistics.MinReturns || returns.Distinct().Count() == 1)
        {
            Assert.Equal((null, null), (found.Sharpe, found.Sortino));
            return;
        }

        var count = returns.Count;
        var mean = returns.Sum() / count;
        var variance = (returns.Sum(value => value * value) - (count * mean * mean)) / (count - 1);
        AssertClose((double)mean / Math.Sqrt((double)variance), found.Sharpe);
        var below = returns.Where(value => value < 0m).Sum(value => value * value) / (count - 1);
        AssertClose(below == 0m ? null : (double)mean / Math.Sqrt((double)below), found.Sortino);
    }

    private static void AssertClose(double? expected, double? found)
    {
        Assert.Equal(expected is null, found is null);
        if (expected is not null)
        {
            Assert.InRange(found!.Value, expected.Value - 1e-5, expected.Value + 1e-5);
        }
    }
}
