using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

/// <summary>What happened.</summary>
public enum FactKind
{
    /// <summary>A signal was taken and its orders are out.</summary>
    PositionOpening = 1,

    /// <summary>First fill.</summary>
    PositionOpened = 2,

    /// <summary>An exit was decided.</summary>
    PositionClosing = 3,

    /// <summary>Flat for good.</summary>
    PositionClosed = 4,

    /// <summary>Nothing ever traded.</summary>
    PositionRejected = 5,

    /// <summary>An order was sent.</summary>
    OrderSent = 6,

    /// <summary>Something traded.</summary>
    OrderFilled = 7,

    /// <summary>An order was refused, cancelled or expired.</summary>
    OrderEnded = 8,

    /// <summary>No answer in time; the order may live.</summary>
    OrderUnknown = 9,

    /// <summary>More traded than was ordered.</summary>
    Overfill = 10,

    /// <summary>A signal was refused.</summary>
    SignalRejected = 11,

    /// <summary>The mode changed.</summary>
    ModeChanged = 12,

    /// <summary>A message could not be understood.</summary>
    DeadLettered = 13,

    /// <summary>A fill's commission is in a currency without a rate to the settlement currency: the fill counts, its
    /// commission does not, and the reason names amount and currency.</summary>
    CommissionUnknown = 14,

    /// <summary>A fill of an order that was over without it: cancelled, refused or expired. It counts.</summary>
    LateFill = 15,

    /// <summary>Lots that an order's end spoke of before their fill came got its price and commission.</summary>
    FillRepriced = 16,

    /// <summary>The execution agent holds something else than the engine counts; the reason says what.</summary>
    ReconciliationBreak = 17,

    /// <summary>An automatic breaker halted an account or a strategy; the reason says which and why.</summary>
    BreakerTripped = 18,

    /// <summary>The stop loss went nearer to the price; the reason says why.</summary>
    StopMoved = 19,

    /// <summary>A symbol that is held gets no prices though its market is open: its exits wait for one, and entries are refused.</summary>
    FeedStale = 20,

    /// <summary>Tier 3 halted, reduced or closed because of an anomaly it was told of; the reason says which.</summary>
    MarketAnomaly = 21,

    /// <summary>The audit is not as it was written, or its files cannot be written; the reason says what.</summary>
    AuditBroken = 22,

    /// <summary>A command was answered; the reason says which, by whom, and what became of it.</summary>
    CommandGiven = 23,
}

/// <summary>A committed fact, for people, statistics and alerts. Nothing is decided on it.</summary>
public sealed record TradingFact
{
    /// <summary>What happened.</summary>
    public required FactKind Kind { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Position, where there is one.</summary>
    public string? PositionId { get; init; }

    /// <summary>Order, where there is one.</summary>
    public string? OrderId { get; init; }

    /// <summary>Instrument.</summary>
    public string? Symbol { get; init; }

    /// <summary>Strategy.</summary>
    public string? Strategy { get; init; }

    /// <summary>Direction.</summary>
    public Side? Side { get; init; }

    /// <summary>Lots.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Price.</summary>
    public decimal? Price { get; init; }

    /// <summary>Realised P&amp;L, commissions taken off.</summary>
    public decimal? Pnl { get; init; }

    /// <summary>Of a fill: its commission in the settlement currency as it was counted; null is none.</summary>
    public decimal? Commission { get; init; }

    /// <summary>Of a re-priced fill: the price it was counted at before.</summary>
    public decimal? Counted { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>What the reason says, for programs: of a change of mode the mode, of a breaker the code of entries that meet it.</summary>
    public string? Code { get; init; }

    /// <summary>Of an order that was sent: the risk decision it carries.</summary>
    public string? Risk { get; init; }
}
