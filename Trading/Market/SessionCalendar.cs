using System.Collections.Immutable;
using NodaTime;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Says when an asset class trades. By default crypto always does and everything else from Sunday 17:00 to Friday 17:00
/// in New York, summer time included. A class without a week never trades. Immutable; thread safe.
/// </summary>
public sealed record SessionCalendar
{
    /// <summary>How far ahead a change of session is looked for.</summary>
    public const int MaxDaysAhead = 400;

    /// <summary>The default weeks and no holidays.</summary>
    public static SessionCalendar Default { get; } = new();

    /// <summary>Week of each class.</summary>
    public ImmutableDictionary<AssetClass, TradingWeek> Weeks { get; init; } = new Dictionary<AssetClass, TradingWeek>
    {
        [AssetClass.Crypto] = TradingWeek.Always,
        [AssetClass.CryptoCross] = TradingWeek.Always,
        [AssetClass.Forex] = TradingWeek.NewYork,
        [AssetClass.Indices] = TradingWeek.NewYork,
        [AssetClass.Stocks] = TradingWeek.NewYork,
        [AssetClass.Energy] = TradingWeek.NewYork,
    }.ToImmutableDictionary();

    /// <summary>Days on which a class is closed, whole or from a time on, in the zone of its week.</summary>
    public HolidayTable Holidays { get; init; } = HolidayTable.None;

    /// <summary>True when the class trades at that instant; an opening is open, a closing is closed.</summary>
    public bool IsOpen(AssetClass assetClass, Instant now) =>
        Weeks.TryGetValue(assetClass, out var week) && week.IsOpen(now) && !IsHoliday(assetClass, week, now);

    /// <inheritdoc cref="IsOpen(AssetClass, Instant)"/>
    public bool IsOpen(AssetClass assetClass, DateTimeOffset now) => IsOpen(assetClass, Instant.FromDateTimeOffset(now));

    /// <summary>The first opening after <paramref name="now"/>; null when none comes within <see cref="MaxDaysAhead"/> days.</summary>
    public Instant? NextOpen(AssetClass assetClass, Instant now) =>
        !IsOpen(assetClass, now) ? Next(assetClass, now, open: true)
        : Next(assetClass, now, open: false) is { } close ? Next(assetClass, close, open: true)
        : null;

    /// <summary>The first closing after <paramref name="now"/>; null when none comes within <see cref="MaxDaysAhead"/> days.</summary>
    public Instant? NextClose(AssetClass assetClass, Instant now) =>
        IsOpen(assetClass, now) ? Next(assetClass, now, open: false)
        : Next(assetClass, now, open: true) is { } opening ? Next(assetClass, opening, open: false)
        : null;

    /// <inheritdoc cref="NextOpen(AssetClass, Instant)"/>
    public DateTimeOffset? NextOpen(AssetClass assetClass, DateTimeOffset now) =>
        NextOpen(assetClass, Instant.FromDateTimeOffset(now))?.ToDateTimeOffset();

    /// <inheritdoc cref="NextClose(AssetClass, Instant)"/>
    public DateTimeOffset? NextClose(AssetClass assetClass, DateTimeOffset now) =>
        NextClose(assetClass, Instant.FromDateTimeOffset(now))?.ToDateTimeOffset();

    private bool IsHoliday(AssetClass assetClass, TradingWeek week, Instant now)
    {
        if (!Holidays.Has(assetClass))
        {
            return false;
        }

        // By instants and not by wall time: an hour that summer time repeats must not open again what has closed.
        var date = now.InZone(week.Zone).Date;
        return Holidays.TryFind(assetClass, date, out var from) && now >= StartOf(week, date, from);
    }

    private static Instant StartOf(TradingWeek week, LocalDate date, LocalTime? from) =>
        from is { } time ? week.At(date, time) : week.Zone.AtStartOfDay(date).ToInstant();

    /// <summary>The first boundary after an instant from which the class is as wanted.</summary>
    private Instant? Next(AssetClass assetClass, Instant now, bool open)
    {
        if (!Weeks.TryGetValue(assetClass, out var week) || (week.IsAlways && !Holidays.Has(assetClass)))
        {
            return null;
        }

        var today = now.InZone(week.Zone).Date;
        for (var ahead = 0; ahead <= MaxDaysAhead; ahead++)
        {
            foreach (var boundary in Boundaries(assetClass, week, today.PlusDays(ahead)))
            {
                if (boundary > now && IsOpen(assetClass, boundary) == open)
                {
                    return boundary;
                }
            }
        }

        return null;
    }

    /// <summary>Instants of a day, in order, at which a session or a holiday can begin or end.</summary>
    private List<Instant> Boundaries(AssetClass assetClass, TradingWeek week, LocalDate date)
    {
        var times = new List<Instant> { week.Zone.AtStartOfDay(date).ToInstant() };
        foreach (var session in week.Sessions)
        {
            if (date.DayOfWeek == session.OpenDay)
            {
                times.Add(week.At(date, session.OpenTime));
            }

            if (date.DayOfWeek == session.CloseDay)
            {
                times.Add(week.At(date, session.CloseTime));
            }
        }

        if (Holidays.TryFind(assetClass, date, out var from))
        {
            times.Add(StartOf(week, date, from));
        }

        times.Sort();
        return times;
    }
}
