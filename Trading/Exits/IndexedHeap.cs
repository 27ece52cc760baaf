namespace TradingEngine.Trading.Exits;

/// <summary>What an <see cref="IndexedHeap{T, TOrder}"/> orders its items by.</summary>
internal interface IHeapOrder<T> where T : struct
{
    /// <summary>Less than zero when <paramref name="a"/> comes first.</summary>
    static abstract int Compare(in T a, in T b);

    /// <summary>Where the item keeps its place in this heap, counted from 1; 0 when it is not in it.</summary>
    static abstract ref int Place(ref T item);
}

/// <summary>
/// A four-ary heap of item numbers, four bytes each; the items know their place, so that any of them can leave in
/// O(log n). The first is found in O(1).
/// </summary>
internal sealed class IndexedHeap<T, TOrder>(Pages<T> items)
    where T : struct
    where TOrder : IHeapOrder<T>
{
    private const int Arity = 4;

    private int[] _heap = [];

    public int Count { get; private set; }

    public int First => _heap[0];

    public void Add(int item)
    {
        if (Count == _heap.Length)
        {
            // By half, since a doubled array would be half empty on average.
            Array.Resize(ref _heap, Math.Max(16, Count + (Count / 2)));
        }

        _heap[Count++] = item;
        Rise(Count - 1, item);
    }

    /// <summary>Takes an item out; nothing happens when it is not in.</summary>
    public void Remove(int item)
    {
        var place = TOrder.Place(ref items[item]) - 1;
        if (place < 0)
        {
            return;
        }

        TOrder.Place(ref items[item]) = 0;
        var last = _heap[--Count];
        if (place < Count)
        {
            Settle(place, last);
        }
    }

    /// <summary>Finds an item's place anew after its key changed; it must be in.</summary>
    public void Update(int item) => Settle(TOrder.Place(ref items[item]) - 1, item);

    private void Settle(int place, int item)
    {
        if (place > 0 && TOrder.Compare(items[item], items[_heap[(place - 1) / Arity]]) < 0)
        {
            Rise(place, item);
        }
        else
        {
            Sink(place, item);
        }
    }

    private void Rise(int place, int item)
    {
        while (place > 0)
        {
            var parent = (place - 1) / Arity;
            if (TOrder.Compare(items[item], items[_heap[parent]]) >= 0)
            {
                break;
            }

            Put(place, _heap[parent]);
            place = parent;
        }

        Put(place, item);
    }

    private void Sink(int place, int item)
    {
        while ((place * Arity) + 1 < Count)
        {
            var best = (place * Arity) + 1;
            for (var child = best + 1; child < Math.Min(Count, (place * Arity) + 1 + Arity); child++)
            {
                best = TOrder.Compare(items[_heap[child]], items[_heap[best]]) < 0 ? child : best;
            }

            if (TOrder.Compare(items[_heap[best]], items[item]) >= 0)
            {
                break;
            }

            Put(place, _heap[best]);
            place = best;
        }

        Put(place, item);
    }

    private void Put(int place, int item)
    {
        _heap[place] = item;
        TOrder.Place(ref items[item]) = place + 1;
    }
}
