using System.Globalization;
using System.Text.Json;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>The JSON of the run's agents. All signals buy the same quantity, all fills have the same price, so sums are known.</summary>
internal static class Wire
{
    public const decimal Quantity = 0.01m;
    public const decimal Price = 50_000m;

    public static string Signal(string id) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"signal_id":"{{id}}","action":"buy","symbol":"BTCUSD","strategy":"faults","quantity":{{Quantity}},"entry_price":{{Price}},"stop_loss":1,"take_profit":100000000}""");

    public static string Fill(string orderId, string positionId) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"position_id":"{{{positionId}}}","updates":{"order_id":"{{{orderId}}}","fill_id":"f-{{{orderId}}}","last_quantity":{{{Quantity}}},"last_price":{{{Price}}},"cumulative_quantity":{{{Quantity}}},"commission":0,"status":"filled"}}""");

    public static (string OrderId, string SignalId, string PositionId) ReadOrder(string json)
    {
        using var order = JsonDocument.Parse(json);
        string Text(string name) => order.RootElement.GetProperty(name).ToString();
        return (Text("order_id"), Text("signal_id"), Text("position_id"));
    }
}
