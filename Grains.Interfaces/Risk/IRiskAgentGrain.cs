using System.Collections.Immutable;
using Orleans.Concurrency;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Grains.Interfaces.Risk;

/// <summary>Asks the risk agent outside about entries, and hands its answers to who asked. Keyed by partition.</summary>
[GrainInterfaceType("te.risk-agent"), Alias("te.IRiskAgentGrain")]
public interface IRiskAgentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Asks about entries and answers when each has its verdict, or the wait is over. Interleaves, since the answers come to the same grain
    /// while it waits: a question touches nothing but its own entries of the table of open questions.
    /// </summary>
    [AlwaysInterleave, Alias("Ask")]
    Task<ImmutableArray<RiskVerdict>> AskAsync(ImmutableArray<RiskQuestion> questions);
}

/// <summary>An entry to ask about.</summary>
/// <param name="PositionId">The position it opens or adds to; a repeated signal asks under the same one.</param>
/// <param name="Signal">The signal, sized.</param>
/// <param name="BuyNotional">Notional of its buying orders, in the instrument's settlement currency.</param>
/// <param name="SellNotional">Notional of its selling orders, in the same.</param>
/// <param name="Decision">The engine's own decision, as its orders carry it.</param>
[GenerateSerializer, Immutable, Alias("te.RiskQuestion")]
public sealed record RiskQuestion(
    [property: Id(0)] string PositionId,
    [property: Id(1)] Signal Signal,
    [property: Id(2)] decimal BuyNotional,
    [property: Id(3)] decimal SellNotional,
    [property: Id(4)] string Decision);
