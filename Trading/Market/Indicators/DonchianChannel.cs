namespace TradingEngine.Trading.Market.Indicators;

/// <summary>The channel of one moment.</summary>
/// <param name="Lower">Lowest low.</param>
/// <param name="Upper">Highest high.</param>
public readonly record struct DonchianValue(decimal Lower, decimal Upper);

/// <summary>Highest high and lowest low of the last bars, the latest included; exact. Mutable; one thread.</summary>
/// <param name="period">Bars in the window, at least 1; 20 is usual.</param>
public sealed class DonchianChannel(int period = 20)
{
    private readonly Extreme _highs = new(period, 1);
    private readonly Extreme _lows = new(period, -1);
    private long _count;

    /// <summary>True once <c>period</c> bars came.</summary>
    public bool IsReady => _count >= period;

    /// <summary>The channel; null until ready.</summary>
    public DonchianValue? Value => IsReady ? new DonchianValue(_lows.Value, _highs.Value) : null;

    /// <summary>Adds a finished bar.</summary>
    public void Update(Bar bar)
    {
        ArgumentNullException.ThrowIfNull(bar);
        _highs.Update(_count, bar.High);
        _lows.Update(_count, bar.Low);
        _count++;
    }

    /// <summary>Extreme of a sliding window: a deque whose values worsen from front to back, so its front is the answer.</summary>
    private sealed class Extreme(int period, int sign)
    {
        private readonly (long Index, decimal Value)[] _ring =
            new (long, decimal)[period > 0 ? period : throw new ArgumentOutOfRangeException(nameof(period))];

        private int _front;
        private int _length;

        public decimal Value => _ring[_front].Value;

        public void Update(long index, decimal value)
        {
            if (_length > 0 && _ring[_front].Index <= index - _ring.Length)
            {
                _front = (_front + 1) % _ring.Length;
                _length--;
            }

            while (_length > 0 && _ring[(_front + _length - 1) % _ring.Length].Value.CompareTo(value) * sign <= 0)
            {
                _length--;
            }

            _ring[(_front + _length) % _ring.Length] = (index, value);
            _length++;
        }
    }
}
