using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Reads a week as people write it: <c>always</c>, <c>never</c>, or a zone and its sessions, such as
/// <c>America/New_York Mon-Fri 09:30-16:00</c>, <c>America/New_York Sun 17:00-Fri 17:00</c> or
/// <c>Asia/Tokyo Mon-Fri 09:00-11:30, Mon-Fri 12:30-15:30</c>.
/// </summary>
public static class TradingWeekFormat
{
    private static readonly string[] s_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    private static readonly LocalTimePattern s_time = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>Reads a week.</summary>
    /// <exception cref="FormatException">It says something else; the message names the part.</exception>
    public static TradingWeek Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.Equals("always", StringComparison.OrdinalIgnoreCase))
        {
            return TradingWeek.Always;
        }

        if (text.Equals("never", StringComparison.OrdinalIgnoreCase))
        {
            return new TradingWeek([], DateTimeZone.Utc);
        }

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? text : text[..space];
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(name)
            ?? throw new FormatException($"'{name}' is no time zone such as America/New_York, nor always or never");
        var sessions = (space < 0 ? "" : text[space..]).Split(',', StringSplitOptions.TrimEntries)
            .SelectMany(Sessions).ToImmutableArray();
        return new TradingWeek(sessions, zone);
    }

    private static IEnumerable<WeeklySession> Sessions(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            // Mon-Fri 09:30-16:00: one session a day; past midnight it closes on the next.
            case [var days, var times] when times.Split('-') is [var from, var until]:
                var (first, last) = DayRange(days);
                var (open, close) = (Time(from), Time(until));
                for (var day = first; ; day = Next(day))
                {
                    yield return new WeeklySession(day, open, close > open ? day : Next(day), close);
                    if (day == last)
                    {
                        yield break;
                    }
                }

            // Sun 17:00-Fri 17:00: one session over days.
            case [var openDay, var middle, var closeTime] when middle.Split('-') is [var openTime, var closeDay]:
                yield return new WeeklySession(Day(openDay), Time(openTime), Day(closeDay), Time(closeTime));
                yield break;
            default:
                throw new FormatException($"'{text}' is no session such as Mon-Fri 09:30-16:00 or Sun 17:00-Fri 17:00");
        }
    }

    private static (IsoDayOfWeek First, IsoDayOfWeek Last) DayRange(string text) => text.Split('-') switch
    {
        [var one] => (Day(one), Day(one)),
        [var first, var last] => (Day(first), Day(last)),
        _ => throw new FormatException($"'{text}' are no days such as Mon-Fri"),
    };

    private static IsoDayOfWeek Next(IsoDayOfWeek day) => (IsoDayOfWeek)((int)day % s_days.Length + 1);

    private static IsoDayOfWeek Day(string text) => Array.IndexOf(s_days, text.ToLowerInvariant()) is >= 0 and var index
        ? (IsoDayOfWeek)(index + 1)
        : throw new FormatException($"'{text}' is no day such as Mon");

    private static LocalTime Time(string text) => text == "24:00"
        ? LocalTime.Midnight
        : s_time.Parse(text) is { Success: true } time
            ? time.Value
            : throw new FormatException($"'{text}' is no time such as 09:30");
}
