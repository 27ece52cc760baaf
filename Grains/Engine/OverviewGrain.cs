using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Health;
using TradingEngine.Trading.Market;

namespace TradingEngine.Grains.Engine;

/// <summary>Reads boards and prices in whatever silo is asked.</summary>
[GrainType("overview"), StatelessWorker]
public sealed class OverviewGrain(
    ITradingStore store, IOptions<EngineOptions> options, PriceBoard prices, [FromKeyedServices(EngineClock.Key)] TimeProvider clock)
    : Grain, IOverviewGrain
{
    private readonly EngineOptions _options = options.Value;

    /// <inheritdoc/>
    public async Task<ImmutableArray<AgentView>> GetAgentsAsync() =>
    [
        .. (await new AgentBoard(store).ReadAsync(clock.GetUtcNow()))
            .Select(agent => new AgentView(agent.Name, AgentHealth.NameOf(agent.Condition), agent.Lag, agent.Version)),
    ];

    /// <inheritdoc/>
    public async Task<ImmutableArray<InstrumentView>> GetInstrumentsAsync()
    {
        var held = await store.Partition(_options.Partition).ReadIndexVersionsAsync();
        var symbols = held.Keys.Concat(prices.Symbols).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. await Task.WhenAll(symbols.Select(ViewAsync))];
    }

    private async Task<InstrumentView> ViewAsync(string symbol)
    {
        // The board has what this silo holds; another silo's is asked for.
        var price = prices.Find(symbol) ?? await GrainFactory.GetGrain<IInstrumentGrain>(symbol).GetPriceAsync();
        var instrument = _options.InstrumentOf(symbol, price.IsKnown ? price.AssetClass : AssetClass.Unknown);
        return new InstrumentView
        {
            Symbol = symbol,
            AssetClass = JsonNamingPolicy.SnakeCaseLower.ConvertName((instrument?.AssetClass ?? price.AssetClass).ToString()),
            TickSize = instrument?.TickSize,
            LotStep = instrument?.LotStep,
            ContractSize = instrument?.ContractSize,
            QuoteCurrency = instrument?.QuoteCurrency,
            Bid = price.IsKnown ? price.Bid : null,
            Ask = price.IsKnown ? price.Ask : null,
            PriceTime = price.IsKnown ? price.Time : null,
            IsStale = price.IsStale(_options.Limits.MaxPriceAge, clock.GetUtcNow()),
        };
    }
}
