namespace TradingEngine.Trading.Exits;

/// <summary>Finds slots by position id: open addressing over slot numbers, 5 to 11 bytes each, where a dictionary takes 40.</summary>
internal sealed class SlotIndex(Pages<ExitSlot> slots)
{
    private int[] _table = Empty(16);

    public int Count { get; private set; }

    /// <summary>The slots, in no order.</summary>
    public IEnumerable<int> Slots => _table.Where(slot => slot != ExitSlot.None);

    /// <summary>The position's slot, or <see cref="ExitSlot.None"/>.</summary>
    public int Find(string id) => _table[PlaceOf(id)];

    /// <summary>Adds a slot whose id is not in yet.</summary>
    public void Add(int slot)
    {
        if ((Count + 1) * 4L > _table.Length * 3L)
        {
            var old = _table;
            _table = Empty(_table.Length * 2);
            foreach (var other in old.Where(other => other != ExitSlot.None))
            {
                _table[PlaceOf(slots[other].Id)] = other;
            }
        }

        _table[PlaceOf(slots[slot].Id)] = slot;
        Count++;
    }

    /// <summary>Removes a slot that is in.</summary>
    public void Remove(int slot)
    {
        var hole = PlaceOf(slots[slot].Id);
        _table[hole] = ExitSlot.None;
        Count--;

        // Those behind the hole move up if it lies on their way, so that every search still ends at the first free place.
        for (var place = After(hole); _table[place] != ExitSlot.None; place = After(place))
        {
            var home = Home(slots[_table[place]].Id);
            if (((place - home) & (_table.Length - 1)) >= ((place - hole) & (_table.Length - 1)))
            {
                (_table[hole], _table[place]) = (_table[place], ExitSlot.None);
                hole = place;
            }
        }
    }

    private static int[] Empty(int length)
    {
        var table = new int[length];
        Array.Fill(table, ExitSlot.None);
        return table;
    }

    private int PlaceOf(string id)
    {
        var place = Home(id);
        while (_table[place] != ExitSlot.None && !string.Equals(slots[_table[place]].Id, id, StringComparison.Ordinal))
        {
            place = After(place);
        }

        return place;
    }

    private int Home(string id) => id.GetHashCode(StringComparison.Ordinal) & (_table.Length - 1);

    private int After(int place) => (place + 1) & (_table.Length - 1);
}
