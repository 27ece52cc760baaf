using System.Globalization;

namespace TradingEngine.Trading.Risk;

/// <summary>
/// The automatic breakers as pure functions: each gives what to do, or null. Asked again while its cause lasts, it gives the
/// same; whoever follows it sets a halt or a mode once. An absent limit trips its breaker: nothing is watched by accident only.
/// </summary>
public static class Breakers
{
    private static readonly TimeSpan SilenceStep = TimeSpan.FromSeconds(10);

    /// <summary>Loss since the day began: nothing is entered until the next session day, and an operator lets it go on.</summary>
    /// <param name="account">Account, for the reason.</param>
    /// <param name="equity">What it is worth; null is not known, which decides nothing.</param>
    /// <param name="dayStart">What it was worth when its day began.</param>
    /// <param name="limits">Limits of the account.</param>
    public static BreakerDecision? DailyLoss(string account, decimal? equity, decimal? dayStart, RiskLimits limits)
    {
        if (limits.IsStructuralOnly || equity is not { } worth || dayStart is not { } start)
        {
            return null;
        }

        return limits.MaxDailyLoss is not { } share || start - worth >= share * start
            ? new(BreakerAction.ReduceOnly, null, RejectReason.DailyLoss, null,
                Text($"{account} lost {start - worth:0.##} of {start:0.##} today, the limit is {limits.MaxDailyLoss:0.####}"))
            : null;
    }

    /// <summary>Distance from the peak: far enough reduces, further kills.</summary>
    public static BreakerDecision? Drawdown(string account, decimal? equity, decimal? peak, RiskLimits limits)
    {
        if (limits.IsStructuralOnly || equity is not { } worth || peak is not { } top)
        {
            return null;
        }

        var reason = Text($"{account} is at {worth:0.##}, {top - worth:0.##} below its peak of {top:0.##}");
        return limits.KillDrawdown is not { } kill || top - worth >= kill * top
                ? new(BreakerAction.Kill, null, RejectReason.MaxDrawdown, null, reason)
            : limits.MaxDrawdown is not { } reduce || top - worth >= reduce * top
                ? new(BreakerAction.ReduceOnly, null, RejectReason.MaxDrawdown, null, reason)
            : null;
    }

    /// <summary>Orders too fast for too long: a strategy that meets its rate limit again and again is halted for a cooldown.</summary>
    /// <param name="strategy">Strategy.</param>
    /// <param name="refused">Its entries that the rate refused within the running minute.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="now">The time.</param>
    public static BreakerDecision? OrderRate(string strategy, int refused, RiskLimits limits, DateTimeOffset now)
    {
        if (limits.IsStructuralOnly)
        {
            return null;
        }

        // A minute's worth of one second's orders in vain is no burst any more.
        // Its end is counted from the minute's, so that it stays the same while it is asked for again.
        return limits.MaxStrategyRate is not { } rate || refused > rate
            ? new(BreakerAction.Halt, HaltScopes.Strategy(strategy), RejectReason.RateLimit, NextOf(now, TimeSpan.FromMinutes(1)) + limits.Cooldown,
                Text($"{strategy} met its rate limit {refused} times within a minute"))
            : null;
    }

    /// <summary>Entries without a fill, or children beyond their parent: the strategy is halted until an operator releases it.</summary>
    public static BreakerDecision? Repetition(string strategy, StrategyFlow flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return flow.IsOverrun
                ? new(BreakerAction.Halt, HaltScopes.Strategy(strategy), RejectReason.ParentOverrun, null,
                    $"{strategy} sent more than was decided")
            : flow.IsThrottled
                ? new(BreakerAction.Halt, HaltScopes.Strategy(strategy), RejectReason.RaeThrottle, null,
                    Text($"{strategy} entered {flow.Repeated} times and nothing traded"))
            : null;
    }

    /// <summary>Losses or refusals in a row: the strategy is halted until its cooldown is over.</summary>
    public static BreakerDecision? Streak(string strategy, StrategyFlow flow, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return flow.CooldownUntil > now
            ? new(BreakerAction.Halt, HaltScopes.Strategy(strategy), RejectReason.Cooldown, flow.CooldownUntil,
                $"{strategy} lost or was refused too often in a row")
            : null;
    }

    /// <summary>The execution agent holds something else: the symbol takes no entries until an answer agrees.</summary>
    public static BreakerDecision? Reconciliation(string account, string symbol, decimal engine, decimal venue) => engine == venue
        ? null
        : new(BreakerAction.Halt, HaltScopes.Symbol(symbol), RejectReason.ReconBreak, null,
            Text($"{account} holds {engine} {symbol} by its fills, {venue} by the execution agent"));

    /// <summary>A feed that fell silent: the symbol takes no entries until it speaks again. A symbol never heard of is not stale.</summary>
    /// <param name="symbol">Instrument.</param>
    /// <param name="price">Its last price.</param>
    /// <param name="isSessionOpen">True while it trades: a market that is closed is silent.</param>
    /// <param name="limits">Limits of the symbol.</param>
    /// <param name="now">The time.</param>
    public static BreakerDecision? FeedStale(
        string symbol, PriceView price, bool isSessionOpen, RiskLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(price);
        return !limits.IsStructuralOnly && isSessionOpen && price.IsKnown && price.IsStale(limits.MaxPriceAge, now)
            ? new(BreakerAction.Halt, HaltScopes.Symbol(symbol), RejectReason.StaleData, now,
                Text($"the last price of {symbol} is {(now - price.Time).TotalSeconds:0.#} s old"))
            : null;
    }

    /// <summary>An execution agent that fell silent: nothing is entered until it is heard of again, ten seconds later at most.</summary>
    /// <param name="agent">Agent, for the reason.</param>
    /// <param name="lastHeard">When it was last heard of; null for never, which is no silence.</param>
    /// <param name="heartbeatInterval">Interval it declares; null where it declares none.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="now">The time.</param>
    public static BreakerDecision? ExecutorSilent(
        string agent, DateTimeOffset? lastHeard, TimeSpan? heartbeatInterval, RiskLimits limits, DateTimeOffset now) =>
        limits.IsStructuralOnly || IsVenueUp(lastHeard, heartbeatInterval, limits, now)
            ? null
            : new(BreakerAction.ReduceOnly, null, RejectReason.VenueDown, NextOf(now, SilenceStep),
                Text($"{agent} was last heard of at {lastHeard:yyyy-MM-dd HH:mm:ss}"));

    /// <summary>
    /// True while an execution agent counts as there: never heard of, or within three of its heartbeats and at least five
    /// seconds; one that declares no heartbeat, within <see cref="RiskLimits.MaxVenueSilence"/>.
    /// </summary>
    public static bool IsVenueUp(
        DateTimeOffset? lastHeard, TimeSpan? heartbeatInterval, RiskLimits limits, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (lastHeard is not { } heard)
        {
            return true;
        }

        var fiveSeconds = TimeSpan.FromSeconds(5);
        var most = heartbeatInterval is not { } interval ? limits.MaxVenueSilence
            : interval * 3 > fiveSeconds ? interval * 3
            : fiveSeconds;
        return now - heard <= most;
    }

    /// <summary>The first whole step after a time.</summary>
    private static DateTimeOffset NextOf(DateTimeOffset time, TimeSpan step) =>
        new(time.UtcTicks - (time.UtcTicks % step.Ticks) + step.Ticks, TimeSpan.Zero);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
