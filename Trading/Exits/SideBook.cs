namespace TradingEngine.Trading.Exits;

/// <summary>
/// The exits of one side by price. Prices of shorts carry a minus sign, so that one code serves both sides. A reached
/// exit is handed out and leaves.
/// </summary>
internal sealed class SideBook
{
    private readonly Pages<ExitSlot> _slots;
    private readonly IndexedHeap<ExitSlot, ExitSlot.ByStop> _stops;
    private readonly IndexedHeap<ExitSlot, ExitSlot.ByTarget> _targets;
    private readonly IndexedHeap<ExitSlot, ExitSlot.ByTrigger> _triggers;
    private readonly TrailingGroups _distances;
    private readonly TrailingGroups _percents;

    public SideBook(Pages<ExitSlot> slots)
    {
        _slots = slots;
        _stops = new(slots);
        _targets = new(slots);
        _triggers = new(slots);
        _distances = new(slots, isPercent: false);
        _percents = new(slots, isPercent: true);
    }

    /// <summary>Best prices since the openings of armed positions.</summary>
    public ExtremeHistory History { get; } = new();

    /// <summary>Adds a slot whose levels are set.</summary>
    public void Add(int slot)
    {
        ref var added = ref _slots[slot];
        var plan = added.Plan;
        if (plan.TakeProfit is not null)
        {
            _targets.Add(slot);
        }

        var extreme = added.AverageOpen;
        if (plan.NeedsExtreme)
        {
            History.Use(added.OpenedTicks);
            extreme = Math.Max(extreme, History.Since(added.OpenedTicks) ?? extreme);
        }

        if (plan.StopLoss is not null)
        {
            _stops.Add(slot);
        }

        if (plan.BreakEven is not null && extreme >= added.Trigger)
        {
            BreakEven(slot);
        }
        else if (plan.BreakEven is not null)
        {
            _triggers.Add(slot);
        }

        if (plan.Trailing is { Unit: not TrailingUnit.AverageTrueRange } trailing)
        {
            Trail(slot, trailing.Distance);
        }
    }

    /// <summary>Begins to trail at a distance in the plan's unit; an average true range's is given in price.</summary>
    public void Trail(int slot, decimal distance)
    {
        ref var trailed = ref _slots[slot];
        trailed.Distance = distance;
        var extreme = Math.Max(trailed.AverageOpen, History.Since(trailed.OpenedTicks) ?? trailed.AverageOpen);
        (IsPercent(trailed) ? _percents : _distances).Add(slot, extreme);
    }

    /// <summary>Takes a slot out.</summary>
    public void Remove(int slot)
    {
        ref var removed = ref _slots[slot];
        _stops.Remove(slot);
        _targets.Remove(slot);
        _triggers.Remove(slot);
        (IsPercent(removed) ? _percents : _distances).Remove(slot);
        if (removed.Plan.NeedsExtreme)
        {
            History.Release(removed.OpenedTicks);
        }
    }

    /// <summary>A price that trades: what it reaches leaves at it.</summary>
    public void Quote(long ticks, decimal price, Action<int, string, decimal> leave)
    {
        TakeStops(price, price, leave);
        TakeTargets(price, price, leave);
        Advance(ticks, price);
    }

    /// <summary>
    /// A bar as the path open, worst, best, close: of two orders of the extremes it is the one that costs more. Levels
    /// beyond the open trade at the open, all others at themselves.
    /// </summary>
    public void Bar(long ticks, decimal open, decimal worst, decimal best, decimal close, Action<int, string, decimal> leave)
    {
        Quote(ticks, open, leave);
        TakeStops(worst, null, leave);
        TakeTargets(best, null, leave);
        Advance(ticks, best);

        // The close comes after the best price: a stop that followed it and lies above the close was reached in between.
        TakeStops(close, null, leave);
    }

    private static bool IsPercent(in ExitSlot slot) => slot.Plan.Trailing?.Unit == TrailingUnit.Percent;

    private void TakeStops(decimal price, decimal? at, Action<int, string, decimal> leave)
    {
        while (true)
        {
            var slot = ExitSlot.None;
            var level = decimal.MinValue;
            if (_stops.Count > 0)
            {
                (slot, level) = (_stops.First, _slots[_stops.First].Stop);
            }

            var isTrailing = IsNearer(_distances, ref slot, ref level);
            isTrailing |= IsNearer(_percents, ref slot, ref level);
            if (slot == ExitSlot.None || level < price)
            {
                return;
            }

            var reason = isTrailing ? ExitReasons.TrailingStop
                : _slots[slot].HasMoved ? ExitReasons.BreakEven
                : ExitReasons.StopLoss;
            leave(slot, reason, at ?? level);
        }
    }

    private static bool IsNearer(TrailingGroups groups, ref int slot, ref decimal level)
    {
        if (groups.First == ExitSlot.None || (slot != ExitSlot.None && groups.FirstStop <= level))
        {
            return false;
        }

        (slot, level) = (groups.First, groups.FirstStop);
        return true;
    }

    private void TakeTargets(decimal price, decimal? at, Action<int, string, decimal> leave)
    {
        while (_targets.Count > 0 && _slots[_targets.First].Target <= price)
        {
            leave(_targets.First, ExitReasons.TakeProfit, at ?? _slots[_targets.First].Target);
        }
    }

    private void Advance(long ticks, decimal price)
    {
        History.Add(ticks, price);
        _distances.Raise(price);
        _percents.Raise(price);
        while (_triggers.Count > 0 && _slots[_triggers.First].Trigger <= price)
        {
            var slot = _triggers.First;
            _triggers.Remove(slot);
            BreakEven(slot);
        }
    }

    private void BreakEven(int slot)
    {
        ref var moved = ref _slots[slot];
        var stop = moved.AverageOpen + moved.Plan.BreakEven!.Offset;
        if (moved.StopPlace == 0)
        {
            (moved.Stop, moved.HasMoved) = (stop, true);
            _stops.Add(slot);
        }
        else if (stop > moved.Stop)
        {
            (moved.Stop, moved.HasMoved) = (stop, true);
            _stops.Update(slot);
        }
    }
}
