using System.Globalization;
using System.Text.Json;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>What the run needs of an order.</summary>
internal readonly record struct SentOrder(string OrderId, string SignalId, string PositionId, DateTimeOffset Time, string Type)
{
    /// <summary>True where it takes risk.</summary>
    public bool IsEntry => Type is not ("close" or "cancel");
}

/// <summary>The JSON of the run's agents. All signals buy the same quantity, all fills have the same price, so sums are known.</summary>
internal static class Wire
{
    public const decimal Quantity = 0.01m;
    public const decimal Price = 50_000m;

    /// <summary>A signal to buy, with exits that no price reaches unless a stop is given.</summary>
    public static string Signal(string id, DateTimeOffset? time = null, decimal stop = 1m) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"signal_id":"{{id}}","action":"buy","symbol":"BTCUSD","strategy":"faults","quantity":{{Quantity}},"entry_price":{{Price}},"stop_loss":{{stop}},"take_profit":100000000{{(time is { } at ? Timestamp(at) : "")}}}""");

    public static string Fill(string orderId, string positionId) => string.Create(CultureInfo.InvariantCulture,
        $$$"""{"position_id":"{{{positionId}}}","updates":{"order_id":"{{{orderId}}}","fill_id":"{{{FillId(orderId)}}}","last_quantity":{{{Quantity}}},"last_price":{{{Price}}},"cumulative_quantity":{{{Quantity}}},"commission":0,"status":"filled"}}""");

    public static SentOrder ReadOrder(string json)
    {
        using var order = JsonDocument.Parse(json);
        string Text(string name) => order.RootElement.GetProperty(name).ToString();
        var time = DateTimeOffset.UnixEpoch.AddTicks(
            (long)(order.RootElement.GetProperty("timestamp").GetDecimal() * TimeSpan.TicksPerSecond));
        return new SentOrder(Text("order_id"), Text("signal_id"), Text("position_id"), time, Text("type"));
    }

    /// <summary>A quote, as a feed publishes it.</summary>
    public static string Quote(decimal price) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"symbol":"BTCUSD","bid":{{price}},"ask":{{price + 1}}}""");

    /// <summary>Name of the fill of an order.</summary>
    public static string FillId(string orderId) => "f-" + orderId;

    /// <summary>A quote, as a feed leaves it in a hash.</summary>
    public static IReadOnlyDictionary<string, string> Quote(DateTimeOffset time) => new Dictionary<string, string>
    {
        ["bid"] = (Price - 1).ToString(CultureInfo.InvariantCulture), ["ask"] = (Price + 1).ToString(CultureInfo.InvariantCulture),
        ["timestamp"] = Seconds(time),
    };

    private static string Timestamp(DateTimeOffset time) => $",\"timestamp\":{Seconds(time)}";

    private static string Seconds(DateTimeOffset time) =>
        (time.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
}
