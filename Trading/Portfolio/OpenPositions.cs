using System.Collections.Immutable;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Portfolio;

/// <summary>
/// The positions of one symbol that are not over, so kept that watching all of them costs nothing a position: counts and
/// sums change with the positions. Changes may come late or twice; an older one never replaces a newer. Not thread-safe.
/// </summary>
public sealed class OpenPositions
{
    /// <summary>How long a change of a position that is over may still arrive late.</summary>
    public static readonly TimeSpan LatestChange = TimeSpan.FromMinutes(1);

    private static readonly Comparer<PositionIndexEntry> ByAge = Comparer<PositionIndexEntry>.Create((a, b) =>
        a.CreatedAt.CompareTo(b.CreatedAt) is not 0 and var order ? order : string.CompareOrdinal(a.Id, b.Id));

    private readonly Dictionary<string, PositionIndexEntry> _entries = new(StringComparer.Ordinal);
    private readonly SortedSet<PositionIndexEntry> _byAge = new(ByAge);
    private readonly SymbolMarks _marks = new();
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _over = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, DateTimeOffset At)> _overSince = new();
    private int _longs;
    private int _shorts;
    private int _inDoubt;

    /// <summary>Positions that are not over.</summary>
    public int Count => _entries.Count;

    /// <summary>Ids, in no order.</summary>
    public IReadOnlyCollection<string> Ids => _entries.Keys;

    /// <summary>All, oldest first.</summary>
    public IEnumerable<PositionIndexEntry> ByOldest => _byAge;

    /// <summary>The position; null when it is over or was never told of.</summary>
    public PositionIndexEntry? Find(string id) => _entries.GetValueOrDefault(id);

    /// <summary>Takes a position's change; false when it, or a later one, is known already.</summary>
    /// <param name="entry">The position.</param>
    /// <param name="isCurrent">True where the store says so now: one that was over is not any more, as after a late fill.</param>
    public bool Set(PositionIndexEntry entry, bool isCurrent = false)
    {
        var known = Find(entry.Id);
        if (isCurrent)
        {
            _over.Remove(entry.Id);
        }

        if (_over.ContainsKey(entry.Id) || entry.Version <= known?.Version)
        {
            return false;
        }

        if (known is not null)
        {
            CountIn(known, -1);
        }

        // As read, every entry would hold its own copy of a handful of names.
        entry = entry with { Account = NameOf(entry.Account), Strategy = NameOf(entry.Strategy), Symbol = NameOf(entry.Symbol) };
        _entries[entry.Id] = entry;
        CountIn(entry, 1);
        return true;
    }

    /// <summary>Takes a position out that is over; false when it was not in. Only the store brings its id back.</summary>
    /// <param name="id">Position.</param>
    /// <param name="now">The time, for how long to remember that it is over.</param>
    public bool Remove(string id, DateTimeOffset now)
    {
        while (_overSince.TryPeek(out var oldest) && now - oldest.At > LatestChange)
        {
            _overSince.Dequeue();
            if (_over.TryGetValue(oldest.Id, out var at) && at == oldest.At)
            {
                _over.Remove(oldest.Id);
            }
        }

        if (_over.TryAdd(id, now))
        {
            _overSince.Enqueue((id, now));
        }

        if (!_entries.Remove(id, out var known))
        {
            return false;
        }

        CountIn(known, -1);
        return true;
    }

    /// <summary>What there is to watch, at a price.</summary>
    /// <param name="price">The last price.</param>
    /// <param name="maxPriceAge">Age over which a price is stale, if the feed's interval allows no more.</param>
    /// <param name="now">The time.</param>
    public SymbolReport Report(PriceView price, TimeSpan maxPriceAge, DateTimeOffset now) => new()
    {
        Positions = Count,
        Longs = _longs,
        Shorts = _shorts,
        InDoubt = _inDoubt,
        OldestSince = _byAge.Min?.CreatedAt,
        PriceTime = price.IsKnown ? price.Time : null,
        IsPriceStale = price.IsStale(maxPriceAge, now),
        Marks = price.IsKnown ? _marks.At(price.Bid, price.Ask) : [],
        Nets = _marks.Nets(),
    };

    private void CountIn(PositionIndexEntry entry, int sign)
    {
        _longs += entry.Quantity > 0m ? sign : 0;
        _shorts += entry.Quantity < 0m ? sign : 0;
        _inDoubt += entry.UnknownOrders > 0 ? sign : 0;
        if (sign > 0)
        {
            _byAge.Add(entry);
            _marks.Add(entry);
        }
        else
        {
            _byAge.Remove(entry);
            _marks.Remove(entry);
        }
    }

    private string NameOf(string name)
    {
        if (_names.TryGetValue(name, out var known))
        {
            return known;
        }

        _names.Add(name, name);
        return name;
    }
}

/// <summary>What one symbol's open positions are like, all together.</summary>
public sealed record SymbolReport
{
    /// <summary>Positions that are not over.</summary>
    public int Positions { get; init; }

    /// <summary>Those that hold a long quantity.</summary>
    public int Longs { get; init; }

    /// <summary>Those that hold a short quantity.</summary>
    public int Shorts { get; init; }

    /// <summary>Those with exits armed.</summary>
    public int Armed { get; init; }

    /// <summary>Those for which a time has passed that was to change something: an answer, an expiry, a time stop.</summary>
    public int Overdue { get; init; }

    /// <summary>Those with an order whose outcome is unknown.</summary>
    public int InDoubt { get; init; }

    /// <summary>When the oldest was created; null when there is none.</summary>
    public DateTimeOffset? OldestSince { get; init; }

    /// <summary>Time of the last price; null when none is known.</summary>
    public DateTimeOffset? PriceTime { get; init; }

    /// <summary>True when the last price is too old to enter at, or none is known.</summary>
    public bool IsPriceStale { get; init; }

    /// <summary>What is held, in lots, by account.</summary>
    public ImmutableArray<AccountNet> Nets { get; init; } = [];

    /// <summary>What is held, by account and currency; empty while no price is known.</summary>
    public ImmutableArray<AccountMark> Marks { get; init; } = [];
}
