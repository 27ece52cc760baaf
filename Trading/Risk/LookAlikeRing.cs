using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Risk;

/// <summary>The newest orders of an account, in a ring that grows to a bound and then stays. Not thread-safe.</summary>
internal sealed class LookAlikeRing
{
    internal const int Most = 512;
    private const int Least = 8;

    private Seen[] _seen = new Seen[Least];
    private int _next;
    private int _count;

    /// <summary>Equal orders since a time.</summary>
    public int Count(in RiskOrder order, DateTimeOffset since)
    {
        var found = 0;
        for (var i = 1; i <= _count; i++)
        {
            ref readonly var seen = ref _seen[(_next - i + _seen.Length) % _seen.Length];
            if (seen.Time <= since)
            {
                break;
            }

            found += seen.Is(order) ? 1 : 0;
        }

        return found;
    }

    /// <summary>True where one more would push out one that is newer than a time.</summary>
    public bool IsFull(DateTimeOffset since) => _count == Most && _seen[_next].Time > since;

    public void Add(in RiskOrder order, DateTimeOffset now, TimeSpan window)
    {
        if (_count == _seen.Length && _seen.Length < Most && now - _seen[_next].Time < window)
        {
            Grow();
        }

        _seen[_next] = new Seen(order.Symbol, order.Side, order.Quantity, order.Price, now);
        _next = (_next + 1) % _seen.Length;
        _count = Math.Min(_count + 1, _seen.Length);
    }

    private void Grow()
    {
        var grown = new Seen[_seen.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            grown[i] = _seen[(_next + i) % _seen.Length];
        }

        _next = _count;
        _seen = grown;
    }

    private readonly record struct Seen(
        string Symbol, Side Side, decimal Quantity, decimal Price, DateTimeOffset Time)
    {
        public bool Is(in RiskOrder order) => Price == order.Price && Side == order.Side && Quantity == order.Quantity
            && Symbol == order.Symbol;
    }
}
