using System.Collections.Concurrent;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Hosting;

/// <summary>
/// The last price of each symbol whose instrument lives in this silo: written by the instrument, read by its neighbours
/// without a hop. Thread-safe.
/// </summary>
public sealed class PriceBoard
{
    private readonly ConcurrentDictionary<string, PriceView> _prices = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CurrencyRates _rates = new();

    /// <summary>Symbols with a price, in no order.</summary>
    public IEnumerable<string> Symbols => _prices.Keys;

    /// <summary>The last price; null when this silo knows none.</summary>
    public PriceView? Find(string symbol) => _prices.GetValueOrDefault(symbol);

    /// <summary>Sets the last price; that of a pair of currencies is a rate as well.</summary>
    public void Set(string symbol, PriceView price, Instrument? instrument)
    {
        _prices[symbol] = price;
        if (price.IsKnown && instrument is { IsInverse: false }
            && instrument.AssetClass is AssetClass.Forex or AssetClass.Crypto or AssetClass.CryptoCross)
        {
            lock (_lock)
            {
                _rates.Set(instrument.BaseCurrency, instrument.QuoteCurrency, price.Mid, price.Time, price.FeedInterval);
            }
        }
    }

    /// <summary>The rate between two currencies by the prices of this silo and those it asked for.</summary>
    public CurrencyRate RateOf(string? from, string to, TimeSpan maxAge, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _rates.Find(from, to, maxAge, now);
        }
    }

    /// <summary>Takes a rate that an instrument of another silo knows.</summary>
    public void SetRate(Instrument instrument, PriceView price)
    {
        lock (_lock)
        {
            _rates.Set(instrument.BaseCurrency, instrument.QuoteCurrency, price.Mid, price.Time, price.FeedInterval);
        }
    }

    /// <summary>Forgets a symbol whose instrument went elsewhere.</summary>
    public void Remove(string symbol) => _prices.TryRemove(symbol, out _);
}
