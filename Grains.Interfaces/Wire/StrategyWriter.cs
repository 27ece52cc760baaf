using System.Buffers;
using System.Text;
using System.Text.Json;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes a strategy's statistics as <c>strategy_performance</c> shows them.</summary>
public static class StrategyWriter
{
    /// <summary>The statistics; what cannot be said yet is null.</summary>
    public static string Write(StrategyStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("trades", statistics.Trades);
            json.WriteNumber("wins", statistics.Wins);
            json.WriteNumber("losses", statistics.Losses);
            json.WriteNumber("rejected", statistics.Rejected);
            Write(json, "win_rate", statistics.WinRate);
            json.WriteNumber("pnl", statistics.Pnl);
            json.WriteNumber("commissions", statistics.Commissions);
            Write(json, "average_win", statistics.AverageWin);
            Write(json, "average_loss", statistics.AverageLoss);
            Write(json, "profit_factor", statistics.ProfitFactor);
            Write(json, "expectancy", statistics.Expectancy);
            Write(json, "average_seconds", Seconds(statistics.AverageDuration));
            json.WriteNumber("window", statistics.Window);
            Write(json, "best", statistics.Best);
            Write(json, "worst", statistics.Worst);
            Write(json, "longest_seconds", Seconds(statistics.LongestDuration));
            Write(json, "max_drawdown", statistics.MaxDrawdown);
            Write(json, "sharpe", (decimal?)statistics.Sharpe);
            Write(json, "sortino", (decimal?)statistics.Sortino);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static decimal? Seconds(TimeSpan? duration) => duration is { } time
        ? Math.Round(time.Ticks / (decimal)TimeSpan.TicksPerSecond, 3)
        : null;

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
