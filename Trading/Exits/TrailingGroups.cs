namespace TradingEngine.Trading.Exits;

/// <summary>
/// The trailing stops of one side and unit. Positions with the same best price form a group, a pairing heap by distance,
/// whose nearest stop is that of its least distance. A new best price takes all groups it beats and melds them into one,
/// each in O(1): a group ends once, so a price costs O(log n) amortised, and O(1) while it is no new best.
/// </summary>
internal sealed class TrailingGroups
{
    private readonly Pages<ExitSlot> _slots;
    private readonly bool _isPercent;
    private readonly Pages<Group> _groups = new();
    private readonly IndexedHeap<Group, Group.ByExtreme> _extremes;
    private readonly IndexedHeap<Group, Group.ByNearest> _nearest;
    private int _latest = ExitSlot.None;

    public TrailingGroups(Pages<ExitSlot> slots, bool isPercent)
    {
        (_slots, _isPercent) = (slots, isPercent);
        _extremes = new(_groups);
        _nearest = new(_groups);
    }

    /// <summary>Slot whose stop a falling price reaches first, or <see cref="ExitSlot.None"/>.</summary>
    public int First => _nearest.Count == 0 ? ExitSlot.None : _groups[_nearest.First].Root;

    /// <summary>Its stop; only when there is one.</summary>
    public decimal FirstStop => _groups[_nearest.First].Stop;

    /// <summary>Adds a slot, its distance set, that has seen this best price.</summary>
    public void Add(int slot, decimal extreme)
    {
        _slots[slot].IsTrailing = true;
        if (_latest != ExitSlot.None && _groups[_latest].Extreme == extreme && _groups[_latest].IsUsed)
        {
            SetRoot(_latest, Meld(_groups[_latest].Root, slot));
            return;
        }

        Open(slot, extreme);
    }

    /// <summary>Takes a slot out; nothing happens when it is not in.</summary>
    public void Remove(int slot)
    {
        ref var removed = ref _slots[slot];
        if (!removed.IsTrailing)
        {
            return;
        }

        removed.IsTrailing = false;
        var heirs = MeldAll(removed.Child);
        if (removed.Previous == ExitSlot.None)
        {
            if (heirs == ExitSlot.None)
            {
                Close(removed.Group);
            }
            else
            {
                SetRoot(removed.Group, heirs);
            }
        }
        else
        {
            Replace(slot, heirs);
        }

        (removed.Child, removed.Next, removed.Previous) = (ExitSlot.None, ExitSlot.None, ExitSlot.None);
    }

    /// <summary>Moves the stops of all groups that this price beats.</summary>
    public void Raise(decimal price)
    {
        if (_extremes.Count == 0 || _groups[_extremes.First].Extreme >= price)
        {
            return;
        }

        var root = ExitSlot.None;
        while (_extremes.Count > 0 && _groups[_extremes.First].Extreme < price)
        {
            var beaten = _extremes.First;
            root = Meld(root, _groups[beaten].Root);
            Close(beaten);
        }

        Open(root, price);
    }

    private void Open(int root, decimal extreme)
    {
        var group = _groups.Add(new Group { Extreme = extreme, IsUsed = true });
        _latest = group;
        Link(group, root);
        _extremes.Add(group);
        _nearest.Add(group);
    }

    private void Close(int group)
    {
        _extremes.Remove(group);
        _nearest.Remove(group);
        _groups.Free(group);
    }

    private void SetRoot(int group, int root)
    {
        Link(group, root);
        _nearest.Update(group);
    }

    private void Link(int group, int root)
    {
        _slots[root].Group = group;
        ref var linked = ref _groups[group];
        linked.Root = root;
        linked.Id = _slots[root].Id;
        var distance = _slots[root].Distance;
        linked.Stop = linked.Extreme - (_isPercent ? Math.Abs(linked.Extreme) * distance / 100m : distance);
    }

    /// <summary>Puts another subtree, or nothing, in the place of a slot that is not the first of its group.</summary>
    private void Replace(int slot, int heirs)
    {
        var (previous, next) = (_slots[slot].Previous, _slots[slot].Next);
        var follower = next;
        if (heirs != ExitSlot.None)
        {
            (_slots[heirs].Previous, _slots[heirs].Next) = (previous, next);
            follower = heirs;
        }

        if (next != ExitSlot.None)
        {
            _slots[next].Previous = heirs == ExitSlot.None ? previous : heirs;
        }

        if (_slots[previous].Child == slot)
        {
            _slots[previous].Child = follower;
        }
        else
        {
            _slots[previous].Next = follower;
        }
    }

    private int Meld(int a, int b)
    {
        if (a == ExitSlot.None || b == ExitSlot.None)
        {
            return a == ExitSlot.None ? b : a;
        }

        var order = _slots[a].Distance.CompareTo(_slots[b].Distance);
        if (order > 0 || (order == 0 && string.CompareOrdinal(_slots[a].Id, _slots[b].Id) > 0))
        {
            (a, b) = (b, a);
        }

        var child = _slots[a].Child;
        (_slots[b].Previous, _slots[b].Next) = (a, child);
        if (child != ExitSlot.None)
        {
            _slots[child].Previous = b;
        }

        _slots[a].Child = b;
        return a;
    }

    /// <summary>Melds siblings in pairs and the pairs from the last to the first: what makes a pairing heap O(log n).</summary>
    private int MeldAll(int first)
    {
        var pairs = ExitSlot.None;
        while (first != ExitSlot.None)
        {
            var second = _slots[first].Next;
            var rest = second == ExitSlot.None ? ExitSlot.None : _slots[second].Next;
            Detach(first);
            Detach(second);
            var pair = Meld(first, second);
            _slots[pair].Next = pairs;
            (pairs, first) = (pair, rest);
        }

        var melded = ExitSlot.None;
        while (pairs != ExitSlot.None)
        {
            var next = _slots[pairs].Next;
            _slots[pairs].Next = ExitSlot.None;
            (melded, pairs) = (Meld(melded, pairs), next);
        }

        return melded;
    }

    private void Detach(int slot)
    {
        if (slot != ExitSlot.None)
        {
            (_slots[slot].Previous, _slots[slot].Next) = (ExitSlot.None, ExitSlot.None);
        }
    }

    /// <summary>Positions that share their best price.</summary>
    private struct Group
    {
        public decimal Extreme;
        public decimal Stop;
        public string Id;
        public int Root;
        public int ExtremePlace;
        public int NearestPlace;
        public bool IsUsed;

        public readonly struct ByExtreme : IHeapOrder<Group>
        {
            public static int Compare(in Group a, in Group b) => a.Extreme.CompareTo(b.Extreme);

            public static ref int Place(ref Group item) => ref item.ExtremePlace;
        }

        public readonly struct ByNearest : IHeapOrder<Group>
        {
            public static int Compare(in Group a, in Group b)
            {
                var order = b.Stop.CompareTo(a.Stop);
                return order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
            }

            public static ref int Place(ref Group item) => ref item.NearestPlace;
        }
    }
}
