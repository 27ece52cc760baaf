using System.Runtime.InteropServices;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Portfolio;

/// <summary>
/// Entries on their way to a commit, with their notional summed as they come and go: judging one entry costs the same
/// however many others are on their way. Not thread-safe.
/// </summary>
public sealed class ReservedEntries
{
    private readonly Dictionary<string, EntryRequest> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (decimal Buy, decimal Sell, int Count)> _bySymbol = new(StringComparer.Ordinal);
    private decimal _buy;
    private decimal _sell;

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>Adds an entry; one of the same id gives way.</summary>
    public void Add(string id, EntryRequest entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Remove(id);
        _entries.Add(id, entry);
        Sum(entry, 1);
    }

    /// <summary>Removes an entry, if it is there.</summary>
    public void Remove(string id)
    {
        if (_entries.Remove(id, out var entry))
        {
            Sum(entry, -1);
        }
    }

    /// <summary>The worst case of a symbol and of the whole: what <paramref name="book"/> holds, and all entries.</summary>
    public Exposure Worst(ExposureBook book, string symbol)
    {
        ArgumentNullException.ThrowIfNull(book);
        var (buy, sell, _) = _bySymbol.GetValueOrDefault(symbol);
        return new Exposure(
            Math.Max(book.Longs.GetValueOrDefault(symbol) + buy, book.Shorts.GetValueOrDefault(symbol) + sell),
            book.Long + _buy, book.Short + _sell);
    }

    private void Sum(EntryRequest entry, int sign)
    {
        _buy += sign * entry.BuyNotional;
        _sell += sign * entry.SellNotional;
        var symbol = entry.Signal.Symbol;
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySymbol, symbol, out _);
        sums = (sums.Buy + (sign * entry.BuyNotional), sums.Sell + (sign * entry.SellNotional), sums.Count + sign);
        if (sums.Count == 0)
        {
            // A symbol nobody enters any more must not stay for good.
            _bySymbol.Remove(symbol);
        }
    }
}
