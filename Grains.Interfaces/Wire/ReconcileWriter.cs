using System.Buffers;
using System.Text.Json;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes the question what became of orders, and what is held.</summary>
public static class ReconcileWriter
{
    /// <summary>The request.</summary>
    /// <param name="requestId">Repeated by the answer.</param>
    /// <param name="orderIds">Orders whose state and fills are asked for.</param>
    /// <param name="asksPositions">Asks for all positions as well.</param>
    /// <param name="now">The time.</param>
    public static byte[] Write(string requestId, IEnumerable<string> orderIds, bool asksPositions, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "reconcile");
            json.WriteString("request_id", requestId);
            json.WriteString("reply_to", QueueKeys.ReconcileReplies);
            json.WriteStartArray("orders");
            foreach (var id in orderIds)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
            json.WriteBoolean("positions", asksPositions);
            json.WriteString("source", "trading_engine");
            json.WriteNumber("timestamp", TradeWriter.Seconds(now));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
