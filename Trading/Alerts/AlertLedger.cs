using System.Globalization;

namespace TradingEngine.Trading.Alerts;

/// <summary>
/// Decides which alerts are told: the same cause once in five minutes, and so many a minute that people still read them. What is left out is
/// counted, and the next one told says how many. Not thread-safe.
/// </summary>
public sealed class AlertLedger
{
    /// <summary>The same cause is told again after this long.</summary>
    public static readonly TimeSpan RepeatAfter = TimeSpan.FromMinutes(5);

    /// <summary>Alerts within a minute; critical ones have as many again for themselves.</summary>
    public const int MostAMinute = 20;

    /// <summary>Causes that are remembered.</summary>
    public const int MostKeys = 1_000;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _critical = new();
    private readonly Queue<DateTimeOffset> _others = new();
    private int _leftOut;

    /// <summary>The alert as it is told, with what was left out before it; null where it is not told.</summary>
    public Alert? Judge(Alert alert, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(alert);
        if (alert.Ends is { } ended)
        {
            _told.Remove(ended);
        }

        if (_told.TryGetValue(alert.Key, out var told) && now - told.At < RepeatAfter)
        {
            _told[alert.Key] = told with { Repeats = told.Repeats + 1 };
            return null;
        }

        var times = alert.Severity == AlertSeverity.Critical ? _critical : _others;
        Forget(times, now);
        if (times.Count >= MostAMinute)
        {
            _leftOut++;
            return null;
        }

        times.Enqueue(now);
        Remember(alert.Key, now);
        (var leftOut, _leftOut) = (_leftOut, 0);
        return alert with { Repeats = told?.Repeats ?? 0, LeftOut = leftOut };
    }

    /// <summary>Says how many were left out once nothing came for a minute that would have said it; null where there is nothing to say.</summary>
    public Alert? Due(DateTimeOffset now)
    {
        Forget(_critical, now);
        Forget(_others, now);
        if (_leftOut == 0 || _others.Count >= MostAMinute || _critical.Count >= MostAMinute)
        {
            return null;
        }

        _others.Enqueue(now);
        var alert = AlertRules.Of(AlertKind.LeftOut, string.Create(CultureInfo.InvariantCulture, $"{_leftOut} alerts were left out"), now);
        (var leftOut, _leftOut) = (_leftOut, 0);
        return alert with { LeftOut = leftOut };
    }

    private static void Forget(Queue<DateTimeOffset> times, DateTimeOffset now)
    {
        while (times.TryPeek(out var oldest) && now - oldest >= s_minute)
        {
            times.Dequeue();
        }
    }

    private void Remember(string key, DateTimeOffset now)
    {
        if (_told.Count >= MostKeys && !_told.ContainsKey(key))
        {
            _told.Remove(_told.MinBy(pair => pair.Value.At).Key);
        }

        _told[key] = new Told(now, 0);
    }

    private sealed record Told(DateTimeOffset At, int Repeats);
}
