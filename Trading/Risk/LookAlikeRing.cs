using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Risk;

/// <summary>
/// The newest orders of an account, in a ring that grows to a bound and then stays. Each is compared by its hash first: two decimals
/// cost more to compare than the rest of the walk. Not thread-safe.
/// </summary>
internal sealed class LookAlikeRing
{
    internal const int Most = 512;
    private const int Least = 8;

    // Lengths are powers of two, so that a place in the ring is a mask away.
    private Seen[] _seen = new Seen[Least];
    private int _next;
    private int _count;

    /// <summary>Equal orders since a time.</summary>
    public int Count(in RiskOrder order, DateTimeOffset since)
    {
        var found = 0;
        var look = Look.Of(order);
        var ticks = since.UtcTicks;
        for (var i = 1; i <= _count; i++)
        {
            ref readonly var seen = ref _seen[(_next - i) & (_seen.Length - 1)];
            if (seen.Ticks <= ticks)
            {
                break;
            }

            found += seen.Look == look ? 1 : 0;
        }

        return found;
    }

    /// <summary>True where one more would push out one that is newer than a time.</summary>
    public bool IsFull(DateTimeOffset since) => _count == Most && _seen[_next].Ticks > since.UtcTicks;

    public void Add(in RiskOrder order, DateTimeOffset now, TimeSpan window)
    {
        if (_count == _seen.Length && _seen.Length < Most && now.UtcTicks - _seen[_next].Ticks < window.Ticks)
        {
            Grow();
        }

        var look = Look.Of(order);
        _seen[_next] = new Seen(now.UtcTicks, look);
        _next = (_next + 1) & (_seen.Length - 1);
        _count = Math.Min(_count + 1, _seen.Length);
    }

    private void Grow()
    {
        var grown = new Seen[_seen.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            grown[i] = _seen[(_next + i) & (_seen.Length - 1)];
        }

        _next = _count;
        _seen = grown;
    }

    // The hash stands first, so that others differ in one comparison. Equal decimals have equal hashes, whatever their number of zeros.
    private readonly record struct Look(int Hash, string Symbol, Side Side, decimal Quantity, decimal Price)
    {
        public static Look Of(in RiskOrder order) => new(
            HashCode.Combine(order.Symbol, order.Side, order.Quantity, order.Price), order.Symbol, order.Side, order.Quantity, order.Price);
    }

    private readonly record struct Seen(long Ticks, Look Look);
}
