using System.Buffers;
using System.Text;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes positions as the lists <c>recent_trades</c> and <c>active_positions</c> show them.</summary>
public static class TradeWriter
{
    private const int MarkDecimals = 8;

    /// <summary>A closed position.</summary>
    public static byte[] Write(PositionState state)
    {
        var ledger = state.Legs[0].Ledger;
        return Write(json =>
        {
            json.WriteString("position_id", state.Id);
            json.WriteString("signal_id", state.SignalId);
            json.WriteString("account", state.Account);
            json.WriteString("strategy", state.Strategy);
            json.WriteString("symbol", state.Symbol);
            json.WriteString("action", state.Side == Side.Buy ? "buy" : "sell");
            json.WriteNumber("quantity", ledger.ClosedQuantity);
            json.WriteNumber("entry_price", ledger.AverageOpen);
            json.WriteNumber("exit_price", ledger.AverageClose);
            json.WriteNumber("pnl", state.Realized);
            json.WriteNumber("commission", ledger.Commissions);
            json.WriteString("reason", state.CloseReason ?? "flat");
            json.WriteNumber("opened_at", Seconds(state.OpenedAt ?? state.CreatedAt));
            json.WriteNumber("closed_at", Seconds(state.ClosedAt ?? state.CreatedAt));
        });
    }

    /// <summary>Reads back a closed position as <see cref="Write(PositionState)"/> wrote it.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static TradeView Read(string line)
    {
        using var document = JsonDocument.Parse(line);
        var json = document.RootElement;
        string Text(string name) => json.GetProperty(name).GetString() ?? "";
        decimal Number(string name) => json.GetProperty(name).GetDecimal();
        return new TradeView
        {
            PositionId = Text("position_id"),
            Account = Text("account"),
            Strategy = Text("strategy"),
            Symbol = Text("symbol"),
            Side = Text("action") == "buy" ? Side.Buy : Side.Sell,
            Quantity = Number("quantity"),
            EntryPrice = Number("entry_price"),
            ExitPrice = Number("exit_price"),
            Pnl = Number("pnl"),
            Commission = Number("commission"),
            Reason = Text("reason"),
            OpenedAt = Time(Number("opened_at")),
            ClosedAt = Time(Number("closed_at")),
        };
    }

    /// <summary>A position that is not over.</summary>
    public static byte[] Write(PositionIndexEntry entry) => Write(json =>
    {
        json.WriteString("position_id", entry.Id);
        json.WriteString("account", entry.Account);
        json.WriteString("strategy", entry.Strategy);
        json.WriteString("symbol", entry.Symbol);
        json.WriteString("action", entry.Side == Side.Buy ? "buy" : "sell");
        json.WriteString("status", entry.Phase.ToString().ToLowerInvariant());
        json.WriteNumber("quantity", Math.Abs(entry.Quantity));
        json.WriteNumber("entry_price", entry.AverageOpen);
        if (entry.StopLoss is { } stop)
        {
            json.WriteNumber("stop_loss", stop);
        }

        if (entry.TakeProfit is { } target)
        {
            json.WriteNumber("take_profit", target);
        }

        json.WriteNumber("created_at", Seconds(entry.CreatedAt));
    });

    /// <summary>What accounts hold, as a JSON array.</summary>
    public static string Write(IEnumerable<AccountMark> marks)
    {
        var items = marks.Select(mark => Encoding.UTF8.GetString(Write(json =>
        {
            json.WriteString("account", mark.Account);
            if (mark.Currency is { } currency)
            {
                json.WriteString("currency", currency);
            }

            json.WriteNumber("unrealized_pnl", Math.Round(mark.Unrealized, MarkDecimals));
            json.WriteNumber("long_exposure", Math.Round(mark.Long, MarkDecimals));
            json.WriteNumber("short_exposure", Math.Round(mark.Short, MarkDecimals));
        })));
        return $"[{string.Join(',', items)}]";
    }

    /// <summary>A time in epoch seconds, as the wire has it.</summary>
    public static decimal Seconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond;

    private static DateTimeOffset Time(decimal seconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));

    private static byte[] Write(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
