using System.Collections.Immutable;
using TradingEngine.Trading.Exits.Rules;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Exits;

/// <summary>
/// The exits of all open positions of one symbol, so ordered that a price costs O(log n + exits reached), and O(1) when it
/// reaches nothing. A reached exit leaves the book; the position comes back into it if its close was refused. What an
/// armed position has seen since its opening is part of the book: see <see cref="Save"/>. Not thread-safe.
/// </summary>
public sealed class ExitBook
{
    /// <summary>Bars of the average true range that trailing stops may be counted in.</summary>
    public const int RangePeriod = 14;

    /// <summary>Length of the bars that rules look at.</summary>
    public static readonly TimeSpan BarInterval = ExitWatches.BarInterval;

    private readonly Pages<ExitSlot> _slots = new();
    private readonly SlotIndex _index;
    private readonly SideBook _longs;
    private readonly SideBook _shorts;
    private readonly IndexedHeap<ExitSlot, ExitSlot.ByDue> _due;
    private readonly ExitWatches _watches;
    private readonly AverageTrueRange _range = new(RangePeriod);
    private readonly Dictionary<string, decimal> _ranges = new(StringComparer.Ordinal);
    private readonly HashSet<int> _withoutRange = [];
    private readonly Action<int, string, decimal> _leave;
    private List<TriggeredExit>? _reached;
    private decimal _bid;
    private decimal _ask;
    private int _seeing;

    /// <summary>An empty book.</summary>
    /// <param name="registry">Rules that positions may name; the process's own by default.</param>
    public ExitBook(ExitRegistry? registry = null)
    {
        _index = new(_slots);
        _longs = new(_slots);
        _shorts = new(_slots);
        _due = new(_slots);
        _watches = new(_slots, registry ?? ExitRegistry.Default);
        _leave = Leave;
    }

    /// <summary>Positions with at least one exit armed.</summary>
    public int Count => _index.Count;

    /// <summary>Groups of positions that share a watch of bars.</summary>
    public int WatchCount => _watches.Count;

    /// <summary>Ids of the positions with at least one exit armed.</summary>
    public IReadOnlyCollection<string> ArmedIds => [.. _index.Slots.Select(slot => _slots[slot].Id)];

    /// <summary>True while an armed position depends on what was seen since it opened.</summary>
    public bool HasMemory => _seeing > 0;

    /// <summary>True when the position's exits are armed.</summary>
    public bool IsArmed(string positionId) => _index.Find(positionId) != ExitSlot.None;

    /// <summary>Arms a position's exits, in place of those it had.</summary>
    public void Arm(ArmedExit exit)
    {
        Remove(exit.PositionId);
        var plan = exit.Plan;
        if (plan.IsEmpty)
        {
            return;
        }

        var sign = exit.Side == Side.Buy ? 1m : -1m;
        var slot = _slots.Add(new ExitSlot
        {
            Id = exit.PositionId,
            Plan = plan,
            Side = exit.Side,
            Stop = sign * plan.StopLoss.GetValueOrDefault(),
            Target = sign * plan.TakeProfit.GetValueOrDefault(),
            AverageOpen = sign * exit.AverageOpen,
            OpenedTicks = exit.OpenedAt.UtcTicks,
            Child = ExitSlot.None,
            Next = ExitSlot.None,
            Previous = ExitSlot.None,
        });
        _index.Add(slot);
        _seeing += plan.NeedsExtreme ? 1 : 0;
        SideOf(exit.Side).Add(slot);
        if (plan.Trailing is { Unit: TrailingUnit.AverageTrueRange } && !TrailByRange(slot))
        {
            _withoutRange.Add(slot);
        }

        var told = _watches.Add(slot);
        Schedule(slot, exit, told);
    }

    /// <summary>Takes a position out of the book for good.</summary>
    public void Disarm(string positionId)
    {
        Remove(positionId);
        _ranges.Remove(positionId);
    }

    /// <summary>
    /// Removes and returns the exits a price reaches: longs before shorts; of each, stops before targets, the nearest
    /// level first and equal ones by id. A bar is read as open, worst, best and last price, in this order.
    /// </summary>
    /// <param name="update">The price.</param>
    /// <param name="now">When it came in, by the clock that openings are told in; does not go back.</param>
    public IReadOnlyList<TriggeredExit> Reach(MarketUpdate update, DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        (_bid, _ask) = (update.Bid, update.Ask);
        if (update.Bar is { } bar)
        {
            _longs.Bar(ticks, bar.Open, bar.Low, bar.High, bar.Close, _leave);
            _shorts.Bar(ticks, -bar.Open, -bar.High, -bar.Low, -bar.Close, _leave);
        }
        else
        {
            _longs.Quote(ticks, update.Bid, _leave);
            _shorts.Quote(ticks, -update.Ask, _leave);
        }

        return TakeReached();
    }

