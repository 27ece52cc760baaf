using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Tactics;
using Xunit;

namespace TradingEngine.Tests.Unit.Tactics;

public sealed class StopTighteningTests
{
    [Theory]
    [InlineData(1, 90, 0.5, 95d)] // long: from 90 to the bid at 100
    [InlineData(1, 90, 0.25, 92.5)]
    [InlineData(-1, 112, 0.5, 106.5)] // short: from 112 to the ask at 101
    [InlineData(1, 99.99, 0.5, 99.99)] // half a cent is rounded away from the price, and nothing is left of it
    [InlineData(1, 100, 0.5, null)] // reached already
    [InlineData(1, 101, 0.5, null)]
    [InlineData(-1, 101, 0.5, null)]
    [InlineData(0, 90, 0.5, null)]
    public void Level_goes_a_share_of_the_way_to_the_price(int lots, decimal stop, decimal share, double? expected)
    {
        var level = StopTightening.LevelOf(Entry(lots, stop), 100m, 101m, share, 2);
        Assert.Equal((decimal?)expected == stop ? null : (decimal?)expected, level);
    }

    [Fact]
    public void Without_a_stop_there_is_none() => Assert.Null(StopTightening.LevelOf(Entry(1m, null), 100m, 101m, 0.5m, 2));

    private static PositionIndexEntry Entry(decimal lots, decimal? stop) => new()
    {
        Id = "P1", Account = "default", Strategy = "s", Kind = StrategyKind.Generic, Symbol = "X", Side = lots < 0m ? Side.Sell : Side.Buy,
        Phase = PositionPhase.Open, Quantity = lots, AverageOpen = 100m, ContractSize = 1m, StopLoss = stop, Exits = (ExitPlan?)null,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
