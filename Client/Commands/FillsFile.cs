using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Client.Commands;

/// <summary>A fill as the file has it.</summary>
/// <param name="Line">Line of the file, the header's being 1.</param>
/// <param name="Time">As written, not interpreted; null where there is none.</param>
/// <param name="Side">Side.</param>
/// <param name="Quantity">Above 0.</param>
/// <param name="Price">Above 0.</param>
/// <param name="Commission">Positive costs.</param>
/// <param name="CommissionCurrency">Null is the settlement currency.</param>
internal sealed record FillRow(
    int Line, string? Time, Side Side, decimal Quantity, decimal Price, decimal Commission, string? CommissionCurrency);

/// <summary>Reads fills from CSV: a header, columns in any order, fills in the order they count.</summary>
internal static class FillsFile
{
    /// <summary>The least amount that a decimal tells from 0.</summary>
    public const decimal LeastAmount = 0.0000000000000000000000000001m;

    /// <summary>Column of the commission's currency.</summary>
    public const string CommissionCurrency = "commission_currency";

    private const string Time = "ts";
    private const string SideColumn = "side";
    private const string Quantity = "quantity";
    private const string Price = "price";
    private const string Commission = "commission";
    private const int MaxDigits = 28;

    private static readonly string[] Needed = [SideColumn, Quantity, Price];
    private static readonly string[] Known = [Time, .. Needed, Commission, CommissionCurrency];

    /// <summary>The fills, in the file's order; throws <see cref="UsageException"/> naming line, column and value.</summary>
    public static IEnumerable<FillRow> Read(TextReader text)
    {
        using var parser = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim });
        if (!Next(parser))
        {
            throw new UsageException($"The file is empty. Its first line must name the columns: {string.Join(',', Known)}.");
        }

        var columns = Header(parser.Record!);
        while (Next(parser))
        {
            var record = parser.Record!;
            if (record.Length != columns.Count)
            {
                throw new UsageException($"Line {parser.RawRow} has {record.Length} values, but the header names {columns.Count} columns.");
            }

            yield return Row(parser.RawRow, column => columns.TryGetValue(column, out var at) ? record[at] : "");
        }
    }

    private static bool Next(CsvParser parser)
    {
        try
        {
            return parser.Read();
        }
        catch (Exception exception) when (exception is CsvHelperException or IOException)
        {
            throw new UsageException($"Line {parser.RawRow} is no CSV: {exception.Message.ReplaceLineEndings("\n").Split('\n')[0]}");
        }
    }

    private static Dictionary<string, int> Header(string[] names)
    {
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            // A misspelt commission that is passed over would be lost money.
            if (!Known.Contains(names[i], StringComparer.OrdinalIgnoreCase))
            {
                throw new UsageException($"Line 1, column {i + 1}: '{names[i]}' is no column. Known are {string.Join(", ", Known)}.");
            }

            if (!columns.TryAdd(names[i], i))
            {
                throw new UsageException($"Line 1, column {i + 1}: '{names[i]}' is named twice. Name it once.");
            }
        }

        return Needed.FirstOrDefault(name => !columns.ContainsKey(name)) is { } missing
            ? throw new UsageException($"Line 1 has no column {missing}. Needed are {string.Join(", ", Needed)}.")
            : columns;
    }

    private static FillRow Row(int line, Func<string, string> value)
    {
        var side = value(SideColumn).ToLowerInvariant() switch
        {
            "buy" => Side.Buy,
            "sell" => Side.Sell,
            _ => throw Wrong(line, SideColumn, value(SideColumn), "buy or sell"),
        };
        var currency = value(CommissionCurrency);
        return new FillRow(
            line, value(Time) is { Length: > 0 } time ? time : null, side,
            Positive(line, Quantity, value(Quantity)), Positive(line, Price, value(Price)),
            value(Commission).Length == 0 ? 0m : Number(line, Commission, value(Commission), "a number, such as 2.00, or empty"),
            currency.Length == 0 ? null : currency.ToUpperInvariant());
    }

    private static decimal Positive(int line, string column, string text)
    {
        const string Fix = "a number above 0, such as 1.5";
        var number = Number(line, column, text, Fix);
        return number > 0m ? number : throw Wrong(line, column, text, Fix);
    }

    private static decimal Number(int line, string column, string text, string fix)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number))
        {
            throw Wrong(line, column, text, fix);
        }

        // More would be rounded without a word.
        var digits = text.TrimStart('+', '-', '0', '.').Count(char.IsAsciiDigit);
        var decimals = text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
        return digits <= MaxDigits && decimals <= MaxDigits ? number : throw Wrong(line, column, text, $"a number of at most {MaxDigits} digits");
    }

    private static UsageException Wrong(int line, string column, string text, string fix) =>
        new($"Line {line}, column {column}: '{text}' must be {fix}.");
}
