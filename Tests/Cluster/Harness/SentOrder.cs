using System.Text.Json.Nodes;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>An order as an execution agent reads it.</summary>
internal sealed record SentOrder(string Json)
{
    private readonly JsonNode _fields = JsonNode.Parse(Json)!;

    public string OrderId => Text("order_id")!;

    public string SignalId => Text("signal_id")!;

    public string PositionId => Text("position_id")!;

    public string Type => Text("type")!;

    public string Action => Text("action")!;

    public string? Side => Text("side");

    public string? Reason => Text("reason");

    public decimal Quantity => (decimal)_fields["quantity"]!;

    public decimal Price => (decimal)_fields["price"]!;

    /// <summary>True when it says the same as another JSON, in whatever order.</summary>
    public bool Says(string json) => JsonNode.DeepEquals(_fields, JsonNode.Parse(json));

    /// <summary>The report that all of it traded.</summary>
    public string Filled(decimal? price = null) => Part("1", Quantity, price ?? Price, "filled");

    /// <summary>The report that a part of it traded.</summary>
    public string Part(string fill, decimal quantity, decimal price, string status) => Report(new JsonObject
    {
        ["order_id"] = OrderId,
        ["fill_id"] = $"{OrderId}-{fill}",
        ["last_quantity"] = quantity,
        ["last_price"] = price,
        ["commission"] = 0m,
        ["status"] = status,
    });

    /// <summary>The report that it ended without trading.</summary>
    public string Ended(string status, string reason) =>
        Report(new JsonObject { ["order_id"] = OrderId, ["status"] = status, ["reason"] = reason });

    private string Report(JsonObject updates) =>
        new JsonObject { ["position_id"] = PositionId, ["updates"] = updates }.ToJsonString();

    private string? Text(string name) => (string?)_fields[name];
}
