using System.Collections.Immutable;
using Orleans.Concurrency;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Market;

/// <summary>One symbol: last price and the exits of its open positions. Keyed by symbol.</summary>
[GrainInterfaceType("te.instrument"), Alias("te.IInstrumentGrain")]
public interface IInstrumentGrain : IGrainWithStringKey
{
    /// <summary>The last price. Interleaves: it returns an immutable snapshot and changes nothing.</summary>
    [AlwaysInterleave, ReadOnly, Alias("GetPrice")]
    Task<PriceView> GetPriceAsync();

    /// <summary>Takes prices, in order, and leaves every position whose exit they reach. Answers when that is committed.</summary>
    [Alias("Apply")]
    Task ApplyAsync(ImmutableArray<MarketUpdate> updates);

    /// <summary>Takes a position's change: the fast path of the projection it reads each second anyway.</summary>
    [OneWay, Alias("Follow")]
    Task FollowAsync(PositionIndexEntry entry, bool isOver);

    /// <summary>What is armed. Interleaves: it reads and changes nothing.</summary>
    [AlwaysInterleave, ReadOnly, Alias("GetExits")]
    Task<ExitBookStatus> GetExitsAsync();

    /// <summary>What its open positions are like, all together. Interleaves: it reads and changes nothing.</summary>
    [AlwaysInterleave, ReadOnly, Alias("GetReport")]
    Task<SymbolReport> GetReportAsync();

    /// <summary>The positions that are not over, oldest first. Interleaves: it reads and changes nothing.</summary>
    /// <param name="most">The most to return, positive.</param>
    [AlwaysInterleave, ReadOnly, Alias("GetOldest")]
    Task<ImmutableArray<PositionIndexEntry>> GetOldestAsync(int most);

    /// <summary>Wakes it and lets it do what it does each second: read what changed, wake who is due, look at the price.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}

/// <summary>The state of an exit book.</summary>
/// <param name="Symbol">Symbol.</param>
/// <param name="Open">Positions that are not over.</param>
/// <param name="Armed">Those with exits armed.</param>
/// <param name="ArmedIds">Ids of those.</param>
[GenerateSerializer, Immutable, Alias("te.ExitBookStatus")]
public sealed record ExitBookStatus(
    [property: Id(0)] string Symbol,
    [property: Id(1)] int Open,
    [property: Id(2)] int Armed,
    [property: Id(3)] ImmutableArray<string> ArmedIds);

/// <summary>Takes prices off their queue and hands each to its instrument. Keyed by partition.</summary>
[GrainInterfaceType("te.market"), Alias("te.IMarketGrain")]
public interface IMarketGrain : IGrainWithStringKey
{
    /// <summary>Wakes it; harmless when it is awake.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
