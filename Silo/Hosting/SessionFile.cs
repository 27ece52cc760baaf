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
    public static SessionCalendar Read(IEnumerable<(string Name, string Value)> weeks, string holidays) => new()
    {
        Weeks = Weeks(weeks),
        Holidays = holidays.Length == 0 ? HolidayTable.None : Holidays(holidays),
    };

    private static ImmutableDictionary<AssetClass, TradingWeek> Weeks(IEnumerable<(string Name, string Value)> given)
    {
        var weeks = SessionCalendar.Default.Weeks;
        foreach (var (name, value) in given)
        {
            if (!AssetClassNames.TryParse(name, out var assetClass))
            {
                throw new SettingsException($"{Section}:{name} in appsettings.json names no asset class; use {AssetClassNames.All}");
            }

            try
            {
                weeks = weeks.SetItem(assetClass, TradingWeekFormat.Parse(value));
            }
            catch (FormatException exception)
            {
                throw new SettingsException($"{Section}:{name} in appsettings.json is {value}: {exception.Message}", exception);
            }
        }

        return weeks;
    }

    private static HolidayTable Holidays(string path)
    {
        if (!File.Exists(path))
        {
            throw new SettingsException($"--holidays is {path}, but there is no file {Path.GetFullPath(path)}");
        }

        try
        {
            return HolidayTable.Parse(File.ReadLines(path));
        }
        catch (FormatException exception)
        {
            throw new SettingsException($"--holidays is {path}, {exception.Message}", exception);
        }
    }
}