    /// <summary>Takes a finished bar of one minute or more; removes and returns what rules leave for it, at the last price.</summary>
    public IReadOnlyList<TriggeredExit> Judge(MarketUpdate bar)
    {
        if (_bid == 0m)
        {
            (_bid, _ask) = (bar.Bid, bar.Ask);
        }

        Measure(bar);
        foreach (var (slot, reason) in _watches.Judge(bar))
        {
            LeaveAtLast(slot, reason);
        }

        return TakeReached();
    }

    /// <summary>Removes and returns what is to be left by now, at the last price; nothing while no price is known.</summary>
    public IReadOnlyList<TriggeredExit> Due(DateTimeOffset now)
    {
        while (_bid > 0m && _due.Count > 0 && _slots[_due.First].DueTicks <= now.UtcTicks)
        {
            LeaveAtLast(_due.First, _slots[_due.First].DueReason!);
        }

        return TakeReached();
    }

    /// <summary>Takes a bar of the past, which warms rules and ranges and leaves nothing.</summary>
    public void Warm(MarketUpdate bar)
    {
        Measure(bar);
        _watches.Warm(bar);
    }

    /// <summary>What armed positions have seen since they opened.</summary>
    public ExitMemory Save() => new()
    {
        Highs = [.. _longs.History.Save()],
        Lows = [.. _shorts.History.Save()],
        Ranges = _ranges.ToImmutableDictionary(StringComparer.Ordinal),
    };

    /// <summary>End of the latest bar; null before the first.</summary>
    public DateTimeOffset? LastBar => _watches.LastBar;

    /// <summary>The latest bars, oldest first.</summary>
    public IReadOnlyCollection<MarketUpdate> SaveBars() => _watches.Bars;

    /// <summary>Takes what was saved, before anything is armed.</summary>
    public void Load(ExitMemory? memory, IEnumerable<MarketUpdate> bars)
    {
        foreach (var bar in bars)
        {
            Warm(bar);
        }

        if (memory is null)
        {
            return;
        }

        _longs.History.Load(memory.Highs);
        _shorts.History.Load(memory.Lows);
        foreach (var (id, range) in memory.Ranges)
        {
            _ranges[id] = range;
        }
    }

    private SideBook SideOf(Side side) => side == Side.Buy ? _longs : _shorts;

    private void Schedule(int slot, ArmedExit exit, string? told)
    {
        ref var scheduled = ref _slots[slot];
        var timeStop = exit.Plan.TimeStop is { } longest ? exit.OpenedAt + longest : (DateTimeOffset?)null;
        var session = exit.Plan.EndOfSession == true ? exit.SessionEnd : null;
        (scheduled.DueTicks, scheduled.DueReason) = told is not null ? (long.MinValue, told)
            : timeStop <= (session ?? DateTimeOffset.MaxValue) ? (timeStop.Value.UtcTicks, ExitReasons.TimeStop)
            : session is { } end ? (end.UtcTicks, ExitReasons.EndOfSession)
            : (0L, null);
        if (scheduled.DueReason is not null)
        {
            _due.Add(slot);
        }
    }

    private void Measure(MarketUpdate bar)
    {
        _range.Update(bar.Bar!);
        if (_withoutRange.Count > 0)
        {
            _withoutRange.RemoveWhere(TrailByRange);
        }
    }

    /// <summary>Trails by the range of the opening; false while none is known.</summary>
    private bool TrailByRange(int slot)
    {
        ref var trailed = ref _slots[slot];
        if (!_ranges.TryGetValue(trailed.Id, out var range))
        {
            if (_range.Value is not > 0d)
            {
                return false;
            }

            range = (decimal)_range.Value.Value;
            _ranges[trailed.Id] = range;
        }

        SideOf(trailed.Side).Trail(slot, range * trailed.Plan.Trailing!.Distance);
        return true;
    }

    private void LeaveAtLast(int slot, string reason) =>
        Leave(slot, reason, _slots[slot].Side == Side.Buy ? _bid : -_ask);

    /// <summary>Hands out an exit, its price signed as in the side's book, and takes it out.</summary>
    private void Leave(int slot, string reason, decimal price)
    {
        ref var left = ref _slots[slot];
        (_reached ??= []).Add(new TriggeredExit(left.Id, reason, left.Side == Side.Buy ? price : -price));
        Remove(slot);
    }

    private IReadOnlyList<TriggeredExit> TakeReached()
    {
        var reached = _reached;
        _reached = null;
        return reached ?? (IReadOnlyList<TriggeredExit>)[];
    }

    private void Remove(string positionId)
    {
        if (_index.Find(positionId) is var slot && slot != ExitSlot.None)
        {
            Remove(slot);
        }
    }

    private void Remove(int slot)
    {
        var plan = _slots[slot].Plan;
        SideOf(_slots[slot].Side).Remove(slot);
        _due.Remove(slot);
        _watches.Remove(slot);
        _withoutRange.Remove(slot);
        _seeing -= plan.NeedsExtreme ? 1 : 0;
        _index.Remove(slot);
        _slots.Free(slot);
    }
}
