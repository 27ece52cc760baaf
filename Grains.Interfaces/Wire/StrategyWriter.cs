using System.Buffers;
using System.Text;
using System.Text.Json;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes a strategy's statistics as <c>strategy_performance</c> shows them.</summary>
public static class StrategyWriter
{
    /// <summary>The statistics of a strategy's counters; what cannot be said yet is null.</summary>
    public static string Write(IReadOnlyDictionary<string, long> counters)
    {
        var trades = counters.GetValueOrDefault("trades");
        var wins = counters.GetValueOrDefault("wins");
        var losses = counters.GetValueOrDefault("losses");
        var won = counters.GetValueOrDefault("won") / Contributions.Scale;
        var lost = counters.GetValueOrDefault("lost") / Contributions.Scale;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("trades", trades);
            json.WriteNumber("wins", wins);
            json.WriteNumber("losses", losses);
            json.WriteNumber("rejected", counters.GetValueOrDefault("rejected"));
            Write(json, "win_rate", trades == 0 ? null : Math.Round(100m * wins / trades, 2));
            json.WriteNumber("pnl", counters.GetValueOrDefault("pnl") / Contributions.Scale);
            Write(json, "average_win", wins == 0 ? null : Math.Round(won / wins, 8));
            Write(json, "average_loss", losses == 0 ? null : Math.Round(lost / losses, 8));
            Write(json, "profit_factor", lost == 0m ? null : Math.Round(won / lost, 4));
            Write(json, "average_seconds", trades == 0 ? null : counters.GetValueOrDefault("seconds") / (decimal)trades);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
