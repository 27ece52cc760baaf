using System.Collections.Immutable;
using TradingEngine.Trading.Market;

namespace TradingEngine.Agents.Execution;

/// <summary>The paper executor: takes orders off their queue and reports fills on the other. Keyed by partition.</summary>
[GrainInterfaceType("te.paper-venue"), Alias("te.IPaperVenueGrain")]
public interface IPaperVenueGrain : IGrainWithStringKey
{
    /// <summary>Wakes it; harmless when it is awake.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Takes prices before the engine does, as a replay needs it: fills first, then the market.</summary>
    [Alias("OnMarket")]
    Task OnMarketAsync(ImmutableArray<MarketUpdate> updates);
}
