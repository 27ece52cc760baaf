using TradingEngine.Api.Contracts;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Trading.Health;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Api.Endpoints;

/// <summary>What both endpoints and events show.</summary>
internal static class Reads
{
    public static async Task<StatusEntry> StatusAsync(Engine engine)
    {
        var status = await engine.Grain.GetStatusAsync();
        var health = await engine.Grain.GetStoreHealthAsync();
        var now = engine.Clock.GetUtcNow();
        var newest = (await PricesAsync(engine)).Select(price => (DateTimeOffset?)price.At).Max();
        return StatusEntry.Of(status, health, newest is null ? null : now > newest ? now - newest : TimeSpan.Zero, now);
    }

    public static async Task<TiersEntry> TiersAsync(Engine engine) => new(
        [.. (await engine.Grain.GetStatusAsync()).Tiers.Select(TierEntry.Of)],
        [.. Enum.GetValues<Hop>().Select(hop => new HopEntry(Words.Of(hop), PercentilesEntry.Of(engine.Hops.Read(hop))))]);

    public static async Task<IReadOnlyList<AccountSummary>> AccountsAsync(Engine engine) => (await engine.Grain.GetStatusAsync()).Accounts;

    /// <summary>Newest prices of all symbols that have one, in order.</summary>
    public static async Task<IReadOnlyList<PriceEntry>> PricesAsync(Engine engine)
    {
        var prices = await Task.WhenAll((await engine.SymbolsAsync()).Select(async symbol =>
            (Symbol: symbol, Price: await PriceAsync(engine, symbol))));
        return [.. prices.Where(found => found.Price.IsKnown)
            .Select(found => new PriceEntry(found.Symbol, found.Price.Bid, found.Price.Ask, found.Price.Mid, found.Price.Time))];
    }

    /// <summary>Instruments with their newest prices.</summary>
    public static async Task<IReadOnlyList<InstrumentEntry>> InstrumentsAsync(Engine engine)
    {
        var now = engine.Clock.GetUtcNow();
        return await Task.WhenAll((await engine.SymbolsAsync()).Select(async symbol =>
        {
            var price = await PriceAsync(engine, symbol);
            var instrument = engine.Options.InstrumentOf(symbol, price.IsKnown ? price.AssetClass : AssetClass.Unknown);
            return InstrumentEntry.Of(symbol, price, instrument, engine.Options.Limits.MaxPriceAge, now);
        }));
    }

    public static async Task<Page<AgentEntry>> AgentsAsync(Engine engine) => new(
        [.. (await new AgentBoard(engine.Store).ReadAsync(engine.Clock.GetUtcNow())).Select(agent => new AgentEntry(
            agent.Name, AgentHealth.NameOf(agent.Condition), agent.Lag?.TotalMilliseconds, agent.Version,
            agent.Condition is AgentCondition.Fresh or AgentCondition.Late))]);

    // The board has what this silo holds; another silo's is asked for.
    private static async Task<PriceView> PriceAsync(Engine engine, string symbol) =>
        engine.Prices.Find(symbol) ?? await engine.Grains.GetGrain<IInstrumentGrain>(symbol).GetPriceAsync();
}
