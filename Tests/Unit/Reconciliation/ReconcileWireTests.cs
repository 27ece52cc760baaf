using System.Text;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Reconciliation;
using Xunit;

namespace TradingEngine.Tests.Unit.Reconciliation;

public sealed class ReconcileWireTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Request_is_written_as_the_wire_says() => Assert.Equal(
        """{"type":"reconcile","request_id":"r-1","reply_to":"reconcile_requests:replies","orders":["A","B"],"positions":true,"source":"trading_engine","timestamp":1767614400}""",
        Encoding.UTF8.GetString(ReconcileWriter.Write("r-1", ["A", "B"], asksPositions: true, s_now)));

    [Fact]
    public void Answer_gives_fills_before_states_and_never_a_fill_by_a_state()
    {
        var answer = Read("""
            {"request_id":"r-1","orders":[{"order_id":"O1","position_id":"P1","status":"filled","cumulative_quantity":5,"last_quantity":5},
              {"order_id":"O2","position_id":"P1","status":"rejected","reason":"no margin"},{"order_id":"O3","status":"not_found"}],
             "fills":[{"order_id":"O1","position_id":"P1","fill_id":"f","last_quantity":"2","last_price":100}],
             "positions":[{"symbol":"BTCUSD","quantity":2},{"symbol":"BTCUSD","quantity":-0.5},{"account":"two","symbol":"EURUSD","quantity":-1}]}
            """, out var error);

        Assert.Null(error);
        var reports = answer!.Reports.Select(bytes => ReportReader.Read(bytes, s_now, out _)!).ToList();
        Assert.Equal(["O1", "O1", "O2"], reports.Select(report => report.OrderId));
        Assert.Equal([OrderStatus.PartiallyFilled, OrderStatus.Accepted, OrderStatus.Rejected], reports.Select(report => report.Status));
        Assert.Equal([2m, 0m, 0m], reports.Select(report => report.LastQuantity));
        Assert.All(reports.Skip(1), report => Assert.Null(report.CumulativeQuantity));
        Assert.Equal(["O3"], answer.NotFound);
        Assert.Equal(
            new Dictionary<Holding, decimal> { [new("default", "BTCUSD")] = 1.5m, [new("two", "EURUSD")] = -1m }, answer.Positions);
    }

    [Theory]
    [InlineData("""{"orders":[]}""", "request_id")]
    [InlineData("""{"request_id":"r","fills":[{"order_id":"O","position_id":"P","last_quantity":1,"last_price":1}]}""", "fill_id")]
    [InlineData("""{"request_id":"r","fills":[{"order_id":"O","position_id":"P","fill_id":"f","last_price":1}]}""", "last_quantity")]
    [InlineData("""{"request_id":"r","fills":[{"order_id":"O","position_id":"P","fill_id":"f","last_quantity":1}]}""", "last_price")]
    [InlineData("""{"request_id":"r","orders":[{"order_id":"O","position_id":"P","status":"lost"}]}""", "status")]
    [InlineData("""{"request_id":"r","orders":[{"status":"not_found"}]}""", "order_id")]
    [InlineData("""{"request_id":"r","positions":[{"quantity":1}]}""", "symbol")]
    [InlineData("""{"request_id":"r","positions":[{"symbol":"BTCUSD"}]}""", "quantity")]
    [InlineData("""{"request_id":"r","positions":[{"symbol":"BTC USD","quantity":1}]}""", "symbol")]
    public void Broken_answer_is_refused_whole_and_names_the_field(string json, string field)
    {
        Assert.Null(Read(json, out var error));
        Assert.Contains(field, error!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_without_positions_says_nothing_of_them() => Assert.Null(Read("""{"request_id":"r"}""", out _)!.Positions);

    private static ReconcileAnswer? Read(string json, out WireError? error) =>
        ReconcileReader.Read(Encoding.UTF8.GetBytes(JsonNode.Parse(json)!.ToJsonString()), s_now, out error);
}
