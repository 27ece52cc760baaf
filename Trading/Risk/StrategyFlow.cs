namespace TradingEngine.Trading.Risk;

/// <summary>What one strategy of an account sent and what became of it, in bounded memory. Not thread-safe.</summary>
public sealed class StrategyFlow
{
    /// <summary>Minutes over which orders and fills are compared.</summary>
    public const int Minutes = 10;

    private readonly int[] _messages = new int[Minutes];
    private readonly int[] _fills = new int[Minutes];
    private long _minute;
    private (long Minute, int Count) _rateRefusals;

    /// <summary>How fast it sent.</summary>
    public OrderRate Rate { get; internal set; }

    /// <summary>Entries since something traded or an operator released it.</summary>
    public int Repeated { get; internal set; }

    /// <summary>True once it repeated itself too often, until it is released.</summary>
    public bool IsThrottled { get; internal set; }

    /// <summary>True once its orders exceeded what was decided, until it is released.</summary>
    public bool IsOverrun { get; internal set; }

    /// <summary>Losing trades in a row.</summary>
    public int Losses { get; internal set; }

    /// <summary>Refusals by the venue in a row.</summary>
    public int Refusals { get; internal set; }

    /// <summary>When it may enter again after too many of either.</summary>
    public DateTimeOffset CooldownUntil { get; internal set; } = DateTimeOffset.MinValue;

    /// <summary>When it last did anything.</summary>
    public DateTimeOffset LastAt { get; internal set; }

    /// <summary>Orders and fills of the last ten minutes, the running one included.</summary>
    public (int Messages, int Fills) Counts(DateTimeOffset now)
    {
        var minute = MinuteOf(now);
        var (messages, fills) = (0, 0);
        for (var m = Math.Max(_minute - Minutes, minute - Minutes) + 1; m <= _minute; m++)
        {
            messages += _messages[m % Minutes];
            fills += _fills[m % Minutes];
        }

        return (messages, fills);
    }

    /// <summary>Entries that its rate limit refused within the running minute.</summary>
    public int RateRefusals(DateTimeOffset now) => _rateRefusals.Minute == MinuteOf(now) ? _rateRefusals.Count : 0;

    /// <summary>True where forgetting it changes no decision.</summary>
    public bool IsForgettable(DateTimeOffset now) =>
        !IsThrottled && !IsOverrun && Repeated == 0 && Losses == 0 && Refusals == 0 && CooldownUntil <= now
        && now - LastAt > TimeSpan.FromMinutes(Minutes);

    internal void Count(int messages, int fills, DateTimeOffset now)
    {
        var minute = MinuteOf(now);
        for (var m = Math.Max(_minute + 1, minute - Minutes + 1); m <= minute; m++)
        {
            _messages[m % Minutes] = 0;
            _fills[m % Minutes] = 0;
        }

        // A clock that went back counts into the newest minute: nothing is forgotten by it.
        _minute = Math.Max(_minute, minute);
        _messages[_minute % Minutes] += messages;
        _fills[_minute % Minutes] += fills;
        LastAt = now;
    }

    internal void CountRateRefusal(DateTimeOffset now)
    {
        _rateRefusals = (MinuteOf(now), RateRefusals(now) + 1);
        LastAt = now;
    }

    private static long MinuteOf(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMinute;
}
