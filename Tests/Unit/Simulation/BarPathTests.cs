using CsCheck;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Simulation;
using Xunit;

namespace TradingEngine.Tests.Unit.Simulation;

public sealed class BarPathTests
{
    private static readonly Bar s_bar = new(100m, 110m, 90m, 105m, 1m, TimeSpan.FromMinutes(1));

    [Fact]
    public void Adverse_extreme_comes_before_the_favourable_one()
    {
        Assert.Equal([100m, 90m, 110m, 105m], BarPath.Prices(Side.Buy, s_bar));
        Assert.Equal([100m, 110m, 90m, 105m], BarPath.Prices(Side.Sell, s_bar));
    }

    [Theory]
    [InlineData(Side.Buy, 95, 120, BarExitKind.StopLoss, 95, false)]
    [InlineData(Side.Buy, 80, 108, BarExitKind.TakeProfit, 108, false)]
    [InlineData(Side.Buy, 95, 108, BarExitKind.StopLoss, 95, false)]
    [InlineData(Side.Buy, 90, 110, BarExitKind.StopLoss, 90, false)]
    [InlineData(Side.Buy, 80, 110, BarExitKind.TakeProfit, 110, false)]
    [InlineData(Side.Buy, 101, 120, BarExitKind.StopLoss, 100, true)]
    [InlineData(Side.Buy, 95, 99, BarExitKind.TakeProfit, 100, true)]
    [InlineData(Side.Sell, 105, 80, BarExitKind.StopLoss, 105, false)]
    [InlineData(Side.Sell, 120, 92, BarExitKind.TakeProfit, 92, false)]
    [InlineData(Side.Sell, 105, 92, BarExitKind.StopLoss, 105, false)]
    [InlineData(Side.Sell, 99, 80, BarExitKind.StopLoss, 100, true)]
    [InlineData(Side.Sell, 105, 101, BarExitKind.TakeProfit, 100, true)]
    public void First_exit_follows_the_rule(Side side, int stop, int target, BarExitKind kind, int price, bool isGap) =>
        Assert.Equal(new BarExit(kind, price, isGap), BarPath.FirstExit(side, stop, target, s_bar));

    [Theory]
    [InlineData(Side.Buy, 89, 111)]
    [InlineData(Side.Sell, 111, 89)]
    public void Level_that_is_not_touched_ends_nothing(Side side, int stop, int target)
    {
        Assert.Null(BarPath.FirstExit(side, stop, target, s_bar));
        Assert.Null(BarPath.FirstExit(side, null, null, s_bar));
    }

    [Fact]
    public void Exit_lies_in_the_bar_and_is_never_a_target_while_the_stop_was_met() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 50], Gen.Int[1, 50], Gen.Int[1, 50], Gen.Int[1, 50], Gen.Int[1, 50], Gen.Bool)
            .Sample((a, b, c, d, stop, target, isBuy) =>
            {
                var prices = new decimal[] { a, b, c, d };
                var bar = new Bar(a, prices.Max(), prices.Min(), d, 0m, TimeSpan.FromMinutes(1));
                var exit = BarPath.FirstExit(isBuy ? Side.Buy : Side.Sell, stop, target, bar);
                var (stopMet, targetMet) = isBuy
                    ? (bar.Low <= stop, bar.High >= target) : (bar.High >= stop, bar.Low <= target);
                Assert.Equal(stopMet || targetMet, exit is not null);
                if (exit is { } found)
                {
                    Assert.InRange(found.Price, bar.Low, bar.High);
                    Assert.Equal(found.IsGap, found.Price == bar.Open);
                    Assert.True(found.Kind == BarExitKind.StopLoss ? stopMet : targetMet);
                    Assert.True(found.Kind == BarExitKind.StopLoss || !stopMet || found.IsGap);
                }
            });
}
