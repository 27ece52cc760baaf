using System.Text.Json;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Market;

namespace TradingEngine.Grains.Market;

/// <summary>The hash in which a feed leaves a symbol's last price: for who comes late, and for feeds that publish nothing.</summary>
internal static class SharedPrice
{
    /// <summary>Reads it; null when there is none, or none that can be dated and used.</summary>
    public static async Task<MarketUpdate?> ReadAsync(ITradingStore store, string symbol, DateTimeOffset now)
    {
        var fields = await store.Board.ReadHashAsync(BoardKeys.MarketData + symbol);
        if (!fields.ContainsKey("timestamp"))
        {
            // Without a time it would seem new for ever.
            return null;
        }

        var named = new Dictionary<string, string>(fields, StringComparer.Ordinal) { ["symbol"] = symbol };
        var update = MarketReader.Read(JsonSerializer.SerializeToUtf8Bytes(named), now, out _);
        return update is { IsHistory: false } && update.Time <= now ? update : null;
    }
}
