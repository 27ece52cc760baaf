using CsCheck;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Exits;

/// <summary>The exits of a symbol: what a price reaches, at which price, and that it is reached once.</summary>
public sealed class ExitBookTests
{
    private static readonly Gen<decimal?> Levels = Gen.Int[80, 130].Select(level => level > 120 ? (decimal?)null : level);

    // 0 arms, 1 disarms, 2 quotes, 3 shows a bar; levels on a coarse grid so that many are equal.
    private static readonly Gen<(int What, int Id, Side Side, decimal? Stop, decimal? Target, int[] Prices)[]> Histories =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 15], Gen.Enum<Side>(), Levels, Levels, Gen.Int[80, 120].Array[4],
            (what, id, side, stop, target, prices) => (Math.Max(0, what - 4), id, side, stop, target, prices)).Array[1, 60];

    [Theory]
    [InlineData(Side.Buy, 95, 95.0, 96.0, "stop_loss", 95.0)]
    [InlineData(Side.Buy, 95, 90.0, 91.0, "stop_loss", 90.0)]
    [InlineData(Side.Buy, 95, 110.0, 111.0, "take_profit", 110.0)]
    [InlineData(Side.Buy, 95, 130.0, 131.0, "take_profit", 130.0)]
    [InlineData(Side.Sell, 105, 104.0, 105.0, "stop_loss", 105.0)]
    [InlineData(Side.Sell, 105, 109.0, 110.0, "stop_loss", 110.0)]
    [InlineData(Side.Sell, 105, 89.0, 90.0, "take_profit", 90.0)]
    [InlineData(Side.Sell, 105, 60.0, 61.0, "take_profit", 61.0)]
    public void Quote_that_reaches_a_level_triggers_at_the_quoted_price(
        Side side, int stop, double bid, double ask, string reason, double price)
    {
        var book = new ExitBook();
        book.Arm(new ArmedExit("p", side, stop, side == Side.Buy ? 110m : 90m));

        Assert.Equal([new TriggeredExit("p", reason, (decimal)price)], book.Reach(Quote((decimal)bid, (decimal)ask)));

        Assert.Equal((0, false), (book.Count, book.IsArmed("p")));
        Assert.Empty(book.Reach(Quote((decimal)bid, (decimal)ask)));
    }

    [Theory]
    [InlineData(Side.Buy, 95.01, 120)]
    [InlineData(Side.Buy, 109.99, 120)]
    [InlineData(Side.Sell, 80, 104.99)]
    [InlineData(Side.Sell, 80, 90.01)]
    public void Quote_just_short_of_the_levels_triggers_nothing(Side side, double bid, double ask)
    {
        var book = new ExitBook();
        book.Arm(side == Side.Buy ? new ArmedExit("p", side, 95m, 110m) : new ArmedExit("p", side, 105m, 90m));

        Assert.Empty(book.Reach(Quote((decimal)bid, (decimal)ask)));
        Assert.True(book.IsArmed("p"));
    }

    [Theory]
    [InlineData(Side.Buy, 100, 112, 94, "stop_loss", 95)]
    [InlineData(Side.Sell, 100, 106, 88, "stop_loss", 105)]
    [InlineData(Side.Buy, 90, 120, 80, "stop_loss", 90)]
    [InlineData(Side.Sell, 115, 120, 80, "stop_loss", 115)]
    [InlineData(Side.Buy, 100, 110, 96, "take_profit", 110)]
    [InlineData(Side.Buy, 115, 120, 96, "take_profit", 115)]
    [InlineData(Side.Sell, 100, 104, 90, "take_profit", 90)]
    [InlineData(Side.Sell, 85, 104, 80, "take_profit", 85)]
    public void Bar_stops_first_and_gaps_at_its_open(Side side, int open, int high, int low, string reason, int price)
    {
        var book = new ExitBook();
        book.Arm(side == Side.Buy ? new ArmedExit("p", side, 95m, 110m) : new ArmedExit("p", side, 105m, 90m));

        Assert.Equal([new TriggeredExit("p", reason, price)], book.Reach(Bar(open, high, low)));
    }

    [Fact]
    public void Exit_armed_again_replaces_the_one_before()
    {
        var book = new ExitBook();
        book.Arm(new ArmedExit("p", Side.Buy, 95m, null));
        book.Arm(new ArmedExit("p", Side.Buy, 90m, null));
        Assert.Empty(book.Reach(Quote(92m, 93m)));

        book.Arm(new ArmedExit("p", Side.Buy, null, null));

        Assert.Equal(0, book.Count);
        Assert.Empty(book.Reach(Quote(1m, 2m)));
    }

    [Fact]
    public void Book_agrees_with_a_naive_scan() => Histories.Sample(history =>
    {
        var book = new ExitBook();
        var naive = new List<ArmedExit>();
        foreach (var (what, number, side, stop, target, prices) in history)
        {
            var id = "p" + number;
            switch (what)
            {
                case 0:
                    book.Arm(new ArmedExit(id, side, stop, target));
                    naive.RemoveAll(exit => exit.PositionId == id);
                    naive.Add(new ArmedExit(id, side, stop, target));
                    naive.RemoveAll(exit => exit.StopLoss is null && exit.TakeProfit is null);
                    break;
                case 1:
                    book.Disarm(id);
                    naive.RemoveAll(exit => exit.PositionId == id);
                    break;
                default:
                    var update = what == 2
                        ? Quote(prices.Min(), prices.Max())
                        : Bar(prices[0], prices.Max(), prices.Min());
                    Assert.Equal(Scan(naive, update), book.Reach(update));
                    break;
            }

            Assert.Equal(naive.Select(exit => exit.PositionId).Order(), book.ArmedIds.Order());
        }
    }, iter: 5_000);

    /// <summary>Looks at every exit, one after the other; what it returns leaves the list.</summary>
    private static List<TriggeredExit> Scan(List<ArmedExit> armed, MarketUpdate update)
    {
        var reached = new List<(int Group, decimal Nearness, TriggeredExit Exit)>();
        foreach (var exit in armed.ToList())
        {
            var isLong = exit.Side == Side.Buy;
            var (worst, best) = update.Bar is { } bar
                ? isLong ? (bar.Low, bar.High) : (bar.High, bar.Low)
                : isLong ? (update.Bid, update.Bid) : (update.Ask, update.Ask);
            var first = update.Bar?.Open;
            if (exit.StopLoss is { } stop && (isLong ? worst <= stop : worst >= stop))
            {
                var price = first is { } open ? isLong ? Math.Min(open, stop) : Math.Max(open, stop) : worst;
                reached.Add((isLong ? 0 : 1, isLong ? -stop : stop, new(exit.PositionId, "stop_loss", price)));
                armed.Remove(exit);
            }
            else if (exit.TakeProfit is { } target && (isLong ? best >= target : best <= target))
            {
                var price = first is { } open ? isLong ? Math.Max(open, target) : Math.Min(open, target) : best;
                reached.Add((isLong ? 2 : 3, isLong ? target : -target, new(exit.PositionId, "take_profit", price)));
                armed.Remove(exit);
            }
        }

        return [.. reached.OrderBy(item => item.Group).ThenBy(item => item.Nearness)
            .ThenBy(item => item.Exit.PositionId, StringComparer.Ordinal).Select(item => item.Exit)];
    }

    private static MarketUpdate Quote(decimal bid, decimal ask) =>
        new("BTCUSD", AssetClass.Crypto, Given.Now, bid, ask, null, "test");

    private static MarketUpdate Bar(decimal open, decimal high, decimal low) => new(
        "BTCUSD", AssetClass.Crypto, Given.Now, open, open, new Bar(open, high, low, open, 1m, TimeSpan.FromMinutes(1)), "test");
}
