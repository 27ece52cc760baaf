using System.Collections.Immutable;
using TradingEngine.Trading.Market;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads when asset classes trade: weeks from appsettings.json, holidays from a file.</summary>
internal static class SessionFile
{
    /// <summary>Key of the section: a week by name of asset class.</summary>
    public const string Section = "TradingEngine:Sessions";

    /// <summary>The calendar; what is not given is as by default.</summary>
    /// <param name="weeks">Weeks by name of asset class.</param>
    /// <param name="holidays">Path of the file of holidays; empty for none.</param>
    /// <param name="errors">Gets everything that is wrong.</param>
    public static SessionCalendar Read(IEnumerable<(string Name, string Value)> weeks, string holidays, ICollection<string> errors) => new()
    {
        Weeks = Weeks(weeks, errors),
        Holidays = holidays.Length == 0 ? HolidayTable.None : Holidays(holidays, errors),
    };

    private static ImmutableDictionary<AssetClass, TradingWeek> Weeks(IEnumerable<(string Name, string Value)> given, ICollection<string> errors)
    {
        var weeks = SessionCalendar.Default.Weeks;
        foreach (var (name, value) in given)
        {
            if (!AssetClassNames.TryParse(name, out var assetClass))
            {
                errors.Add($"{Section}:{name} in appsettings.json names no asset class; use {AssetClassNames.All}");
                continue;
            }

            try
            {
                weeks = weeks.SetItem(assetClass, TradingWeekFormat.Parse(value));
            }
            catch (FormatException exception)
            {
                errors.Add($"{Section}:{name} in appsettings.json is {value}: {exception.Message}");
            }
        }

        return weeks;
    }

    private static HolidayTable Holidays(string path, ICollection<string> errors)
    {
        if (!File.Exists(path))
        {
            errors.Add($"--holidays is {path}, but there is no file {Path.GetFullPath(path)}");
            return HolidayTable.None;
        }

        try
        {
            return HolidayTable.Parse(File.ReadLines(path));
        }
        catch (FormatException exception)
        {
            errors.Add($"--holidays is {path}, {exception.Message}");
            return HolidayTable.None;
        }
    }
}
