using NodaTime;

namespace TradingEngine.Trading.Market;

/// <summary>When a market is open each week, in the wall time of one place. Immutable; thread safe.</summary>
/// <param name="OpenDay">Day it opens.</param>
/// <param name="OpenTime">Wall time it opens.</param>
/// <param name="CloseDay">Day it closes.</param>
/// <param name="CloseTime">Wall time it closes; the instant itself is closed.</param>
/// <param name="Zone">Time zone of both, with its summer time.</param>
public sealed record TradingWeek(
    IsoDayOfWeek OpenDay, LocalTime OpenTime, IsoDayOfWeek CloseDay, LocalTime CloseTime, DateTimeZone Zone)
{
    /// <summary>Sunday 17:00 to Friday 17:00 in New York: the week of currencies, and of what brokers quote along with them.</summary>
    public static TradingWeek NewYork { get; } = new(
        IsoDayOfWeek.Sunday, new LocalTime(17, 0), IsoDayOfWeek.Friday, new LocalTime(17, 0),
        DateTimeZoneProviders.Tzdb["America/New_York"]);

    /// <summary>Never closed: opening and closing fall together.</summary>
    public static TradingWeek Always { get; } = new(
        IsoDayOfWeek.Monday, LocalTime.Midnight, IsoDayOfWeek.Monday, LocalTime.Midnight, DateTimeZone.Utc);

    /// <summary>True when it opens at the moment it closes, and so never closes.</summary>
    public bool IsAlways => OpenDay == CloseDay && OpenTime == CloseTime;

    /// <summary>True within the week's opening, holidays apart.</summary>
    /// <param name="local">Wall time in <see cref="Zone"/>.</param>
    public bool Contains(LocalDateTime local)
    {
        if (IsAlways)
        {
            return true;
        }

        var at = OfWeek(local.DayOfWeek, local.TimeOfDay);
        var open = OfWeek(OpenDay, OpenTime);
        var close = OfWeek(CloseDay, CloseTime);
        return open < close ? at >= open && at < close : at >= open || at < close;
    }

    private static long OfWeek(IsoDayOfWeek day, LocalTime time) =>
        (((int)day - 1) * NodaConstants.TicksPerDay) + time.TickOfDay;
}
