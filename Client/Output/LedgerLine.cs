using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TradingEngine.Client.Commands;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Client.Output;

/// <summary>The JSON lines of <c>ledger</c>, described in Client/README.md; every digit of a decimal, no exponent.</summary>
internal static class LedgerLine
{
    private const string PlainNumber = "0.############################";

    /// <summary>The state after a fill.</summary>
    public static string OfFill(LedgerHistory history, decimal? mark, int number, FillRow fill) => Write(json =>
    {
        json.WriteString("kind", "fill");
        json.WriteNumber("fill", number);
        json.WriteString("ts", fill.Time);
        WriteState(json, history, mark);
        if (history.Flipped is not { } flipped)
        {
            json.WriteNull("flipped");
            return;
        }

        json.WriteStartObject("flipped");
        json.WriteNumber("cycle", history.Cycle - 1);
        WriteCycle(json, flipped);
        json.WriteEndObject();
    });

    /// <summary>The state after the last fill, and the sums over all cycles.</summary>
    public static string OfEnd(LedgerHistory history, decimal? mark, int fills) => Write(json =>
    {
        var unrealized = Unrealized(history, mark);
        json.WriteString("kind", "end");
        json.WriteNumber("fills", fills);
        WriteState(json, history, mark);
        Number(json, "all_realized", history.AllRealized);
        Number(json, "all_total", history.AllRealized + unrealized);
        Number(json, "all_commissions", history.AllCommissions);
    });

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteState(Utf8JsonWriter json, LedgerHistory history, decimal? mark)
    {
        var ledger = history.Ledger;
        var unrealized = Unrealized(history, mark);
        json.WriteNumber("cycle", history.Cycle);
        json.WriteString("side", ledger.Quantity switch { > 0m => "long", < 0m => "short", _ => "flat" });
        Number(json, "quantity", Math.Abs(ledger.Quantity));
        Number(json, "signed_quantity", ledger.Quantity);
        WriteCycle(json, ledger);
        Number(json, "unrealized", unrealized);
        Number(json, "total", ledger.Realized + unrealized);
        json.WriteString("currency", history.Terms.SettlementCurrency);
    }

    private static void WriteCycle(Utf8JsonWriter json, LegLedger ledger)
    {
        Number(json, "avg_open", ledger.OpenedQuantity == 0m ? null : ledger.AverageOpen);
        Number(json, "avg_close", ledger.ClosedQuantity == 0m ? null : ledger.AverageClose);
        Number(json, "realized", ledger.Realized);
        Number(json, "commissions", ledger.Commissions);
        // The shortest digits that give the double again, written without an exponent where a decimal holds them.
        var text = ledger.PriceReturn()?.ToString("R", CultureInfo.InvariantCulture);
        json.WritePropertyName("return");
        json.WriteRawValue(text is null ? "null" : Plain(text));
    }

    private static string Plain(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number != 0m
            ? number.ToString(PlainNumber, CultureInfo.InvariantCulture)
            : text;

    private static decimal? Unrealized(LedgerHistory history, decimal? mark) =>
        history.Ledger.Quantity == 0m ? 0m : mark is { } price ? history.Ledger.Unrealized(history.Terms, price) : null;

    private static void Number(Utf8JsonWriter json, string name, decimal? value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value?.ToString(PlainNumber, CultureInfo.InvariantCulture) ?? "null");
    }
}
