namespace TradingEngine.Trading.Exits;

/// <summary>
/// Structs in pages of fixed size, named by a number that stays theirs until they are freed: growing copies nothing, and
/// a million of them are no objects to the collector.
/// </summary>
internal sealed class Pages<T> where T : struct
{
    private const int Bits = 10;
    private const int Mask = (1 << Bits) - 1;

    private readonly List<T[]> _pages = [];
    private readonly List<int> _free = [];
    private int _used;

    public ref T this[int item] => ref _pages[item >> Bits][item & Mask];

    public int Add(in T value)
    {
        int item;
        if (_free.Count > 0)
        {
            item = _free[^1];
            _free.RemoveAt(_free.Count - 1);
        }
        else
        {
            item = _used++;
            if (item >> Bits == _pages.Count)
            {
                _pages.Add(new T[1 << Bits]);
            }
        }

        this[item] = value;
        return item;
    }

    public void Free(int item)
    {
        this[item] = default;
        _free.Add(item);
    }
}
