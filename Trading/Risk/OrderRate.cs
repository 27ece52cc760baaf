namespace TradingEngine.Trading.Risk;

/// <summary>
/// How fast orders may follow one another: a rate a second, and a burst that fills up at that rate. Remembers one time, the
/// one at which the burst is whole again (the generic cell rate algorithm).
/// </summary>
public readonly record struct OrderRate
{
    private readonly long _wholeAt;

    private OrderRate(long wholeAt) => _wholeAt = wholeAt;

    /// <summary>True when so many orders may be sent now.</summary>
    /// <param name="orders">Orders, at least 1.</param>
    /// <param name="perSecond">Orders a second; 0 or less lets none pass.</param>
    /// <param name="burst">Orders at once as a multiple of one second's, positive.</param>
    /// <param name="now">The time.</param>
    public bool Lets(int orders, decimal perSecond, decimal burst, DateTimeOffset now)
    {
        if (perSecond <= 0m)
        {
            return false;
        }

        var each = TimeSpan.TicksPerSecond / perSecond;
        var ahead = Math.Max(0L, _wholeAt - now.UtcTicks);
        return ahead + (orders * each) <= perSecond * burst * each;
    }

    /// <summary>The rate after so many orders.</summary>
    public OrderRate After(int orders, decimal perSecond, DateTimeOffset now) => perSecond <= 0m
        ? this
        : new(Math.Max(_wholeAt, now.UtcTicks) + (long)(orders * (TimeSpan.TicksPerSecond / perSecond)));
}
