using System.Collections.Immutable;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Interfaces.Positions;

/// <summary>One position from its first fill to its end. Keyed by position id; sleeps when nothing concerns it.</summary>
[GrainInterfaceType("te.position"), Alias("te.IPositionGrain")]
public interface IPositionGrain : IGrainWithStringKey
{
    /// <summary>Counts execution reports, in order, and acknowledges them. Answers for each.</summary>
    [Alias("Apply")]
    Task<ImmutableArray<ReportOutcome>> ApplyAsync(ImmutableArray<ReportInput> reports);

    /// <summary>Leaves the position; does nothing when it is being left or is over.</summary>
    [Alias("Close")]
    Task<PositionState?> CloseAsync(string reason, decimal? price);

    /// <summary>Asks the venue to cancel every order that may still trade; what is held is left as it is.</summary>
    [Alias("Withdraw")]
    Task WithdrawAsync(string reason);

    /// <summary>Changes the position for a signal.</summary>
    [Alias("Change")]
    Task<ChangeResult> ChangeAsync(ChangeRequest request);

    /// <summary>Looks whether time asks for something.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Its state; null when there is no such position.</summary>
    [Alias("Get")]
    Task<PositionState?> GetAsync();
}

/// <summary>A change that a signal asks for.</summary>
/// <param name="Change">What to do.</param>
/// <param name="Signal">The signal.</param>
/// <param name="Opens">A position to open in the same commit, when a net position flips; null for none.</param>
/// <param name="FenceGroup">Counter group of the fence its entry was judged under; null without an entry.</param>
/// <param name="Fence">That fence's token.</param>
/// <param name="IsLast">True for the last change of the signal: its commit marks the signal as handled and acknowledges it.</param>
/// <param name="Queue">Queue of the input; null when nothing is to be acknowledged.</param>
/// <param name="EntryId">Entry to acknowledge.</param>
[GenerateSerializer, Immutable, Alias("te.ChangeRequest")]
public sealed record ChangeRequest(
    [property: Id(0)] PlannedChange Change,
    [property: Id(1)] Signal Signal,
    [property: Id(2)] OpenPosition? Opens,
    [property: Id(3)] string? FenceGroup,
    [property: Id(4)] long Fence,
    [property: Id(5)] bool IsLast,
    [property: Id(6)] string? Queue,
    [property: Id(7)] string EntryId)
{
    /// <summary>With the last change: the position that the signal would have opened beside it, and why it may not; its refusal is committed with the change.</summary>
    [Id(8)] public RefusedOpening? Refuses { get; init; }
}

/// <summary>A position that is not opened.</summary>
/// <param name="PositionId">What its id would be.</param>
/// <param name="Reason">Why.</param>
[GenerateSerializer, Immutable, Alias("te.RefusedOpening")]
public sealed record RefusedOpening([property: Id(0)] string PositionId, [property: Id(1)] RejectReason Reason);

/// <summary>What became of a change.</summary>
public enum ChangeResult
{
    /// <summary>It is committed.</summary>
    Done = 1,

    /// <summary>The signal was handled before.</summary>
    Duplicate = 2,

    /// <summary>Mode or halt refuse it; nothing was written.</summary>
    Refused = 3,

    /// <summary>There is no such position.</summary>
    Gone = 4,

    /// <summary>The fence was lost; nothing was written.</summary>
    FenceLost = 5,
}

/// <summary>An execution report with the input to acknowledge.</summary>
[GenerateSerializer, Immutable, Alias("te.ReportInput")]
public sealed record ReportInput(
    [property: Id(0)] ExecutionReport Report, [property: Id(1)] string Queue, [property: Id(2)] string EntryId,
    [property: Id(3)] int Deliveries);

/// <summary>Takes execution reports off their queue and hands them to positions. Keyed by partition.</summary>
[GrainInterfaceType("te.execution"), Alias("te.IExecutionGrain")]
public interface IExecutionGrain : IGrainWithStringKey
{
    /// <summary>Wakes it; harmless when it is awake.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
