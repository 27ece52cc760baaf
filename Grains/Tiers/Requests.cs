using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Grains.Tiers;

/// <summary>Requests that the slow tiers put to other agents.</summary>
internal static class Requests
{
    private const int MaxKept = 1000;

    /// <summary>A request on its list; its id tells the answer which one it belongs to.</summary>
    public static ListPush Of(string key, string type, long number, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("request_id", $"{type}-{now.ToUnixTimeMilliseconds()}-{number}");
            json.WriteString("reply_to", key + ":replies");
            json.WriteString("source", "trading_engine");
            json.WriteNumber("timestamp", TradeWriter.Seconds(now));
            json.WriteEndObject();
        }

        return new ListPush(key, buffer.WrittenSpan.ToArray(), MaxKept);
    }

    /// <summary>Sends requests in one commit.</summary>
    public static async Task SendAsync(IPartitionStore partition, ImmutableArray<ListPush> requests) =>
        await partition.CommitAsync([new Commit { Pushes = requests }]);
}
