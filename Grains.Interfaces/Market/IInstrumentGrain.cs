using Orleans.Concurrency;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Market;

/// <summary>One symbol: last price and the exits of its open positions. Keyed by symbol.</summary>
[Alias("te.IInstrumentGrain")]
public interface IInstrumentGrain : IGrainWithStringKey
{
    /// <summary>The last price. Interleaves: it returns an immutable snapshot and changes nothing.</summary>
    [AlwaysInterleave, ReadOnly, Alias("GetPrice")]
    Task<PriceView> GetPriceAsync();

    /// <summary>Reads the positions that changed since it last looked; the fast path of what it does each second anyway.</summary>
    [OneWay, Alias("Refresh")]
    Task RefreshAsync();

    /// <summary>What is armed.</summary>
    [Alias("GetExits")]
    Task<ExitBookStatus> GetExitsAsync();

    /// <summary>Wakes it, and arms what the store holds.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}

/// <summary>The state of an exit book.</summary>
/// <param name="Symbol">Symbol.</param>
/// <param name="Open">Positions that are not over.</param>
/// <param name="Armed">Those with exits armed.</param>
[GenerateSerializer, Immutable, Alias("te.ExitBookStatus")]
public sealed record ExitBookStatus(
    [property: Id(0)] string Symbol, [property: Id(1)] int Open, [property: Id(2)] int Armed);

/// <summary>Takes prices off their queue and hands each to its instrument. Keyed by partition.</summary>
[Alias("te.IMarketGrain")]
public interface IMarketGrain : IGrainWithStringKey
{
    /// <summary>Wakes it; harmless when it is awake.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
