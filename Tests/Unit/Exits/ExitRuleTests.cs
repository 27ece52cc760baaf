using System.Collections.Immutable;
using CsCheck;
using TradingEngine.Trading.Exits.Rules;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Exits;

/// <summary>The exits that look at bars, each against its definition worked out anew over all bars, and at its borders.</summary>
public sealed class ExitRuleTests
{
    // What prices are mirrored around.
    private const int Center = 1_000;

    private static readonly DateTimeOffset s_start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    // Small steps and long flat stretches: prices meet their means, and each other, exactly.
    private static readonly Gen<Bar[]> Walks = Gen.Select(Gen.Int[-3, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[1, 12])
        .Array[1, 40].Select(steps =>
        {
            var (bars, close) = (new List<Bar>(), Center);
            foreach (var (step, up, down, times) in steps)
            {
                close = Math.Clamp(close + step, 900, 1_100);
                bars.AddRange(Enumerable.Repeat(
                    new Bar(close, close + up, close - down, close, 0m, TimeSpan.FromMinutes(1)), step == 0 ? times : 1));
            }

            return bars.ToArray();
        });

    [Fact]
    public void Trend_is_left_when_the_means_recomputed_over_all_closes_cross() =>
        Gen.Select(Walks, Gen.Int[1, 6], Gen.Int[1, 8]).Sample((bars, fast, more) => Same(
            new TrendReversalExit(), new() { ["fast"] = fast, ["slow"] = fast + more }, bars, (side, past) =>
            {
                var leads = Enumerable.Range(fast + more, Math.Max(0, past.Count - fast - more + 1))
                    .Select(count => Sign(Mean(past.Take(count), fast) - Mean(past.Take(count), fast + more)) * side)
                    .ToList();
                var before = leads.SkipLast(1).LastOrDefault(lead => lead != 0);
                return leads.Count > 0 && leads[^1] < 0 && before > 0 ? TrendReversalExit.Reason : null;
            }), iter: 300);

    [Fact]
    public void Mean_reversion_is_left_by_the_scores_of_whole_windows() =>
        Gen.Select(Walks, Gen.Int[2, 10], Gen.Int[0, 4], Gen.Int[1, 6], Gen.Bool).Sample((bars, period, near, apart, hasStop) =>
        {
            var stop = hasStop ? (near + apart) / 2m : 0m;
            Same(new MeanReversionExit(), new() { ["period"] = period, ["near"] = near / 2m, ["stop"] = stop }, bars, (side, past) =>
            {
                if (past.Count < period)
                {
                    return null;
                }

                // In whole numbers: n·x − Σ is the distance from the mean, n·Σx² − (Σx)² the variance, both times n or n².
                var window = past.TakeLast(period).Select(bar => bar.Close).ToList();
                var distance = ((period * window[^1]) - window.Sum()) * side;
                var variance = (period * window.Sum(x => x * x)) - (window.Sum() * window.Sum());
                var square = distance * distance;
                return distance >= 0m || square <= near / 2m * (near / 2m) * variance ? MeanReversionExit.Reached
                    : stop > 0m && square >= stop * stop * variance ? MeanReversionExit.Diverged
                    : null;
            });
        }, iter: 2_000);

    [Fact]
    public void Breakout_is_left_when_a_close_of_the_first_bars_is_back_in_the_range() =>
        Gen.Select(Walks, Gen.Int[1, 8], Gen.Int[1, 5], Gen.Int[0, 60]).Sample((bars, period, count, opened) => Same(
            new FailedBreakoutExit(), new() { ["period"] = period, ["bars"] = count }, bars, (side, past) =>
            {
                var (before, after) = (past.Take(opened).TakeLast(period).ToList(), past.Count - opened);
                if (after < 1 || after > count || before.Count < period)
                {
                    return null;
                }

                var edge = side > 0 ? before.Max(bar => bar.High) : before.Min(bar => bar.Low);
                return (past[^1].Close - edge) * side < 0m ? FailedBreakoutExit.Reason : null;
            }, s_start.AddMinutes(opened)), iter: 2_000);

    [Fact]
    public void Means_that_touch_do_not_cross_and_a_flat_market_is_no_reversal()
    {
        var rule = new TrendReversalExit();
        Assert.Equal([null, null, null, TrendReversalExit.Reason], Judge(rule, Side.Buy, "fast=1 slow=2", 10m, 13m, 13m, 10m)[..4]);

        // 0.1 is no double: means of equal prices differ in their last bits.
        var flat = Enumerable.Repeat(1.1m, 600).Prepend(1.2m).Append(1.3m).Concat(Enumerable.Repeat(1.1m, 600)).ToArray();
        Assert.Single(Judge(rule, Side.Buy, "", flat), reason => reason is not null);
        Assert.DoesNotContain(TrendReversalExit.Reason, Judge(rule, Side.Buy, "", flat[..601]));
        Assert.DoesNotContain(TrendReversalExit.Reason, Judge(rule, Side.Sell, "", flat[..601]));
    }

    [Fact]
    public void Position_opened_against_the_means_waits_for_the_next_crossing() =>
        Assert.Equal([null, null, null, null, TrendReversalExit.Reason],
            Judge(new TrendReversalExit(), Side.Buy, "fast=1 slow=2", 10m, 9m, 8m, 9m, 7m));

    [Fact]
    public void Price_exactly_at_its_mean_is_back()
    {
        var rule = new MeanReversionExit();
        // The mean of 0.1, 0.5 and 0.3 is 0.3; in doubles it is not, to the last bit.
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            Assert.Equal(MeanReversionExit.Reached, Judge(rule, side, "period=3", 0.1m, 0.5m, 0.3m)[^1]);
            Assert.Equal(MeanReversionExit.Reached, Judge(rule, side, "period=3", 1.7m, 1.1m, 1.4m)[^1]);
            Assert.Equal(MeanReversionExit.Reached, Judge(rule, side, "period=7", 0.1m, 0.2m, 0.3m, 0.5m, 0.6m, 0.7m, 0.4m)[^1]);
        }

        Assert.Null(Judge(rule, Side.Buy, "period=3", 0.1m, 0.5m, 0.2999m)[^1]);
        Assert.Null(Judge(rule, Side.Sell, "period=3", 0.1m, 0.5m, 0.3001m)[^1]);
    }

