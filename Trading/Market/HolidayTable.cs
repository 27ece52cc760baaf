using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Days on which asset classes are closed, or close early. A date is one of the zone of the class's week: closed means
/// from midnight to midnight there, an early close from its time to midnight. Immutable; thread safe.
/// </summary>
public sealed class HolidayTable
{
    /// <summary>Most lines of a table: a century of holidays of every class.</summary>
    public const int MaxLines = 100_000;

    private static readonly LocalTimePattern s_time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    private readonly ImmutableDictionary<(AssetClass, LocalDate), LocalTime?> _days;
    private readonly ImmutableHashSet<AssetClass> _classes;

    private HolidayTable(ImmutableDictionary<(AssetClass, LocalDate), LocalTime?> days)
    {
        _days = days;
        _classes = [.. days.Keys.Select(key => key.Item1)];
    }

    /// <summary>No holidays.</summary>
    public static HolidayTable None { get; } = new(ImmutableDictionary<(AssetClass, LocalDate), LocalTime?>.Empty);

    /// <summary>Days in the table.</summary>
    public int Count => _days.Count;

    /// <summary>True when a class has any holiday.</summary>
    public bool Has(AssetClass assetClass) => _classes.Contains(assetClass);

    /// <summary>Finds a day.</summary>
    /// <param name="assetClass">The class.</param>
    /// <param name="date">The date in the zone of the class's week.</param>
    /// <param name="from">Time from which it is closed; null for the whole day.</param>
    public bool TryFind(AssetClass assetClass, LocalDate date, out LocalTime? from) =>
        _days.TryGetValue((assetClass, date), out from);

    /// <summary>A table with one more day, which replaces what was said of it.</summary>
    /// <param name="assetClass">The class.</param>
    /// <param name="date">The date in the zone of the class's week.</param>
    /// <param name="from">Time from which it is closed; null for the whole day.</param>
    public HolidayTable With(AssetClass assetClass, LocalDate date, LocalTime? from = null) =>
        new(_days.SetItem((assetClass, date), from));

    /// <summary>
    /// Reads a table: lines of <c>date,class,closed</c> or <c>date,class,HH:mm</c> for an early close, the class one of
    /// <c>forex, indices, stocks, energy, crypto, crypto_cross</c>. Empty lines and those that begin with <c>#</c> are
    /// skipped, and so is a first line <c>date,class,closes</c>.
    /// </summary>
    /// <exception cref="FormatException">A line cannot be read or repeats a day; the message names its number.</exception>
    public static HolidayTable Parse(IEnumerable<string> lines)
    {
        var days = ImmutableDictionary.CreateBuilder<(AssetClass, LocalDate), LocalTime?>();
        var number = 0;
        foreach (var line in lines)
        {
            if (++number > MaxLines)
            {
                throw new FormatException(string.Create(
                    CultureInfo.InvariantCulture, $"line {number}: a table has at most {MaxLines} lines"));
            }

            var text = line.Trim('\uFEFF', ' ', '\t', '\r');
            if (text.Length == 0 || text[0] == '#'
                || (number == 1 && text.StartsWith("date,", StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            var (key, from) = ParseLine(text, number);
            if (!days.TryAdd(key, from))
            {
                throw Wrong(number, text, "a day that stands in an earlier line");
            }
        }

        return new HolidayTable(days.ToImmutable());
    }

    private static ((AssetClass, LocalDate) Day, LocalTime? From) ParseLine(string text, int number)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length != 3)
        {
            throw Wrong(number, text, "not date,class,closed or date,class,HH:mm");
        }

        var date = LocalDatePattern.Iso.Parse(parts[0]);
        if (!date.Success)
        {
            throw Wrong(number, text, $"{parts[0]} is no date such as 2026-12-25");
        }

        if (!AssetClassNames.TryParse(parts[1], out var assetClass))
        {
            throw Wrong(number, text, $"{parts[1]} is no class; use {AssetClassNames.All}");
        }

        if (parts[2].Equals("closed", StringComparison.OrdinalIgnoreCase))
        {
            return ((assetClass, date.Value), null);
        }

        var time = s_time.Parse(parts[2]);
        return time.Success
            ? ((assetClass, date.Value), time.Value)
            : throw Wrong(number, text, $"{parts[2]} is neither closed nor a time such as 13:00");
    }

    private static FormatException Wrong(int number, string text, string why) => new(string.Create(
        CultureInfo.InvariantCulture, $"line {number} '{(text.Length > 80 ? text[..80] : text)}': {why}"));
}
