using System.Collections.Immutable;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Interfaces.Positions;

/// <summary>One position from its first fill to its end. Keyed by position id; sleeps when nothing concerns it.</summary>
[Alias("te.IPositionGrain")]
public interface IPositionGrain : IGrainWithStringKey
{
    /// <summary>Counts execution reports, in order, and acknowledges them. Answers for each.</summary>
    [Alias("Apply")]
    Task<ImmutableArray<ReportOutcome>> ApplyAsync(ImmutableArray<ReportInput> reports);

    /// <summary>Leaves the position; does nothing when it is being left or is over.</summary>
    [Alias("Close")]
    Task<PositionState?> CloseAsync(string reason, decimal? price);

    /// <summary>Changes the position for a signal, once per signal, and acknowledges it.</summary>
    [Alias("Change")]
    Task<bool> ChangeAsync(PlannedChange change, Signal signal, string? queue, string entryId);

    /// <summary>Looks whether time asks for something.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Its state; null when there is no such position.</summary>
    [Alias("Get")]
    Task<PositionState?> GetAsync();
}

/// <summary>An execution report with the input to acknowledge.</summary>
[GenerateSerializer, Immutable, Alias("te.ReportInput")]
public sealed record ReportInput(
    [property: Id(0)] ExecutionReport Report, [property: Id(1)] string Queue, [property: Id(2)] string EntryId,
    [property: Id(3)] int Deliveries);

/// <summary>Takes execution reports off their queue and hands them to positions. Keyed by partition.</summary>
[Alias("te.IExecutionGrain")]
public interface IExecutionGrain : IGrainWithStringKey
{
    /// <summary>Wakes it; harmless when it is awake.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
