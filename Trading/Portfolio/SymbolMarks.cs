using System.Collections.Immutable;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Portfolio;

/// <summary>
/// What all positions of one symbol are worth together. Profit and exposure are linear in the price (of inverse contracts
/// in its reciprocal), so sums kept at each change of a position value any number of them at any price at once: a price
/// costs O(accounts), not O(positions). Not thread-safe.
/// </summary>
public sealed class SymbolMarks
{
    // A sum takes back exactly what it was given, so it does not drift; beyond this digit an entry would not fit beside a large sum.
    private const int SumDecimals = 12;

    private readonly Dictionary<Key, Sums> _sums = [];

    /// <summary>Counts a position in.</summary>
    public void Add(PositionIndexEntry entry) => Change(entry, 1);

    /// <summary>Takes out a position as it was counted in.</summary>
    public void Remove(PositionIndexEntry entry) => Change(entry, -1);

    /// <summary>What is held, valued where it could be left: longs at the bid, shorts at the ask.</summary>
    /// <param name="bid">Bid, positive.</param>
    /// <param name="ask">Ask, positive.</param>
    /// <returns>One mark for each account and settlement currency, in their order.</returns>
    public ImmutableArray<AccountMark> At(decimal bid, decimal ask)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bid);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ask);
        var marks = new SortedDictionary<(string, string), AccountMark>();
        foreach (var (key, sums) in _sums)
        {
            var name = (key.Account, key.Currency ?? "");
            var mark = marks.GetValueOrDefault(name) ?? new AccountMark(key.Account, key.Currency, 0m, 0m, 0m);
            var price = key.IsLong ? bid : ask;
            var profit = key.IsInverse ? sums.Cost - (sums.Units / price) : (sums.Units * price) - sums.Cost;
            var exposure = Math.Abs(key.IsInverse ? sums.Units / price : sums.Units * price);
            marks[name] = mark with
            {
                Unrealized = mark.Unrealized + profit,
                Long = mark.Long + (key.IsLong ? exposure : 0m),
                Short = mark.Short + (key.IsLong ? 0m : exposure),
            };
        }

        return [.. marks.Values];
    }

    private void Change(PositionIndexEntry entry, int sign)
    {
        if (entry.Quantity == 0m)
        {
            return;
        }

        var key = new Key(entry.Account, entry.SettlementCurrency, entry.Quantity > 0m, entry.IsInverse);
        var units = entry.Quantity * entry.ContractSize;
        var cost = Math.Round(entry.IsInverse ? units / entry.AverageOpen : units * entry.AverageOpen, SumDecimals);
        var sums = _sums.GetValueOrDefault(key);
        sums = new Sums(sums.Units + (sign * units), sums.Cost + (sign * cost), sums.Count + sign);
        if (sums.Count == 0)
        {
            _sums.Remove(key);
        }
        else
        {
            _sums[key] = sums;
        }
    }

    private readonly record struct Key(string Account, string? Currency, bool IsLong, bool IsInverse);

    /// <param name="Units">Σ lots · contract size, signed.</param>
    /// <param name="Cost">Σ units · average open; of inverse contracts Σ units / average open.</param>
    /// <param name="Count">Positions in it.</param>
    private readonly record struct Sums(decimal Units, decimal Cost, int Count);
}

/// <summary>What an account holds of a symbol, at a price. Money is in the settlement currency and not rounded.</summary>
/// <param name="Account">Account.</param>
/// <param name="Currency">Settlement currency; null where the instrument's is not known.</param>
/// <param name="Unrealized">Profit (positive) or loss if all were left at this price, before commissions.</param>
/// <param name="Long">Value of what is held long, not negative.</param>
/// <param name="Short">Value of what is held short, not negative.</param>
public sealed record AccountMark(string Account, string? Currency, decimal Unrealized, decimal Long, decimal Short);
