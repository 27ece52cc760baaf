using System.Collections.Immutable;
using NodaTime;
using NodaTime.TimeZones;

namespace TradingEngine.Trading.Market;

/// <summary>
/// When a market is open each week, in the wall time of one place. Wall times that summer time skips are the instants as
/// far after the skip, those that it repeats are the first. Immutable; thread safe.
/// </summary>
/// <param name="Sessions">Sessions of a week; they may touch and overlap.</param>
/// <param name="Zone">Time zone of all of them, with its summer time.</param>
public sealed record TradingWeek(ImmutableArray<WeeklySession> Sessions, DateTimeZone Zone)
{
    /// <summary>A week of one session.</summary>
    /// <param name="openDay">Day it opens.</param>
    /// <param name="openTime">Wall time it opens.</param>
    /// <param name="closeDay">Day it closes.</param>
    /// <param name="closeTime">Wall time it closes; the instant itself is closed.</param>
    /// <param name="zone">Time zone of both.</param>
    public TradingWeek(IsoDayOfWeek openDay, LocalTime openTime, IsoDayOfWeek closeDay, LocalTime closeTime, DateTimeZone zone)
        : this([new WeeklySession(openDay, openTime, closeDay, closeTime)], zone)
    {
    }

    /// <summary>Sunday 17:00 to Friday 17:00 in New York: the week of currencies, and of what brokers quote along with them.</summary>
    public static TradingWeek NewYork { get; } = new(
        IsoDayOfWeek.Sunday, new LocalTime(17, 0), IsoDayOfWeek.Friday, new LocalTime(17, 0),
        DateTimeZoneProviders.Tzdb["America/New_York"]);

    /// <summary>Never closed: opening and closing fall together.</summary>
    public static TradingWeek Always { get; } = new(
        IsoDayOfWeek.Monday, LocalTime.Midnight, IsoDayOfWeek.Monday, LocalTime.Midnight, DateTimeZone.Utc);

    /// <summary>True when a session opens at the moment it closes, and so never closes.</summary>
    public bool IsAlways => Sessions.Any(session => session.IsWholeWeek);

    /// <summary>True within a session, holidays apart.</summary>
    public bool IsOpen(Instant now)
    {
        if (IsAlways)
        {
            return true;
        }

        // A session may have begun up to a week ago, and its zone may have changed its clocks since.
        var today = now.InZone(Zone).Date;
        for (var back = 0; back <= WeeklySession.LongestDays; back++)
        {
            var date = today.PlusDays(-back);
            foreach (var session in Sessions)
            {
                if (session.OpenDay == date.DayOfWeek && now >= At(date, session.OpenTime)
                    && now < At(date.PlusDays(session.Days), session.CloseTime))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The instant of a wall time in <see cref="Zone"/>.</summary>
    public Instant At(LocalDate date, LocalTime time) =>
        Zone.ResolveLocal(date + time, Resolvers.LenientResolver).ToInstant();

    /// <summary>Weeks are equal when they say the same.</summary>
    public bool Equals(TradingWeek? other) =>
        other is not null && Zone.Equals(other.Zone) && Sessions.SequenceEqual(other.Sessions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Zone, Sessions.Length);
}

/// <summary>A session that comes each week, in wall time.</summary>
/// <param name="OpenDay">Day it opens.</param>
/// <param name="OpenTime">Time it opens; the instant itself is open.</param>
/// <param name="CloseDay">Day it closes; before the opening of the same day it is that of the next week.</param>
/// <param name="CloseTime">Time it closes; the instant itself is closed.</param>
public sealed record WeeklySession(IsoDayOfWeek OpenDay, LocalTime OpenTime, IsoDayOfWeek CloseDay, LocalTime CloseTime)
{
    /// <summary>Most days from the opening to the closing.</summary>
    public const int LongestDays = 7;

    /// <summary>True when it closes as it opens again.</summary>
    public bool IsWholeWeek => OpenDay == CloseDay && OpenTime == CloseTime;

    /// <summary>Days from the date of the opening to that of the closing, 0 to 7.</summary>
    public int Days
    {
        get
        {
            var days = ((int)CloseDay - (int)OpenDay + LongestDays) % LongestDays;
            return days == 0 && CloseTime <= OpenTime ? LongestDays : days;
        }
    }
}
