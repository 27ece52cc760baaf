using System.Collections.Concurrent;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Hosting;

/// <summary>
/// The last price of each symbol whose instrument lives in this silo: written by the instrument, read by its neighbours
/// without a hop. Thread-safe.
/// </summary>
public sealed class PriceBoard
{
    private readonly ConcurrentDictionary<string, PriceView> _prices = new(StringComparer.Ordinal);

    /// <summary>The last price; null when this silo knows none.</summary>
    public PriceView? Find(string symbol) => _prices.GetValueOrDefault(symbol);

    /// <summary>Sets the last price.</summary>
    public void Set(string symbol, PriceView price) => _prices[symbol] = price;

    /// <summary>Forgets a symbol whose instrument went elsewhere.</summary>
    public void Remove(string symbol) => _prices.TryRemove(symbol, out _);
}
