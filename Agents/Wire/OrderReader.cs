using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Agents.Wire;

/// <summary>Reads orders as an execution agent gets them.</summary>
internal static class OrderReader
{
    /// <summary>Reads an order; on failure says why.</summary>
    public static Order? Read(ReadOnlyMemory<byte> payload, DateTimeOffset now, out WireError? error)
    {
        using var message = WireObject.Parse(payload, out error);
        if (message is null)
        {
            return null;
        }

        try
        {
            var (type, timeInForce) = OrderTermsReader.Read(message);
            var side = message.Text("side") ?? message.Text("action");
            return new Order
            {
                OrderId = Given(message, "order_id"),
                SignalId = message.Text("signal_id") ?? "",
                PositionId = Given(message, "position_id"),
                Account = message.Text("account") ?? "default",
                Strategy = message.Text("strategy") ?? "",
                Intent = message.Text("type") switch
                {
                    "open" => OrderIntent.Open,
                    "close" => OrderIntent.Close,
                    "arbitrage" => OrderIntent.ArbitrageLeg,
                    "market_making" => OrderIntent.Quote,
                    "cancel" => OrderIntent.Cancel,
                    var other => throw new WireFieldException(
                        "type", other ?? "absent", "open, close, arbitrage, market_making or cancel"),
                },
                Side = side == "sell" ? Side.Sell : Side.Buy,
                Symbol = Given(message, "symbol"),
                Quantity = message.Positive("quantity") ?? throw new WireFieldException("quantity", "absent", "given"),
                Price = message.Positive("price") ?? throw new WireFieldException("price", "absent", "given"),
                Time = message.Time("timestamp") ?? now,
                Type = type,
                LimitPrice = message.Positive("limit_price"),
                StopPrice = message.Positive("stop_price"),
                TimeInForce = timeInForce,
                Reason = message.Text("reason"),
                TargetOrderId = message.Text("target_order_id"),
            };
        }
        catch (WireFieldException exception)
        {
            error = new WireError(RejectReason.InvalidField, exception.Message);
            return null;
        }
    }

    private static string Given(WireObject message, string name) =>
        message.Text(name) ?? throw new WireFieldException(name, "absent", "given");
}