    [Fact]
    public void Price_that_its_mean_came_to_is_back() =>
        Assert.Equal([null, null, null, null, MeanReversionExit.Reached],
            Judge(new MeanReversionExit(), Side.Buy, "period=3 stop=0", 10m, 9m, 8m, 8m, 8m));

    [Fact]
    public void Score_exactly_at_a_limit_counts()
    {
        // Of 0 0 0 and −4 the mean is −1, the deviation √3 and the last score −√3; of −1 and 1 it is 1.
        Assert.Equal(MeanReversionExit.Reached, Judge(new MeanReversionExit(), Side.Buy, "period=2 near=1", 101m, 99m)[^1]);
        Assert.Null(Judge(new MeanReversionExit(), Side.Buy, "period=2 near=0.999", 101m, 99m)[^1]);
        Assert.Equal(MeanReversionExit.Diverged, Judge(new MeanReversionExit(), Side.Buy, "period=2 stop=1", 101m, 99m)[^1]);
        Assert.Null(Judge(new MeanReversionExit(), Side.Buy, "period=2 stop=1.001", 101m, 99m)[^1]);
        Assert.Null(Judge(new MeanReversionExit(), Side.Buy, "period=2 stop=0", 101m, 99m)[^1]);
        Assert.Equal(MeanReversionExit.Diverged, Judge(new MeanReversionExit(), Side.Sell, "period=2 stop=1", 99m, 101m)[^1]);
        Assert.Equal(MeanReversionExit.Diverged, Judge(new MeanReversionExit(), Side.Buy, "period=4 stop=1.732", 100m, 100m, 100m, 96m)[^1]);
    }

    [Fact]
    public void Breakout_counts_exactly_its_bars_and_its_edge_is_outside()
    {
        const string three = "bars=3 level=100";
        Assert.Equal([null, null, FailedBreakoutExit.Reason, null], Judge(new FailedBreakoutExit(), Side.Buy, three, 100m, 101m, 99.99m, 99.99m));
        Assert.Equal([null, null, FailedBreakoutExit.Reason, null], Judge(new FailedBreakoutExit(), Side.Sell, three, 100m, 99m, 100.01m, 100.01m));

        // Bars that were missed do not make the wait longer.
        var watch = new FailedBreakoutExit().Watch(Context(new FailedBreakoutExit(), Side.Buy, three, s_start));
        Assert.Null(watch.Judge(At(4, 99m)));
    }

    [Fact]
    public void Generic_watches_nothing() =>
        Assert.Null(new PlainExit().Watch(new ExitContext(Side.Buy, ImmutableSortedDictionary<string, decimal>.Empty, s_start)));

