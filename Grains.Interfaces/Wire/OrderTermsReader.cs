using TradingEngine.Trading.Orders;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Reads how an order is to be executed, from signals and from orders alike.</summary>
public static class OrderTermsReader
{
    /// <summary>The order type, market unless said otherwise, and how long it works; null leaves that to the venue.</summary>
    public static (OrderType Type, TimeInForce? TimeInForce) Read(WireObject message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var type = (message.Text("order_type") ?? "market").ToLowerInvariant() switch
        {
            "market" => OrderType.Market,
            "limit" => OrderType.Limit,
            "stop" => OrderType.Stop,
            var other => throw new WireFieldException("order_type", other, "market, limit or stop"),
        };
        TimeInForce? timeInForce = message.Text("time_in_force")?.ToLowerInvariant() switch
        {
            null => null,
            "gtc" => TimeInForce.Gtc,
            "ioc" => TimeInForce.Ioc,
            "fok" => TimeInForce.Fok,
            "day" => TimeInForce.Day,
            var other => throw new WireFieldException("time_in_force", other, "gtc, ioc, fok or day"),
        };
        return (type, timeInForce);
    }
}
