using System.Collections.Immutable;
using CsCheck;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Exits.Rules;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Exits;

/// <summary>The book against a scan of every position at every price, with every kind of exit, and over restarts.</summary>
public sealed class ExitBookModelTests
{
    private static readonly ExitRegistry Registry = CreateRegistry();

    // Prices lie on a coarse grid around 100 so that many levels are equal and many are reached.
    private static readonly Gen<decimal?> Levels = Gen.Int[80, 130].Select(level => level > 120 ? (decimal?)null : level);

    private static readonly Gen<TrailingStop?> Trailings = Gen.Select(Gen.Int[0, 5], Gen.Int[1, 12], (unit, distance) =>
        unit is 0 or > 3 ? null : new TrailingStop((TrailingUnit)unit, distance));

    private static readonly Gen<BreakEven?> Moves = Gen.Select(Gen.Int[-4, 8], Gen.Int[-6, 7], (trigger, offset) =>
        trigger < 1 ? null : new BreakEven(trigger, Math.Min(offset, trigger - 1)));

    private static readonly Gen<StrategyExit?> Rules = Gen.Select(Gen.Int[0, 4], Gen.Int[98, 102], (rule, level) => rule switch
    {
        0 => new StrategyExit("below", Parameters(level)),
        1 => new StrategyExit("early", level == 100 ? Parameters(null) : Parameters(level)),
        _ => null,
    });

    private static readonly Gen<ExitPlan> Plans = Gen.Select(
        Levels, Levels, Trailings, Moves, Rules, Gen.Int[-60, 60], Gen.Int[0, 3],
        (stop, target, trailing, move, rule, seconds, session) => new ExitPlan(stop, target)
        {
            Trailing = trailing,
            BreakEven = move,
            Strategy = rule,
            TimeStop = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null,
            EndOfSession = session == 0 ? true : null,
        });

    private static readonly Gen<Step[]> Histories = Gen.Select(
        Gen.Int[0, 13], Gen.Int[0, 19], Gen.Enum<Side>(), Plans, Gen.Int[95, 105], Gen.Int[0, 40], Gen.Int[85, 115].Array[4],
        (what, id, side, plan, average, ago, prices) => new Step(what, $"p{id}", side, plan, average, ago, prices)).Array[1, 100];

    [Fact]
    public void Book_agrees_with_a_naive_scan() => Histories.Sample(history =>
    {
        var (book, naive, now) = (new ExitBook(Registry), new NaiveExits(), Given.Now);
        var start = DateTimeOffset.MinValue;
        for (var i = 0; i < 10; i++)
        {
            // Warms the range so that it becomes known in the midst of most histories.
            var bar = Bar(100m, 103m, 98m, 100m, now += TimeSpan.FromSeconds(1));
            Assert.Equal(naive.Judge(bar), book.Judge(bar));
        }

        foreach (var step in history)
        {
            now += TimeSpan.FromSeconds(1);
            if (step.What == 13)
            {
                // What is saved serves the positions armed by then; those armed later opened later.
                (book, start) = (Restart(book, naive), now);
            }
            else
            {
                var opened = now.AddSeconds(-step.Ago);
                Apply(step, opened < start ? start : opened, book, naive, now);
            }

            Assert.Equal(naive.ArmedIds, book.ArmedIds.Order());
            Assert.Equal(book.ArmedIds.Count, book.Count);
        }
    }, iter: 10_000);

    internal static decimal LevelOf(StrategyExit rule) => rule.Parameters.GetValueOrDefault("level", 100m);

    private static void Apply(Step step, DateTimeOffset opened, ExitBook book, NaiveExits naive, DateTimeOffset now)
    {
        var prices = step.Prices.Select(price => (decimal)price).ToArray();
        switch (step.What)
        {
            case <= 4:
                var armed = new ArmedExit(
                    step.Id, step.Side, step.Plan, step.Average, opened, now.AddSeconds(step.Prices[0] - 85));
                naive.Arm(armed);
                naive.Tell(armed);
                book.Arm(armed);
                break;
            case 5:
                naive.Disarm(step.Id);
                book.Disarm(step.Id);
                break;
            case <= 8:
                var quote = Quote(Math.Min(prices[0], prices[1]), Math.Max(prices[0], prices[1]));
                Assert.Equal(naive.Reach(quote, now), book.Reach(quote, now));
                break;
            case 9:
                var bar = Bar(prices[0], prices.Max(), prices.Min(), prices[1], now);
                Assert.Equal(naive.Reach(bar, now), book.Reach(bar, now));
                break;
            case <= 11:
                var finished = Bar(prices[0], prices.Max(), prices.Min(), prices[1], now);
                Assert.Equal(naive.Judge(finished), book.Judge(finished));
                break;
            default:
                Assert.Equal(naive.Due(now), book.Due(now));
                break;
        }
    }

    /// <summary>A new book with what the old one saved, and the positions that are still open.</summary>
    private static ExitBook Restart(ExitBook book, NaiveExits naive)
    {
        var next = new ExitBook(Registry);
        next.Load(book.Save(), book.SaveBars());
        foreach (var exit in naive.Armed)
        {
            next.Arm(exit);
        }

        naive.Bid = 0m;
        return next;
    }

    private static ExitRegistry CreateRegistry()
    {
        var registry = new ExitRegistry();
        registry.Register(new BelowLevel("below", isEarly: false));
        registry.Register(new BelowLevel("early", isEarly: true));
        return registry;
    }

    private static ImmutableSortedDictionary<string, decimal> Parameters(int? level) => level is { } given
        ? ImmutableSortedDictionary<string, decimal>.Empty.Add("level", given)
        : ImmutableSortedDictionary<string, decimal>.Empty;

    private static MarketUpdate Quote(decimal bid, decimal ask) =>
        new("BTCUSD", AssetClass.Crypto, Given.Now, bid, ask, null, "test");

    private static MarketUpdate Bar(decimal open, decimal high, decimal low, decimal close, DateTimeOffset time) => new(
        "BTCUSD", AssetClass.Crypto, time, close, close, new Bar(open, high, low, close, 1m, TimeSpan.FromMinutes(1)), "test");

    private sealed record Step(int What, string Id, Side Side, ExitPlan Plan, decimal Average, int Ago, int[] Prices);
}
