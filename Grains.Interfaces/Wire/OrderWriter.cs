using System.Buffers;
using System.Text.Json;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes orders as execution agents read them: flat, numbers as numbers, nothing null.</summary>
public static class OrderWriter
{
    /// <summary>The order as bytes of the wire.</summary>
    /// <param name="order">The order.</param>
    /// <param name="signal">The signal's own message, which tier 1's orders repeat; null where they do not.</param>
    /// <param name="closesAsOpposite">Sends a close as the opposite side, for agents that know no <c>close</c>.</param>
    public static byte[] Write(Order order, string? signal = null, bool closesAsOpposite = false)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("order_id", order.OrderId);
            json.WriteString("signal_id", order.SignalId);
            json.WriteString("position_id", order.PositionId);
            json.WriteString("type", TypeOf(order.Intent));
            WriteAction(json, order, closesAsOpposite);
            json.WriteString("symbol", order.Symbol);
            json.WriteNumber("quantity", order.Quantity);
            json.WriteNumber("price", order.Price);
            Number(json, "stop_loss", order.StopLoss);
            Number(json, "take_profit", order.TakeProfit);
            json.WriteString("strategy", order.Strategy);
            json.WriteString("account", order.Account);
            json.WriteString("priority", PriorityOf(order.Intent));
            Text(json, "reason", order.Reason);
            Text(json, "group_id", order.GroupId);
            Text(json, "venue", order.Venue);
            Text(json, "target_order_id", order.TargetOrderId);
            if (order.Type != OrderType.Market)
            {
                json.WriteString("order_type", order.Type.ToString().ToLowerInvariant());
                Number(json, "limit_price", order.LimitPrice);
                Number(json, "stop_price", order.StopPrice);
            }

            if (order.TimeInForce is { } timeInForce)
            {
                json.WriteString("time_in_force", timeInForce.ToString().ToLowerInvariant());
            }

            json.WriteNumber("timestamp", TradeWriter.Seconds(order.Time));
            Text(json, "traceparent", order.TraceParent);
            if (signal is not null && order.Intent is OrderIntent.ArbitrageLeg or OrderIntent.Quote)
            {
                json.WritePropertyName("signal");
                json.WriteRawValue(signal!, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAction(Utf8JsonWriter json, Order order, bool closesAsOpposite)
    {
        var side = order.Side == Side.Buy ? "buy" : "sell";
        switch (order.Intent)
        {
            case OrderIntent.Close when !closesAsOpposite:
                json.WriteString("action", "close");
                json.WriteString("direction", order.Side == Side.Buy ? "sell" : "buy");
                json.WriteString("side", side);
                break;
            case OrderIntent.Cancel:
                json.WriteString("action", "cancel");
                break;
            case OrderIntent.Open or OrderIntent.Close or OrderIntent.ArbitrageLeg or OrderIntent.Quote:
                json.WriteString("action", side);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(order), order.Intent, "Not an order intent.");
        }
    }

    private static string TypeOf(OrderIntent intent) => intent switch
    {
        OrderIntent.Open => "open",
        OrderIntent.Close => "close",
        OrderIntent.ArbitrageLeg => "arbitrage",
        OrderIntent.Quote => "market_making",
        OrderIntent.Cancel => "cancel",
        _ => throw new ArgumentOutOfRangeException(nameof(intent), intent, "Not an order intent."),
    };

    private static string PriorityOf(OrderIntent intent) => intent switch
    {
        OrderIntent.ArbitrageLeg => "ultra_high",
        OrderIntent.Quote or OrderIntent.Close or OrderIntent.Cancel => "high",
        OrderIntent.Open => "normal",
        _ => throw new ArgumentOutOfRangeException(nameof(intent), intent, "Not an order intent."),
    };

    private static void Number(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
