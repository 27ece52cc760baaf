using System.Collections.Immutable;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Positions;

/// <summary>Where a position stands in its life.</summary>
public enum PositionPhase
{
    /// <summary>Its first orders are out, nothing has traded.</summary>
    Opening = 1,

    /// <summary>Something is held under its exits.</summary>
    Open = 2,

    /// <summary>On the way to flat.</summary>
    Closing = 3,

    /// <summary>Flat, and nothing is working.</summary>
    Closed = 4,

    /// <summary>Nothing ever traded: refused by risk or venue, cancelled or expired.</summary>
    Rejected = 5,
}

/// <summary>One instrument of a position.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Terms">How fills are settled.</param>
/// <param name="Ledger">Quantity and money.</param>
public sealed record PositionLeg(string Symbol, ContractTerms Terms, LegLedger Ledger)
{
    /// <summary>Counts a fill. It may go beyond flat: the cycle that it ends keeps its money in this leg.</summary>
    public PositionLeg Fill(Side side, decimal quantity, decimal price, decimal commission)
    {
        var (ledger, ended) = Ledger.Apply(Terms, side, quantity, price, commission);
        if (ended is null && Ledger is { Quantity: 0m, OpenedQuantity: > 0m })
        {
            ended = Ledger;
        }

        return this with
        {
            Ledger = ended is null ? ledger : ledger with
            {
                Realized = ledger.Realized + ended.Realized,
                Commissions = ledger.Commissions + ended.Commissions,
            },
        };
    }

    /// <summary>Corrects a fill that was counted at another price; see <see cref="LegLedger.Reprice"/>.</summary>
    public PositionLeg Reprice(Side side, decimal quantity, decimal counted, decimal price, decimal commission) =>
        this with { Ledger = Ledger.Reprice(Terms, side, quantity, counted, price, commission) };
}

/// <summary>A position: everything that must survive, and nothing that could be derived.</summary>
/// <remarks>
/// It is read from records of earlier versions. Generated readers give a property that is not written the default of its type
/// and not that of its initializer, so where those differ the property takes the one for the other.
/// </remarks>
public sealed record PositionState
{
    /// <summary>Id, derived from account, strategy and signal.</summary>
    public required string Id { get; init; }

    /// <summary>Account it belongs to.</summary>
    public required string Account { get; init; }

    /// <summary>Strategy it belongs to.</summary>
    public required string Strategy { get; init; }

    /// <summary>Family of the strategy.</summary>
    public required StrategyKind Kind { get; init; }

    /// <summary>Tier that opened it.</summary>
    public required int Tier { get; init; }

    /// <summary>Signal that opened it.</summary>
    public required string SignalId { get; init; }

    /// <summary>Direction it was opened in; a quote's is its bid's.</summary>
    public required Side Side { get; init; }

    /// <summary>Where it stands.</summary>
    public required PositionPhase Phase { get; init; }

    /// <summary>Its instruments, each once; one except for arbitrage between several.</summary>
    public ImmutableArray<PositionLeg> Legs { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Its orders, oldest first: all that are not done, and the newest of those that are.</summary>
    public ImmutableArray<OrderState> Orders { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How it is to be left.</summary>
    public ExitPlan Exits { get; init => field = value ?? ExitPlan.None; } = ExitPlan.None;

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When something first traded.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>When it became flat for good, or was rejected.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Why it is being or was closed.</summary>
    public string? CloseReason { get; init; }

    /// <summary>Expected price of the exit that is being executed.</summary>
    public decimal? ClosePrice { get; init; }

    /// <summary>Why it was rejected.</summary>
    public RejectReason Reject { get; init; }

    /// <summary>Closing and cancelling orders sent so far; each has its own number.</summary>
    public int Attempts { get; init; }

    /// <summary>A refused close is not tried again before this.</summary>
    public DateTimeOffset? RetryCloseAt { get; init; }

    /// <summary>A refused or unanswered cancel is not asked again before this.</summary>
    public DateTimeOffset? RetryCancelAt { get; init; }

    /// <summary>By when every leg of an arbitrage must have filled; null for what is no group, and once that is decided.</summary>
    public DateTimeOffset? GroupDeadline { get; init; }

    /// <summary>How it quotes; null for what is no market making.</summary>
    public QuoteTerms? Quoting { get; init; }

    /// <summary>The signal of the pending quotes as sent, for the orders that repeat it.</summary>
    public string? PendingRaw { get; init; }

    /// <summary>Orders that were done and are no longer kept in <see cref="Orders"/>.</summary>
    public int DroppedOrders { get; init; }

    /// <summary>Of those the newest that could trade, oldest first, a line each: what a late fill on one of them needs.</summary>
    public ImmutableArray<string> Forgotten { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Fills that were counted.</summary>
    public int Fills { get; init; }

    /// <summary>
    /// Form of what it adds to the counters, kept for its whole life, so that it takes back what it gave: 0 of records of
    /// earlier versions, 1 with units, currencies, tiers and strategies.
    /// </summary>
    public int CounterForm { get; init; }

    /// <summary>Hash of its last audit line.</summary>
    public string AuditHash { get; init => field = value ?? ""; } = "";

    /// <summary>Main instrument.</summary>
    public string Symbol => Legs.Length == 0 ? "" : Legs[0].Symbol;

    /// <summary>Realised P&amp;L of all legs, commissions taken off.</summary>
    public decimal Realized => Legs.Sum(leg => leg.Ledger.Realized);

    /// <summary>Orders sent in its whole life, cancels included.</summary>
    public int SentOrders => DroppedOrders + Orders.Count(order => order.Status != OrderStatus.Pending);

    /// <summary>Lots held over all legs, without sign.</summary>
    public decimal Held => Legs.Sum(leg => Math.Abs(leg.Ledger.Quantity));

    /// <summary>True when its life is over.</summary>
    public bool IsFinal => Phase is PositionPhase.Closed or PositionPhase.Rejected;
}
