namespace TradingEngine.Trading.Alerts;

/// <summary>How soon somebody has to look.</summary>
public enum AlertSeverity
{
    /// <summary>Good to know: something is well again.</summary>
    Info = 1,

    /// <summary>Today.</summary>
    Warning = 2,

    /// <summary>Now.</summary>
    Critical = 3,
}

/// <summary>What an alert is about.</summary>
public enum AlertKind
{
    /// <summary>The engine was killed.</summary>
    Killed = 1,

    /// <summary>A breaker changed the mode.</summary>
    ModeChanged = 2,

    /// <summary>A breaker halted an account, a strategy or a symbol.</summary>
    BreakerTripped = 3,

    /// <summary>The execution agent holds something else than the engine counts.</summary>
    ReconciliationBreak = 4,

    /// <summary>More traded than was ordered.</summary>
    Overfill = 5,

    /// <summary>The execution agent fell silent.</summary>
    ExecutorSilent = 6,

    /// <summary>The execution agent is heard of again.</summary>
    ExecutorBack = 7,

    /// <summary>A symbol that is held gets no prices.</summary>
    FeedStale = 8,

    /// <summary>Tier 3 acted on a high or critical anomaly.</summary>
    MarketAnomaly = 9,

    /// <summary>Many messages could not be understood.</summary>
    DeadLetters = 10,

    /// <summary>The store does not answer.</summary>
    StoreAway = 11,

    /// <summary>The store answers again.</summary>
    StoreBack = 12,

    /// <summary>The store was emptied or replaced.</summary>
    StoreLost = 13,

    /// <summary>The store was put back to an older state.</summary>
    StoreRolledBack = 14,

    /// <summary>The audit is not as it was written, or cannot be kept.</summary>
    AuditBroken = 15,

    /// <summary>Alerts that were left out, since there were too many.</summary>
    LeftOut = 16,
}

/// <summary>Something that people are told of at once.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Key">The same for the same cause: a cause that lasts is told once in a while.</param>
/// <param name="Text">What happened, for people, without secrets.</param>
/// <param name="Time">When, UTC.</param>
public sealed record Alert(AlertKind Kind, string Key, string Text, DateTimeOffset Time)
{
    /// <summary>Instrument, where there is one.</summary>
    public string? Symbol { get; init; }

    /// <summary>Key of the alert that this one ends: the next of that key is told at once.</summary>
    public string? Ends { get; init; }

    /// <summary>How often the same cause was met since it was last told of, and not told.</summary>
    public int Repeats { get; init; }

    /// <summary>Alerts of other causes that were left out before it, since there were too many.</summary>
    public int LeftOut { get; init; }

    /// <summary>How soon somebody has to look.</summary>
    public AlertSeverity Severity => AlertRules.SeverityOf(Kind);
}
