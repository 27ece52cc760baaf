using NodaTime;
using TradingEngine.Trading.Market;
using Xunit;

namespace TradingEngine.Tests.Unit.Market;

/// <summary>
/// Twenty years, day by day, against tables that NodaTime makes by other means: openings and closings are listed with
/// strictly resolved wall times, holidays cut out of them, and the calendar must agree at each and between them.
/// </summary>
public sealed class SessionTableTests
{
    private static readonly LocalDate s_first = new(2006, 1, 1);
    private static readonly LocalDate s_last = new(2026, 12, 31);

    public static TheoryData<string, string> Weeks() => new()
    {
        { "America/New_York Sun 17:00-Fri 17:00", "America/New_York" },
        { "America/New_York Mon-Fri 09:30-16:00", "America/New_York" },
        { "Europe/London Mon-Fri 08:00-16:30", "Europe/London" },
        { "Europe/Berlin Sun 23:00-Fri 22:00", "Europe/Berlin" },
        { "Asia/Tokyo Mon-Fri 09:00-11:30, Mon-Fri 12:30-15:30", "Asia/Tokyo" },
        { "Australia/Sydney Mon-Fri 17:10-07:00", "Australia/Sydney" },
    };

    [Theory]
    [MemberData(nameof(Weeks))]
    public void Calendar_opens_and_closes_as_the_table_says_over_twenty_years(string text, string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var holidays = Holidays();
        var calendar = new SessionCalendar
        {
            Weeks = SessionCalendar.Default.Weeks.SetItem(AssetClass.Stocks, TradingWeekFormat.Parse(text)),
            Holidays = holidays.Aggregate(
                HolidayTable.None, (table, day) => table.With(AssetClass.Stocks, day.Key, day.Value)),
        };
        var open = Merge(Sessions(text, zone).SelectMany(session => Cut(session, zone, holidays)));

        Assert.InRange(open.Count, 1_000, 12_000);
        for (var i = 0; i < open.Count; i++)
        {
            var (from, until) = open[i];
            Assert.True(calendar.IsOpen(AssetClass.Stocks, from), $"{from} opens");
            Assert.False(calendar.IsOpen(AssetClass.Stocks, from - Duration.Epsilon), $"{from} opens no earlier");
            Assert.True(calendar.IsOpen(AssetClass.Stocks, until - Duration.Epsilon), $"{until} closes no earlier");
            Assert.False(calendar.IsOpen(AssetClass.Stocks, until), $"{until} closes");
            Assert.True(calendar.IsOpen(AssetClass.Stocks, from + ((until - from) / 2)), $"open after {from}");
            Assert.Equal(until, calendar.NextClose(AssetClass.Stocks, from));
            Assert.Equal(from, calendar.NextOpen(AssetClass.Stocks, from - Duration.Epsilon));
            if (i + 1 < open.Count)
            {
                var gap = open[i + 1].From - until;
                Assert.False(calendar.IsOpen(AssetClass.Stocks, until + (gap / 2)), $"closed after {until}");
                Assert.Equal(open[i + 1].From, calendar.NextOpen(AssetClass.Stocks, until));
            }
        }
    }

