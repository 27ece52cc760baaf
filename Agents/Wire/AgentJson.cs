using System.Buffers;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Agents.Wire;

/// <summary>Writes what agents send, in the JSON of the wire.</summary>
internal static class AgentJson
{
    /// <summary>A price, wrapped as on the channel.</summary>
    public static byte[] Price(MarketUpdate update) => Write(json =>
    {
        json.WriteString("type", "market_data_update");
        json.WriteStartObject("data");
        json.WriteString("symbol", update.Symbol);
        if (CategoryOf(update.AssetClass) is { } category)
        {
            json.WriteString("category", category);
        }

        json.WriteNumber("bid", update.Bid);
        json.WriteNumber("ask", update.Ask);
        if (update.Bar is { } bar)
        {
            json.WriteNumber("open", bar.Open);
            json.WriteNumber("high", bar.High);
            json.WriteNumber("low", bar.Low);
            json.WriteNumber("close", bar.Close);
            json.WriteNumber("volume", bar.Volume);
            json.WriteNumber("interval", (decimal)bar.Interval.TotalSeconds);
        }

        if (update.IsHistory)
        {
            json.WriteBoolean("history", true);
        }

        json.WriteNumber("timestamp", TradeWriter.Seconds(update.Time));
        json.WriteString("source", update.Source);
        json.WriteEndObject();
    });

    /// <summary>A signal of a strategy.</summary>
    public static byte[] Signal(StrategySignal signal) => Write(json =>
    {
        json.WriteString("signal_id", signal.SignalId);
        json.WriteString("strategy", signal.Strategy);
        json.WriteString("action", ActionOf(signal.Action));
        json.WriteString("symbol", signal.Symbol);
        WriteIf(json, "entry_price", signal.EntryPrice);
        WriteIf(json, "stop_loss", signal.StopLoss);
        WriteIf(json, "take_profit", signal.TakeProfit);
        WriteIf(json, "quantity", signal.Action == SignalAction.Close ? null : signal.Quantity);
        json.WriteNumber("confidence", signal.Confidence);
        json.WriteNumber("timestamp", TradeWriter.Seconds(signal.Time));
    });

    /// <summary>An execution report in the nested form.</summary>
    public static byte[] Report(ExecutionReport report) => Write(json =>
    {
        json.WriteString("position_id", report.PositionId);
        json.WriteStartObject("updates");
        json.WriteString("order_id", report.OrderId);
        json.WriteString("status", StatusOf(report.Status));
        if (report.FillId is not null)
        {
            json.WriteString("fill_id", report.FillId);
            json.WriteNumber("last_quantity", report.LastQuantity);
            json.WriteNumber("last_price", report.LastPrice);
            json.WriteNumber("commission", report.Commission);
        }

        if (report.CumulativeQuantity is { } cumulative)
        {
            json.WriteNumber("cumulative_quantity", cumulative);
        }

        if (report.Text is not null)
        {
            json.WriteString("reason", report.Text);
        }

        json.WriteEndObject();
        json.WriteNumber("timestamp", TradeWriter.Seconds(report.Time));
    });

    /// <summary>An answer to the question what became of orders.</summary>
    public static byte[] Reconciled(
        string requestId, IReadOnlyList<(string OrderId, IReadOnlyList<ExecutionReport>? Reports)> orders) => Write(json =>
    {
        json.WriteString("request_id", requestId);
        json.WriteStartArray("orders");
        foreach (var (id, reports) in orders)
        {
            json.WriteStartObject();
            json.WriteString("order_id", id);
            json.WriteString("status", reports is null ? "not_found" : StatusOf(reports is [.., var last] ? last.Status : OrderStatus.Accepted));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("fills");
        foreach (var fill in orders.SelectMany(order => order.Reports ?? []).Where(report => report.FillId is not null))
        {
            json.WriteStartObject();
            json.WriteString("order_id", fill.OrderId);
            json.WriteString("position_id", fill.PositionId);
            json.WriteString("fill_id", fill.FillId);
            json.WriteNumber("last_quantity", fill.LastQuantity);
            json.WriteNumber("last_price", fill.LastPrice);
            json.WriteNumber("commission", fill.Commission);
            json.WriteNumber("timestamp", TradeWriter.Seconds(fill.Time));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string ActionOf(SignalAction action) => action switch
    {
        SignalAction.Buy => "buy",
        SignalAction.Sell => "sell",
        SignalAction.Close => "close",
        SignalAction.Hold or SignalAction.Arbitrage or SignalAction.MarketMaking =>
            throw new ArgumentOutOfRangeException(nameof(action), action, "A strategy buys, sells or closes."),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action."),
    };

    private static void WriteIf(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private static string StatusOf(OrderStatus status) => status switch
    {
        OrderStatus.Accepted => "accepted",
        OrderStatus.PartiallyFilled => "partially_filled",
        OrderStatus.Filled => "filled",
        OrderStatus.Cancelled => "cancelled",
        OrderStatus.Rejected => "rejected",
        OrderStatus.Expired => "expired",
        OrderStatus.CancelRejected => "cancel_rejected",
        OrderStatus.Sent or OrderStatus.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not an order status."),
    };

    private static string? CategoryOf(AssetClass assetClass) => assetClass switch
    {
        AssetClass.Crypto => "crypto",
        AssetClass.CryptoCross => "crypto_cross",
        AssetClass.Forex => "forex",
        AssetClass.Indices => "indices",
        AssetClass.Stocks => "stocks",
        AssetClass.Energy => "energy",
        AssetClass.Unknown => null,
        _ => throw new ArgumentOutOfRangeException(nameof(assetClass), assetClass, "Not an asset class."),
    };

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
