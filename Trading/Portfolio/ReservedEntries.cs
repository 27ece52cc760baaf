using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace TradingEngine.Trading.Portfolio;

/// <summary>What an entry on its way to a commit binds. Money is the account's.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Buys">Notional bought.</param>
/// <param name="Sells">Notional sold.</param>
/// <param name="Tier">Tier of its signal.</param>
/// <param name="Group">Group of the instrument; null for none.</param>
/// <param name="Margin">Margin it binds.</param>
/// <param name="Orders">Orders it sends.</param>
/// <param name="OpensPosition">True where it opens a position.</param>
/// <param name="At">When it was reserved.</param>
public readonly record struct ReservedEntry(
    string Symbol, decimal Buys, decimal Sells, int Tier = 0, string? Group = null, decimal Margin = 0m, int Orders = 1,
    bool OpensPosition = true, DateTimeOffset At = default);

/// <summary>
/// Entries on their way to a commit, summed as they come and go: judging one entry costs the same however many others are on
/// their way. Not thread-safe.
/// </summary>
public sealed class ReservedEntries
{
    private const int MostTiers = 10;

    private readonly Dictionary<string, (ReservedEntry Entry, ImmutableArray<ReservedEntry> Further)> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (decimal Buy, decimal Sell, int Count)> _bySymbol = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (decimal Gross, int Count)> _byGroup = new(StringComparer.Ordinal);
    private readonly decimal[] _byTier = new decimal[MostTiers];

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>Notional bought.</summary>
    public decimal Buys { get; private set; }

    /// <summary>Notional sold.</summary>
    public decimal Sells { get; private set; }

    /// <summary>Margin bound.</summary>
    public decimal Margin { get; private set; }

    /// <summary>Orders.</summary>
    public int Orders { get; private set; }

    /// <summary>Positions that are opened.</summary>
    public int Opens { get; private set; }

    /// <summary>Adds an entry; one of the same id gives way.</summary>
    /// <param name="id">Names it.</param>
    /// <param name="entry">What it binds.</param>
    /// <param name="further">What it binds in the instruments of further legs, without orders and positions of their own.</param>
    public void Add(string id, ReservedEntry entry, params ImmutableArray<ReservedEntry> further)
    {
        Remove(id);
        _entries.Add(id, (entry, further));
        Sum(entry, further, 1);
    }

    /// <summary>Removes an entry; false when it is not there.</summary>
    public bool Remove(string id)
    {
        if (!_entries.Remove(id, out var removed))
        {
            return false;
        }

        Sum(removed.Entry, removed.Further, -1);
        return true;
    }

    /// <summary>True when one was reserved before <paramref name="time"/>. Looks at each.</summary>
    public bool HasOlderThan(DateTimeOffset time)
    {
        foreach (var (entry, _) in _entries.Values)
        {
            if (entry.At < time)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Notional bought and sold of a symbol.</summary>
    public (decimal Buys, decimal Sells) Of(string symbol)
    {
        var (buy, sell, _) = _bySymbol.GetValueOrDefault(symbol);
        return (buy, sell);
    }

    /// <summary>Notional of a group, both sides added.</summary>
    public decimal OfGroup(string group) => _byGroup.GetValueOrDefault(group).Gross;

    /// <summary>Notional of a tier, both sides added.</summary>
    public decimal OfTier(int tier) => _byTier[Math.Clamp(tier, 0, MostTiers - 1)];

    private void Sum(in ReservedEntry entry, ImmutableArray<ReservedEntry> further, int sign)
    {
        Sum(entry, sign);
        foreach (var leg in further)
        {
            Sum(leg, sign);
        }
    }

    private void Sum(in ReservedEntry entry, int sign)
    {
        var gross = sign * (entry.Buys + entry.Sells);
        Buys += sign * entry.Buys;
        Sells += sign * entry.Sells;
        Margin += sign * entry.Margin;
        Orders += sign * entry.Orders;
        Opens += entry.OpensPosition ? sign : 0;
        _byTier[Math.Clamp(entry.Tier, 0, MostTiers - 1)] += gross;
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySymbol, entry.Symbol, out _);
        sums = (sums.Buy + (sign * entry.Buys), sums.Sell + (sign * entry.Sells), sums.Count + sign);
        if (sums.Count == 0)
        {
            // A symbol nobody enters any more must not stay for good.
            _bySymbol.Remove(entry.Symbol);
        }

        if (entry.Group is null)
        {
            return;
        }

        ref var grouped = ref CollectionsMarshal.GetValueRefOrAddDefault(_byGroup, entry.Group, out _);
        grouped = (grouped.Gross + gross, grouped.Count + sign);
        if (grouped.Count == 0)
        {
            _byGroup.Remove(entry.Group);
        }
    }
}
