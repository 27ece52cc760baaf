using System.Collections.Immutable;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Interfaces.Strategies;

/// <summary>Turns the signals of one account, strategy and symbol into positions. Keyed <c>account|strategy|symbol</c>.</summary>
[GrainInterfaceType("te.strategy"), Alias("te.IStrategyGrain")]
public interface IStrategyGrain : IGrainWithStringKey
{
    /// <summary>Decides, commits and acknowledges each signal, and answers for each in order.</summary>
    [Alias("Handle")]
    Task<ImmutableArray<SignalOutcome>> HandleAsync(string partition, ImmutableArray<SignalInput> signals);
}

/// <summary>A signal with the input to acknowledge.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Queue">Queue it came from; null when nothing is to be acknowledged.</param>
/// <param name="EntryId">Entry to acknowledge.</param>
[GenerateSerializer, Immutable, Alias("te.SignalInput")]
public sealed record SignalInput(
    [property: Id(0)] Signal Signal, [property: Id(1)] string? Queue, [property: Id(2)] string EntryId);

/// <summary>How a signal was taken.</summary>
public enum SignalResult
{
    /// <summary>It became orders, or there was nothing to do.</summary>
    Accepted = 1,

    /// <summary>It was handled before; the earlier outcome stands.</summary>
    Duplicate = 2,

    /// <summary>It was refused.</summary>
    Rejected = 3,

    /// <summary>What became of it is not known; it is delivered again.</summary>
    Unknown = 4,
}

/// <summary>The answer to a signal.</summary>
[GenerateSerializer, Immutable, Alias("te.SignalOutcome")]
public sealed record SignalOutcome(
    [property: Id(0)] SignalResult Result, [property: Id(1)] RejectReason Reason, [property: Id(2)] string? PositionId);
