using System.Collections.Immutable;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Alerts;

/// <summary>A line of the table of alerts.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Severity">How soon somebody has to look.</param>
/// <param name="Meaning">What it means.</param>
/// <param name="Advice">What to do.</param>
public sealed record AlertRule(AlertKind Kind, AlertSeverity Severity, string Meaning, string Advice);

/// <summary>What of all that happens is an alert. Pure.</summary>
public static class AlertRules
{
    private const string ByBreaker = " by breaker/";

    /// <summary>Every kind of alert with what it means and what to do, in order.</summary>
    public static ImmutableArray<AlertRule> Table { get; } =
    [
        new(AlertKind.Killed, AlertSeverity.Critical, "The engine was killed, by hand or by a breaker: no order that takes risk leaves, working orders are cancelled.",
            "Look at what is still held (`positions`), find the cause, then `reset --reason` and `resume`."),
        new(AlertKind.ModeChanged, AlertSeverity.Warning, "A breaker changed the mode.", "Look at `status` for the reason; `resume` once it is gone."),
        new(AlertKind.BreakerTripped, AlertSeverity.Warning, "A breaker halted an account, a strategy or a symbol: its entries are refused, its exits are managed.",
            "Look at the reason; most end by themselves, a latched one with `unhalt`."),
        new(AlertKind.ReconciliationBreak, AlertSeverity.Critical, "The execution agent holds something else than the engine counts, twice in a row. The symbol takes no entries.",
            "Compare with the venue by hand; once an answer agrees the halt is lifted."),
        new(AlertKind.Overfill, AlertSeverity.Critical, "More traded than was ordered. The symbol takes no entries.",
            "Look at the agent's journal and at the venue before `unhalt --symbol`."),
        new(AlertKind.ExecutorSilent, AlertSeverity.Critical, "The execution agent gives no sign: nothing is entered, and exits wait at an agent that may be dead.",
            "Start it again; open orders are asked of it when it is back."),
        new(AlertKind.ExecutorBack, AlertSeverity.Info, "The execution agent is heard of again.", "Nothing; look whether a reconciliation follows."),
        new(AlertKind.FeedStale, AlertSeverity.Warning, "A symbol that is held gets no prices though its market is open: its stops and targets wait for one.",
            "Look after the feed; close by hand (`close`) where the position must not wait."),
        new(AlertKind.MarketAnomaly, AlertSeverity.Warning, "An observer told tier 3 of a high or critical anomaly, and it halted, reduced or closed.",
            "Look at `tier_decisions` for what was done; halts of tier 3 end by themselves."),
        new(AlertKind.DeadLetters, AlertSeverity.Warning, "Many messages could not be understood within a minute: an agent sends something else than the wire says.",
            "Look at `deadletters list`, correct the agent, then `deadletters requeue`."),
        new(AlertKind.StoreAway, AlertSeverity.Critical, "The store does not answer: nothing is decided, and nothing is sent, before it does.",
            "Look after Redis, its disk and the network; the silo goes on by itself."),
        new(AlertKind.StoreBack, AlertSeverity.Info, "The store answers again, and what waited is taken up.", "Nothing."),
        new(AlertKind.StoreLost, AlertSeverity.Critical, "The store was emptied, replaced or taken over: the silo takes no work any more.",
            "Do not start it on the empty store: compare with the venue, restore it or `init` a new one, see docs/adr/0020."),
        new(AlertKind.StoreRolledBack, AlertSeverity.Critical, "The store was put back to an older state: orders may be out that it does not know. Only exits pass.",
            "Compare with the venue, then `resume`."),
        new(AlertKind.AuditBroken, AlertSeverity.Critical, "The audit is not as it was written, or its files cannot be written: nothing is removed from the store meanwhile.",
            "Run `audit verify`; look at disk space and at who has access to the files."),
        new(AlertKind.LeftOut, AlertSeverity.Warning, "More happened than is told one by one; this is the count of what was left out.", "Look at the log and at `status`."),
    ];

    /// <summary>How soon somebody has to look at a kind.</summary>
    public static AlertSeverity SeverityOf(AlertKind kind) => Table[(int)kind - 1].Severity;

    /// <summary>The alert that a committed fact is; null where it is none.</summary>
    public static Alert? Of(TradingFact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        var reason = fact.Reason ?? "";
        return fact.Kind switch
        {
            FactKind.ModeChanged when fact.Code == ModeCommands.NameOf(EngineMode.Killed) || fact.Code == ModeCommands.NameOf(EngineMode.KilledFlattening) =>
                Create(AlertKind.Killed, "", reason, fact),
            FactKind.ModeChanged when reason.Contains(ByBreaker, StringComparison.Ordinal) => Create(AlertKind.ModeChanged, fact.Code ?? "", reason, fact),

            // The agent's silence is told by itself, and once for all accounts.
            FactKind.BreakerTripped when fact.Code == RejectReason.VenueDown.Code() => null,
            FactKind.BreakerTripped => Create(AlertKind.BreakerTripped, $"{fact.Code}/{reason.Split(": ")[0]}", $"{fact.Code}: {reason}", fact),
            FactKind.ReconciliationBreak => Create(AlertKind.ReconciliationBreak, fact.Symbol ?? "", reason, fact),
            FactKind.Overfill => Create(
                AlertKind.Overfill, fact.Symbol ?? "", $"order {fact.OrderId} of {fact.Symbol} traded {fact.Quantity} lots too much", fact),
            FactKind.FeedStale => Create(AlertKind.FeedStale, fact.Symbol ?? "", reason, fact),
            FactKind.MarketAnomaly => Create(AlertKind.MarketAnomaly, fact.Symbol ?? "", $"{fact.Symbol ?? "all symbols"}: {reason}", fact),
            FactKind.AuditBroken => Create(AlertKind.AuditBroken, "", reason, fact),
            FactKind.PositionOpening or FactKind.PositionOpened or FactKind.PositionClosing or FactKind.PositionClosed or FactKind.PositionRejected
                or FactKind.OrderSent or FactKind.OrderFilled or FactKind.OrderEnded or FactKind.OrderUnknown or FactKind.SignalRejected
                or FactKind.ModeChanged or FactKind.DeadLettered or FactKind.CommissionUnknown or FactKind.LateFill or FactKind.FillRepriced
                or FactKind.StopMoved or FactKind.CommandGiven => null,
            _ => throw new ArgumentOutOfRangeException(nameof(fact), fact.Kind, "Not a fact."),
        };
    }

    /// <summary>An alert of a kind of which there is one at a time.</summary>
    public static Alert Of(AlertKind kind, string text, DateTimeOffset now) => new(kind, kind.ToString(), text, now);

    private static Alert Create(AlertKind kind, string cause, string text, TradingFact fact) =>
        new(kind, cause.Length == 0 ? kind.ToString() : $"{kind}/{cause}", text, fact.Time) { Symbol = fact.Symbol };
}