    [Theory]
    [InlineData("trend", "fast=1 slow=2", true)]
    [InlineData("trend", "fast=2 slow=2", false)]
    [InlineData("trend", "fast=0 slow=2", false)]
    [InlineData("trend", "fast=399 slow=400", true)]
    [InlineData("trend", "fast=399 slow=401", false)]
    [InlineData("trend", "fast=1.5", false)]
    [InlineData("mean_reversion", "period=2", true)]
    [InlineData("mean_reversion", "period=1", false)]
    [InlineData("mean_reversion", "near=4 stop=4", false)]
    [InlineData("mean_reversion", "near=3.9 stop=4", true)]
    [InlineData("mean_reversion", "near=4 stop=0", true)]
    [InlineData("mean_reversion", "near=-0.1", false)]
    [InlineData("mean_reversion", "near=100 stop=0", true)]
    [InlineData("mean_reversion", "near=100.1 stop=0", false)]
    [InlineData("mean_reversion", "stop=100", true)]
    [InlineData("mean_reversion", "stop=100.1", false)]
    [InlineData("breakout", "bars=1 period=1 level=0", true)]
    [InlineData("breakout", "bars=0", false)]
    [InlineData("breakout", "period=401", false)]
    [InlineData("breakout", "level=-1", false)]
    [InlineData("generic", "", true)]
    public void Parameters_are_refused_beyond_their_bounds(string name, string parameters, bool isTaken)
    {
        var rule = ExitRegistry.Default.Find(name)!;
        Assert.Equal(isTaken, rule.Refuse(Parameters(rule, parameters)) is null);
    }

    /// <summary>
    /// The watch says at every bar what the definition says of all bars so far, long and short; and of prices mirrored around
    /// a constant, and the other side, the same.
    /// </summary>
    private static void Same(
        IExitRule rule, Dictionary<string, decimal> given, Bar[] bars,
        Func<int, IReadOnlyList<Bar>, string?> definition, DateTimeOffset opened = default)
    {
        var parameters = rule.Defaults.SetItems(given);
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            var watch = rule.Watch(new ExitContext(side, parameters, opened))!;
            var mirrored = rule.Watch(new ExitContext(side == Side.Buy ? Side.Sell : Side.Buy, parameters, opened))!;
            for (var i = 0; i < bars.Length; i++)
            {
                var said = watch.Judge(At(i + 1, bars[i]));
                var expected = definition(side == Side.Buy ? 1 : -1, new ArraySegment<Bar>(bars, 0, i + 1));
                Assert.True(expected == said, $"Bar {i}, {side}: expected {expected ?? "nothing"}, was {said ?? "nothing"}.");
                Assert.Equal(said, mirrored.Judge(At(i + 1, Mirror(bars[i]))));
            }
        }
    }

    private static string?[] Judge(IExitRule rule, Side side, string parameters, params decimal[] closes)
    {
        var watch = rule.Watch(Context(rule, side, parameters, s_start))!;
        return [.. closes.Select((close, i) => watch.Judge(At(i + 1, close)))];
    }

    private static ExitContext Context(IExitRule rule, Side side, string parameters, DateTimeOffset opened) =>
        new(side, Parameters(rule, parameters), opened);

    private static ImmutableSortedDictionary<string, decimal> Parameters(IExitRule rule, string text) => rule.Defaults.SetItems(
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('='))
            .Select(pair => KeyValuePair.Create(pair[0], decimal.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture))));

    private static MarketUpdate At(int minute, decimal close) =>
        At(minute, new Bar(close, close, close, close, 0m, TimeSpan.FromMinutes(1)));

    private static MarketUpdate At(int minute, Bar bar) =>
        new("BTCUSD", AssetClass.Crypto, s_start.AddMinutes(minute), bar.Close, bar.Close, bar, "test");

    private static Bar Mirror(Bar bar) => bar with
    {
        Open = (2 * Center) - bar.Open, High = (2 * Center) - bar.Low, Low = (2 * Center) - bar.High, Close = (2 * Center) - bar.Close,
    };

    /// <summary>The exponential mean of all closes, from the arithmetic one of the first, in decimals.</summary>
    private static decimal Mean(IEnumerable<Bar> bars, int period)
    {
        var closes = bars.Select(bar => bar.Close).ToList();
        var mean = closes.Take(period).Average();
        return closes.Skip(period).Aggregate(mean, (before, close) => before + ((close - before) * 2m / (period + 1)));
    }

    // What is left of a tie by 28 digits.
    private static int Sign(decimal lead) => Math.Abs(lead) < 0.000000000000000001m ? 0 : Math.Sign(lead);
}
