using System.Collections.Immutable;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Exits;

/// <summary>The exits of a symbol: what a price reaches, at which price, and that it is reached once.</summary>
public sealed class ExitBookTests
{
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
        book.Arm(Armed(side, stop, side == Side.Buy ? 110m : 90m));

        Assert.Equal([new TriggeredExit("p", reason, (decimal)price)], book.Reach(Quote((decimal)bid, (decimal)ask), Given.Now));

        Assert.Equal((0, false), (book.Count, book.IsArmed("p")));
        Assert.Empty(book.Reach(Quote((decimal)bid, (decimal)ask), Given.Now));
    }

    [Theory]
    [InlineData(Side.Buy, 95.01, 120)]
    [InlineData(Side.Buy, 109.99, 120)]
    [InlineData(Side.Sell, 80, 104.99)]
    [InlineData(Side.Sell, 80, 90.01)]
    public void Quote_just_short_of_the_levels_triggers_nothing(Side side, double bid, double ask)
    {
        var book = new ExitBook();
        book.Arm(side == Side.Buy ? Armed(side, 95m, 110m) : Armed(side, 105m, 90m));

        Assert.Empty(book.Reach(Quote((decimal)bid, (decimal)ask), Given.Now));
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
        book.Arm(side == Side.Buy ? Armed(side, 95m, 110m) : Armed(side, 105m, 90m));

        Assert.Equal([new TriggeredExit("p", reason, price)], book.Reach(Bar(open, high, low), Given.Now));
    }

    [Fact]
    public void Exit_armed_again_replaces_the_one_before()
    {
        var book = new ExitBook();
        book.Arm(Armed(Side.Buy, 95m, null));
        book.Arm(Armed(Side.Buy, 90m, null));
        Assert.Empty(book.Reach(Quote(92m, 93m), Given.Now));

        book.Arm(Armed(Side.Buy, null, null));

        Assert.Equal(0, book.Count);
        Assert.Empty(book.Reach(Quote(1m, 2m), Given.Now));
    }

    [Fact]
    public void Bar_that_ended_as_a_position_opened_is_none_of_its_business()
    {
        var book = new ExitBook();
        var exit = new StrategyExit("mean_reversion", ImmutableSortedDictionary<string, decimal>.Empty.Add("period", 2m));
        book.Reach(Quote(100m, 101m), Given.Now);
        book.Judge(Bar(100m, 100m, 100m));
        book.Arm(new ArmedExit("p", Side.Buy, ExitPlan.None with { Strategy = exit }, 100m, Given.Now.AddMinutes(1)));

        Assert.Empty(book.Judge(Bar(100m, 100m, 100m) with { Time = Given.Now.AddMinutes(1) }));
        Assert.Equal([new TriggeredExit("p", "mean_reached", 100m)],
            book.Judge(Bar(100m, 100m, 100m) with { Time = Given.Now.AddMinutes(2) }));
    }

    [Fact]
    public void Equal_best_prices_are_remembered_once()
    {
        var book = new ExitBook();
        var plan = ExitPlan.None with { Trailing = new TrailingStop(TrailingUnit.Price, 50m) };
        for (var i = 0; i < 3; i++)
        {
            book.Arm(new ArmedExit($"p{i}", Side.Buy, plan, 90m, Given.Now.AddSeconds(2 * i)));
            book.Reach(Quote(100m, 101m), Given.Now.AddSeconds((2 * i) + 1));
        }

        Assert.Equal([new ExtremeStep(Given.Now.AddSeconds(5).UtcTicks, 100m)], book.Save().Highs);
    }

    private static ArmedExit Armed(Side side, decimal? stop, decimal? target) => new("p", side, new ExitPlan(stop, target));

    private static MarketUpdate Quote(decimal bid, decimal ask) =>
        new("BTCUSD", AssetClass.Crypto, Given.Now, bid, ask, null, "test");

    private static MarketUpdate Bar(decimal open, decimal high, decimal low) => new(
        "BTCUSD", AssetClass.Crypto, Given.Now, open, open, new Bar(open, high, low, open, 1m, TimeSpan.FromMinutes(1)), "test");
}
