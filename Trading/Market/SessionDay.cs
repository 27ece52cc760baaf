using NodaTime;

namespace TradingEngine.Trading.Market;

/// <summary>The day that losses are counted in: from 17:00 in New York to the next, over weekends and summer time.</summary>
public static class SessionDay
{
    private const int EndsAt = 17;

    private static readonly DateTimeZone s_newYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    /// <summary>The day a time is in, named by the date on which it ends.</summary>
    public static DateOnly Of(DateTimeOffset time)
    {
        var local = Instant.FromDateTimeOffset(time).InZone(s_newYork).LocalDateTime;
        return (local.Hour >= EndsAt ? local.Date.PlusDays(1) : local.Date).ToDateOnly();
    }
}
