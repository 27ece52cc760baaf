using System.Text;
using TradingEngine.Grains.Interfaces.Risk;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Wire;

/// <summary>The exact text of what a risk agent outside is asked, and what it may answer.</summary>
public sealed class RiskCheckWireTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 12, 0, 0, 250, TimeSpan.Zero);

    private static readonly Signal Buy = new()
    {
        Id = "s-1", Tier = 2, Strategy = "trend", Kind = StrategyKind.Trend, Action = SignalAction.Buy, Symbol = "BTCUSD",
        Quantity = 0.01m, StopLoss = 60_000m, Time = Now,
    };

    [Fact]
    public void Question_tells_all_of_the_entry() => Assert.Equal(
        """{"type":"pre_trade_check","request_id":"pre_trade_check-P","reply_to":"risk_checks:replies","source":"trading_engine","timestamp":1768392000.25,"wait_ms":250,"position_id":"P","signal_id":"s-1","account":"default","strategy":"trend","symbol":"BTCUSD","action":"buy","quantity":0.01,"stop_loss":60000,"take_profit":null,"buy_notional":641.2,"sell_notional":0,"confidence":0.5,"risk":"entry 1-33 desk/0","legs":[]}""",
        Written(Buy));

    [Theory]
    [InlineData(SignalAction.Sell, "sell")]
    [InlineData(SignalAction.Arbitrage, "arbitrage")]
    [InlineData(SignalAction.MarketMaking, "market_making")]
    public void Action_is_a_word_of_the_wire(SignalAction action, string word) =>
        Assert.Contains($"\"action\":\"{word}\"", Written(Buy with { Action = action }), StringComparison.Ordinal);

    [Theory]
    [InlineData(SignalAction.Close)]
    [InlineData(SignalAction.Hold)]
    public void What_is_no_entry_is_not_asked_about(SignalAction action) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Written(Buy with { Action = action }));

    [Fact]
    public void Legs_go_with_it() => Assert.EndsWith(
        """ "legs":[{"symbol":"BTCUSD","side":"buy","quantity":1,"price":5},{"symbol":"ETHUSD","side":"sell","quantity":2,"price":null}]}""".TrimStart(),
        Written(Buy with { Legs = [new SignalLeg("BTCUSD", Side.Buy, 1m, 5m, null), new SignalLeg("ETHUSD", Side.Sell, 2m, null, "x")] }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"request_id":"r","approved":true,"agent":"desk"}""", true, "desk", null)]
    [InlineData("""{"request_id":"r","approved":false,"reason":"event risk"}""", false, null, "event risk")]
    public void Answer_is_read(string json, bool isApproved, string? agent, string? reason)
    {
        Assert.Equal(("r", new RiskVerdict(isApproved, agent, reason)), RiskCheckReader.Read(Encoding.UTF8.GetBytes(json), out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("""{"approved":true}""", "request_id")]
    [InlineData("""{"request_id":"r"}""", "approved")]
    [InlineData("""{"request_id":"r","approved":"true"}""", "approved")]
    [InlineData("""{"request_id":"r","approved":1}""", "approved")]
    [InlineData("""{"request_id":"r","approved":null}""", "approved")]
    [InlineData("""{"request_id":"r","approved":true,"agent":"\u0000"}""", "agent")]
    [InlineData("[]", "")]
    public void Answer_that_says_neither_is_no_approval(string json, string field)
    {
        Assert.Null(RiskCheckReader.Read(Encoding.UTF8.GetBytes(json), out var error));
        Assert.Contains(field, error!.Detail, StringComparison.Ordinal);
    }

    private static string Written(Signal signal) => Encoding.UTF8.GetString(
        RiskCheckWriter.Write("pre_trade_check-P", new RiskQuestion("P", signal, 641.2m, 0m, "entry 1-33 desk/0"), TimeSpan.FromMilliseconds(250), Now));
}