    [Fact]
    public void Every_quarter_of_an_hour_of_the_default_week_is_as_New_Yorks_clocks_say_over_twenty_years()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        var end = s_last.AtMidnight().InUtc().ToInstant();
        for (var now = s_first.AtMidnight().InUtc().ToInstant(); now < end; now += Duration.FromMinutes(15))
        {
            var local = now.InZone(zone);
            var isOpen = local.DayOfWeek switch
            {
                IsoDayOfWeek.Friday => local.Hour < 17,
                IsoDayOfWeek.Saturday => false,
                IsoDayOfWeek.Sunday => local.Hour >= 17,
                _ => true,
            };
            if (isOpen != SessionCalendar.Default.IsOpen(AssetClass.Forex, now))
            {
                Assert.Fail($"At {local} the calendar says the opposite of {isOpen}.");
            }
        }
    }

    [Fact]
    public void Hour_that_summer_time_repeats_opens_nothing_twice_and_one_it_skips_opens_at_once()
    {
        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        var week = TradingWeekFormat.Parse("America/New_York Sun 01:30-01:45, Sun 02:30-03:30");
        var calendar = new SessionCalendar { Weeks = SessionCalendar.Default.Weeks.SetItem(AssetClass.Stocks, week) };
        bool IsOpen(Instant now) => calendar.IsOpen(AssetClass.Stocks, now);

        var repeated = zone.MapLocal(new LocalDateTime(2025, 11, 2, 1, 30));
        Assert.Equal(2, repeated.Count);
        Assert.True(IsOpen(repeated.First().ToInstant()));
        Assert.False(IsOpen(repeated.Last().ToInstant()));

        // 02:30 does not exist on that day; it is 03:30 by then, so that session has no time left.
        var skipped = new LocalDateTime(2025, 3, 9, 3, 0).InZoneStrictly(zone).ToInstant();
        Assert.False(IsOpen(skipped + Duration.FromMinutes(15)));
        Assert.False(IsOpen(skipped + Duration.FromMinutes(45)));
    }

    /// <summary>Fixed days of each year, whole and in part, and the Sundays on which American clocks change.</summary>
    private static Dictionary<LocalDate, LocalTime?> Holidays()
    {
        var days = new Dictionary<LocalDate, LocalTime?>();
        for (var year = s_first.Year; year <= s_last.Year; year++)
        {
            days[new LocalDate(year, 1, 1)] = null;
            days[new LocalDate(year, 7, 3)] = new LocalTime(13, 0);
            days[new LocalDate(year, 7, 4)] = null;
            days[new LocalDate(year, 12, 24)] = new LocalTime(13, 0);
            days[new LocalDate(year, 12, 25)] = null;
        }

        var zone = DateTimeZoneProviders.Tzdb["America/New_York"];
        foreach (var interval in zone.GetZoneIntervals(
            s_first.AtStartOfDayInZone(zone).ToInstant(), s_last.AtStartOfDayInZone(zone).ToInstant()).Skip(1))
        {
            days[interval.IsoLocalStart.Date] = new LocalTime(20, 0);
        }

        return days;
    }

    private static IEnumerable<(Instant From, Instant Until)> Sessions(string text, DateTimeZone zone)
    {
        (IsoDayOfWeek Day, int Hour, int Minute, int Days, int CloseHour, int CloseMinute)[] sessions = text switch
        {
            "America/New_York Sun 17:00-Fri 17:00" => [(IsoDayOfWeek.Sunday, 17, 0, 5, 17, 0)],
            "Europe/Berlin Sun 23:00-Fri 22:00" => [(IsoDayOfWeek.Sunday, 23, 0, 5, 22, 0)],
            "America/New_York Mon-Fri 09:30-16:00" => Daily(9, 30, 0, 16, 0),
            "Europe/London Mon-Fri 08:00-16:30" => Daily(8, 0, 0, 16, 30),
            "Australia/Sydney Mon-Fri 17:10-07:00" => Daily(17, 10, 1, 7, 0),
            _ => [.. Daily(9, 0, 0, 11, 30), .. Daily(12, 30, 0, 15, 30)],
        };
        for (var date = s_first; date <= s_last; date = date.PlusDays(1))
        {
            foreach (var (_, hour, minute, days, closeHour, closeMinute) in sessions.Where(s => s.Day == date.DayOfWeek))
            {
                yield return (
                    zone.AtStrictly(date.At(new LocalTime(hour, minute))).ToInstant(),
                    zone.AtStrictly(date.PlusDays(days).At(new LocalTime(closeHour, closeMinute))).ToInstant());
            }
        }
    }

    private static (IsoDayOfWeek, int, int, int, int, int)[] Daily(int hour, int minute, int days, int closeHour, int closeMinute) =>
        [.. Enumerable.Range(1, 5).Select(day => ((IsoDayOfWeek)day, hour, minute, days, closeHour, closeMinute))];

    /// <summary>What holidays leave of a session.</summary>
    private static IEnumerable<(Instant From, Instant Until)> Cut(
        (Instant From, Instant Until) session, DateTimeZone zone, Dictionary<LocalDate, LocalTime?> holidays)
    {
        var from = session.From;
        for (var date = from.InZone(zone).Date; date <= session.Until.InZone(zone).Date; date = date.PlusDays(1))
        {
            if (!holidays.TryGetValue(date, out var time))
            {
                continue;
            }

            var begins = zone.AtStrictly(date.At(time ?? LocalTime.Midnight)).ToInstant();
            var ends = zone.AtStrictly(date.PlusDays(1).AtMidnight()).ToInstant();
            if (begins >= session.Until || ends <= from)
            {
                continue;
            }

            if (begins > from)
            {
                yield return (from, begins);
            }

            from = ends;
        }

        if (from < session.Until)
        {
            yield return (from, session.Until);
        }
    }

    private static List<(Instant From, Instant Until)> Merge(IEnumerable<(Instant From, Instant Until)> sessions)
    {
        var merged = new List<(Instant From, Instant Until)>();
        foreach (var session in sessions.OrderBy(session => session.From))
        {
            if (merged.Count > 0 && session.From <= merged[^1].Until)
            {
                merged[^1] = (merged[^1].From, Instant.Max(merged[^1].Until, session.Until));
            }
            else
            {
                merged.Add(session);
            }
        }

        return merged;
    }
}
