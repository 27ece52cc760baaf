using System.Collections.Immutable;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Portfolio;

/// <summary>An account's exposure as its counters hold it.</summary>
public sealed record ExposureBook
{
    /// <summary>Nothing held.</summary>
    public static ExposureBook Empty { get; } = new();

    /// <summary>Long notional by symbol, working buys included.</summary>
    public ImmutableDictionary<string, decimal> Longs { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    /// <summary>Short notional by symbol, working sells included.</summary>
    public ImmutableDictionary<string, decimal> Shorts { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    /// <summary>All long notional.</summary>
    public decimal Long { get; init; }

    /// <summary>All short notional.</summary>
    public decimal Short { get; init; }

    /// <summary>Realised P&amp;L, commissions taken off.</summary>
    public decimal Realized { get; init; }

    /// <summary>Positions that are not over.</summary>
    public long OpenPositions { get; init; }

    /// <summary>Orders that may still trade.</summary>
    public long WorkingOrders { get; init; }

    /// <summary>Reads the counters that <see cref="Contributions"/> write.</summary>
    public static ExposureBook Of(IReadOnlyDictionary<string, long> counters)
    {
        var longs = ImmutableDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        var shorts = ImmutableDictionary.CreateBuilder<string, decimal>(StringComparer.Ordinal);
        foreach (var (field, value) in counters)
        {
            var slash = field.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || value == 0)
            {
                continue;
            }

            var symbol = field[(slash + 1)..];
            var book = field[..slash] is "long" or "buying" ? longs : shorts;
            book[symbol] = book.GetValueOrDefault(symbol) + (value / Contributions.Scale);
        }

        return new ExposureBook
        {
            Longs = longs.ToImmutable(),
            Shorts = shorts.ToImmutable(),
            Long = longs.Values.Sum(),
            Short = shorts.Values.Sum(),
            Realized = counters.GetValueOrDefault(ExposureFields.Realized) / Contributions.Scale,
            OpenPositions = counters.GetValueOrDefault(ExposureFields.Open),
            WorkingOrders = counters.GetValueOrDefault(ExposureFields.Working),
        };
    }

    /// <summary>The worst case of a symbol and of the whole, with entries that are on their way.</summary>
    public Exposure Worst(string symbol, IEnumerable<EntryRequest> inFlight)
    {
        var (symbolLong, symbolShort) = (Longs.GetValueOrDefault(symbol), Shorts.GetValueOrDefault(symbol));
        var (allLong, allShort) = (Long, Short);
        foreach (var entry in inFlight)
        {
            allLong += entry.BuyNotional;
            allShort += entry.SellNotional;
            if (entry.Signal.Symbol == symbol)
            {
                symbolLong += entry.BuyNotional;
                symbolShort += entry.SellNotional;
            }
        }

        return new Exposure(Math.Max(symbolLong, symbolShort), allLong, allShort);
    }
}
