using System.Buffers.Text;
using System.Text.Json;

namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>Reads what the benchmarks need of an order, which of the relay is the signal itself.</summary>
internal static class OrderFields
{
    /// <summary>The number behind <paramref name="prefix"/> in the order's signal id.</summary>
    public static bool TryReadIndex(ReadOnlySpan<byte> order, ReadOnlySpan<byte> prefix, out int index)
    {
        index = 0;
        try
        {
            var reader = new Utf8JsonReader(order);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1
                    && reader.ValueTextEquals("signal_id"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String
                        && reader.ValueSpan.StartsWith(prefix)
                        && Utf8Parser.TryParse(reader.ValueSpan[prefix.Length..], out index, out _);
                }
            }
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The report that fills the order whole at its price.</summary>
    public static string FillOf(ReadOnlySpan<byte> order)
    {
        var (id, position, quantity, price) = ("", "", "", "");
        var reader = new Utf8JsonReader(order);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
            {
                continue;
            }
            var name = reader.GetString();
            _ = reader.Read();
            switch (name)
            {
                case "order_id":
                    id = reader.GetString();
                    break;
                case "position_id":
                    position = reader.GetString();
                    break;
                case "quantity":
                    quantity = System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
                    break;
                case "price":
                    price = System.Text.Encoding.ASCII.GetString(reader.ValueSpan);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return $$$"""{"position_id":"{{{position}}}","updates":{"order_id":"{{{id}}}","fill_id":"f-{{{id}}}","last_quantity":{{{quantity}}},"last_price":{{{price}}},"cumulative_quantity":{{{quantity}}},"commission":0,"status":"filled"}}""";
    }
}
