using System.Globalization;

namespace TradingEngine.Trading.Alerts;

/// <summary>Tells of a flood of messages that could not be understood. Not thread-safe.</summary>
public sealed class DeadLetterRate
{
    /// <summary>More within a minute are an alert: one broken message is no emergency.</summary>
    public const int MostAMinute = 10;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Queue<(DateTimeOffset At, long Total)> _looks = new();

    /// <summary>Takes the count of all so far, as at a look each second; null where there is nothing to tell.</summary>
    public Alert? See(long total, DateTimeOffset now)
    {
        while (_looks.TryPeek(out var oldest) && now - oldest.At > s_minute)
        {
            _looks.Dequeue();
        }

        _looks.Enqueue((now, total));
        var recent = total - _looks.Peek().Total;
        return recent > MostAMinute
            ? AlertRules.Of(AlertKind.DeadLetters, string.Create(CultureInfo.InvariantCulture, $"{recent} messages could not be understood within a minute"), now)
            : null;
    }
}
