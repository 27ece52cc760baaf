using System.Collections.Immutable;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Strategies;

/// <summary>What signals of one strategy and symbol do to positions that are already open.</summary>
public enum PositionMode
{
    /// <summary>Each signal opens its own position.</summary>
    Hedge = 0,

    /// <summary>One position: the same side adds, the opposite side reduces and then flips.</summary>
    Net = 1,

    /// <summary>The opposite side closes what is open and opens anew; the same side changes nothing.</summary>
    Reverse = 2,
}

/// <summary>What is to be done to an open position.</summary>
public enum ChangeKind
{
    /// <summary>Leave it.</summary>
    Close = 1,

    /// <summary>Close a part of it.</summary>
    Reduce = 2,

    /// <summary>Buy or sell more in its direction.</summary>
    Add = 3,

    /// <summary>Replace its quotes.</summary>
    Quote = 4,

    /// <summary>Move its stop nearer to the price; the change's price is the new level.</summary>
    Tighten = 5,
}

/// <summary>A change to an open position.</summary>
/// <param name="PositionId">Position.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Quantity">Lots, for a reduction or an addition.</param>
/// <param name="Price">Expected price.</param>
/// <param name="Quotes">The new quotes, for a quote.</param>
/// <param name="Risk">The risk decision that its entry orders carry.</param>
/// <param name="Type">Type of the order, for an addition.</param>
public sealed record PlannedChange(
    string PositionId, ChangeKind Kind, decimal Quantity, decimal? Price, QuotePlan? Quotes = null, string? Risk = null,
    OrderType Type = OrderType.Market);

/// <summary>What a signal comes to.</summary>
public sealed record SignalPlan
{
    /// <summary>Why nothing is done; <see cref="RejectReason.None"/> when something is, or when there was nothing to do.</summary>
    public RejectReason Reject { get; init; }

    /// <summary>Changes to open positions.</summary>
    public ImmutableArray<PlannedChange> Changes { get; init; } = [];

    /// <summary>A position to open.</summary>
    public OpenPosition? Open { get; init; }

    /// <summary>Notional its entry orders buy.</summary>
    public decimal BuyNotional { get; init; }

    /// <summary>Notional its entry orders sell.</summary>
    public decimal SellNotional { get; init; }

    /// <summary>The orders by which it takes risk: of what it opens, adds or quotes.</summary>
    public ImmutableArray<PlannedOrder> EntryOrders => Open is not null
        ? Open.Orders
        : [.. Changes.SelectMany(change => change.Kind switch
        {
            ChangeKind.Quote => change.Quotes!.Orders,
            ChangeKind.Add =>
            [
                new PlannedOrder(
                    0, BuyNotional > 0m ? Side.Buy : Side.Sell, change.Quantity, change.Price ?? 0m, change.Type, OrderIntent.Open),
            ],
            ChangeKind.Close or ChangeKind.Reduce or ChangeKind.Tighten => ImmutableArray<PlannedOrder>.Empty,
            _ => throw new InvalidOperationException($"Not a change: {change.Kind}."),
        })];

    /// <summary>True when it takes risk.</summary>
    public bool IsEntry => BuyNotional > 0m || SellNotional > 0m;

    /// <summary>Why the entry that came with exits is refused, while they are carried out; <see cref="RejectReason.None"/> where none is.</summary>
    public RejectReason EntryReject { get; init; }

    /// <summary>A refusal.</summary>
    public static SignalPlan Refuse(RejectReason reason) => new() { Reject = reason };

    /// <summary>What is left of it when its entry is refused: the exits that came with the entry, which no limit of entries holds up, else nothing.</summary>
    public SignalPlan RefuseEntry(RejectReason reason) => Open is null || Changes.IsEmpty
        ? Refuse(reason)
        : new SignalPlan { Changes = Changes, EntryReject = reason };
}
