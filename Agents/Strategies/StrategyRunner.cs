using System.Collections.Immutable;
using TradingEngine.Agents.Hosting;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Agents.Strategies;

/// <summary>
/// Runs every registered strategy over every known symbol it meets, in the order of registration. A strategy that throws
/// is not asked again for that symbol; its neighbours go on.
/// </summary>
/// <param name="options">Registered strategies, seed and equity.</param>
/// <param name="barInterval">Length of the bars they look at.</param>
/// <param name="onFailed">Told once of strategy, symbol and what it threw.</param>
internal sealed class StrategyRunner(AgentOptions options, TimeSpan barInterval, Action<string, string, Exception> onFailed)
{
    private readonly Dictionary<string, List<(string Name, IStrategy Strategy)>> _bySymbol = new(StringComparer.Ordinal);

    /// <summary>Signals that a price gives; none for a symbol that is not known.</summary>
    public IReadOnlyList<StrategySignal> OnMarket(MarketUpdate update)
    {
        if (!_bySymbol.TryGetValue(update.Symbol, out var strategies))
        {
            strategies = CreateFor(update.Symbol);
            _bySymbol[update.Symbol] = strategies;
        }

        var signals = ImmutableArray.CreateBuilder<StrategySignal>();
        strategies.RemoveAll(one => !TryRun(one.Name, update.Symbol, () =>
        {
            var given = one.Strategy.OnMarket(update);
            foreach (var signal in given)
            {
                Check(signal, one.Name, update.Symbol);
            }

            signals.AddRange(given);
        }));
        return signals.DrainToImmutable();
    }

    private List<(string Name, IStrategy Strategy)> CreateFor(string symbol)
    {
        var strategies = new List<(string, IStrategy)>();
        if (InstrumentCatalog.Default.TryFind(symbol, out var instrument))
        {
            var context = new StrategyContext
            {
                Instrument = instrument,
                Seed = (ulong)options.Seed,
                BarInterval = barInterval,
                Equity = options.Equity,
            };
            foreach (var entry in options.Strategies.Entries)
            {
                TryRun(entry.Name, symbol, () => strategies.Add((entry.Name, entry.Create(context))));
            }
        }

        return strategies;
    }

    private bool TryRun(string strategy, string symbol, Action run)
    {
        try
        {
            run();
            return true;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Code of others may throw anything, and the other strategies must not suffer.
            onFailed(strategy, symbol, exception);
            return false;
        }
    }

    /// <summary>What a strategy says of another's name or symbol would be booked there.</summary>
    private static void Check(StrategySignal signal, string strategy, string symbol)
    {
        if (signal.Strategy != strategy || signal.Symbol != symbol)
        {
            throw new InvalidOperationException(
                $"It gave a signal of strategy '{signal.Strategy}' on '{signal.Symbol}', which it is not.");
        }

        if (signal.Action is not (SignalAction.Buy or SignalAction.Sell or SignalAction.Close))
        {
            throw new InvalidOperationException($"It gave a signal to {signal.Action}; a strategy buys, sells or closes.");
        }
    }
}
