using System.Text;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Unit.Wire;

/// <summary>The exact bytes that execution agents read.</summary>
public sealed class OrderWriterTests
{
    private static readonly Order Open = new()
    {
        OrderId = "O1", SignalId = "s1", PositionId = "P1", Account = "default", Strategy = "trend", Intent = OrderIntent.Open,
        Side = Side.Buy, Symbol = "EURUSD", Quantity = 0.10m, Price = 1.1m, StopLoss = 1.05m, TakeProfit = 1.2m,
        Time = Given.Now.AddMilliseconds(250),
    };

    [Fact]
    public void Opening_is_written() => Assert.Equal(
        """{"order_id":"O1","signal_id":"s1","position_id":"P1","type":"open","action":"buy","symbol":"EURUSD","quantity":0.10,"price":1.1,"stop_loss":1.05,"take_profit":1.2,"strategy":"trend","account":"default","priority":"normal","timestamp":1772452800.25}""",
        Write(Open));

    [Fact]
    public void What_is_absent_is_left_out_and_never_null() =>
        Assert.DoesNotContain("null", Write(Open with { StopLoss = null, TakeProfit = null }), StringComparison.Ordinal);

    [Fact]
    public void Closing_names_the_direction_of_the_position() => Assert.Equal(
        """{"order_id":"O1","signal_id":"s1","position_id":"P1","type":"close","action":"close","direction":"buy","side":"sell","symbol":"EURUSD","quantity":0.10,"price":1.1,"strategy":"trend","account":"default","priority":"high","reason":"stop_loss","timestamp":1772452800.25}""",
        Write(Close));

    [Fact]
    public void Closing_as_opposite_is_the_opposite_side() => Assert.Equal(
        """{"order_id":"O1","signal_id":"s1","position_id":"P1","type":"close","action":"sell","symbol":"EURUSD","quantity":0.10,"price":1.1,"strategy":"trend","account":"default","priority":"high","reason":"stop_loss","timestamp":1772452800.25}""",
        Encoding.UTF8.GetString(OrderWriter.Write(Close, closesAsOpposite: true)));

    [Fact]
    public void Arbitrage_leg_repeats_the_signal() => Assert.Equal(
        """{"order_id":"O1","signal_id":"s1","position_id":"P1","type":"arbitrage","action":"buy","symbol":"EURUSD","quantity":0.10,"price":1.1,"strategy":"trend","account":"default","priority":"ultra_high","group_id":"P1","venue":"A","timestamp":1772452800.25,"signal":{"action":"arbitrage"}}""",
        Write(Bare with { Intent = OrderIntent.ArbitrageLeg, GroupId = "P1", Venue = "A" }, """{"action":"arbitrage"}"""));

    [Fact]
    public void Quote_is_a_limit() => Assert.Equal(
        """{"order_id":"O1","signal_id":"s1","position_id":"P1","type":"market_making","action":"sell","symbol":"EURUSD","quantity":0.10,"price":1.1,"strategy":"trend","account":"default","priority":"high","group_id":"P1","order_type":"limit","limit_price":1.1,"timestamp":1772452800.25}""",
        Write(Bare with
        {
            Intent = OrderIntent.Quote, Side = Side.Sell, GroupId = "P1", Type = OrderType.Limit, LimitPrice = 1.1m,
        }));

    [Fact]
    public void Cancel_names_its_target() => Assert.Equal(
        """{"order_id":"O1","signal_id":"s1","position_id":"P1","type":"cancel","action":"cancel","symbol":"EURUSD","quantity":0.10,"price":1.1,"strategy":"trend","account":"default","priority":"high","reason":"command","target_order_id":"O0","timestamp":1772452800.25}""",
        Write(Bare with { Intent = OrderIntent.Cancel, TargetOrderId = "O0", Reason = "command" }));

    [Fact]
    public void Signal_is_repeated_by_tier_1_only() =>
        Assert.DoesNotContain("\"signal\":", Write(Open, "{}"), StringComparison.Ordinal);

    [Fact]
    public void Text_is_escaped() => Assert.Contains(
        "\"strategy\":\"a\\u0022b\"", Write(Open with { Strategy = "a\"b" }), StringComparison.Ordinal);

    private static Order Bare => Open with { StopLoss = null, TakeProfit = null };

    private static Order Close => Bare with { Intent = OrderIntent.Close, Side = Side.Sell, Reason = "stop_loss" };

    private static string Write(Order order, string? signal = null) => Encoding.UTF8.GetString(OrderWriter.Write(order, signal));
}
