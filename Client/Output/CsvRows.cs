using System.Globalization;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace TradingEngine.Client.Output;

/// <summary>
/// A JSON document as CSV: the rows are the items of its one list, or it is the only row. What stands in an object gets the
/// object's name before its own; a list within a row stays JSON.
/// </summary>
internal static class CsvRows
{
    /// <summary>What a spreadsheet would take for a formula.</summary>
    private const string Formula = "=+-@\t\r";

    /// <summary>Writes a header and the rows; of a list that is empty nothing, since its columns are not known.</summary>
    public static void Write(TextWriter output, JsonElement document)
    {
        var rows = RowsOf(document).Select(row =>
        {
            var cells = new Dictionary<string, string>(StringComparer.Ordinal);
            Add(cells, "", row);
            return cells;
        }).ToList();
        var columns = rows.SelectMany(row => row.Keys).Distinct(StringComparer.Ordinal).ToList();
        if (columns.Count == 0)
        {
            return;
        }

        using var csv = new CsvWriter(output, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" }, leaveOpen: true);
        columns.ForEach(csv.WriteField);
        csv.NextRecord();
        foreach (var row in rows)
        {
            columns.ForEach(column => csv.WriteField(row.GetValueOrDefault(column, "")));
            csv.NextRecord();
        }
    }

    private static IEnumerable<JsonElement> RowsOf(JsonElement document)
    {
        var lists = document.ValueKind == JsonValueKind.Object
            ? document.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Array).ToList()
            : [];
        return document.ValueKind == JsonValueKind.Array ? document.EnumerateArray()
            : lists is [var list] && list.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object) ? list.Value.EnumerateArray()
            : [document];
    }

    private static void Add(Dictionary<string, string> cells, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            cells[name] = TextOf(value);
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            Add(cells, name.Length == 0 ? property.Name : $"{name}.{property.Name}", property.Value);
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => Plain(value.GetString()!),
        _ => value.GetRawText(),
    };

    private static string Plain(string text) => text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
}
