using TradingEngine.Agents.Hosting;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Simulation;

namespace TradingEngine.Agents.Strategies;

/// <summary>The demonstration's strategies over all symbols they meet.</summary>
internal sealed class DemoTrader(AgentOptions options, TimeSpan barInterval)
{
    private readonly Dictionary<string, DemoStrategies?> _bySymbol = new(StringComparer.Ordinal);

    /// <summary>Signals that a price gives; none for a symbol that is not known.</summary>
    public IReadOnlyList<DemoSignal> OnMarket(MarketUpdate update)
    {
        if (!_bySymbol.TryGetValue(update.Symbol, out var strategies))
        {
            strategies = InstrumentCatalog.Default.TryFind(update.Symbol, out var instrument)
                ? new DemoStrategies(instrument, new DemoOptions
                {
                    Seed = (ulong)options.Seed,
                    BarInterval = barInterval,
                    Equity = options.Equity,
                })
                : null;
            _bySymbol[update.Symbol] = strategies;
        }

        return strategies is null ? [] : strategies.OnMarket(update);
    }
}
