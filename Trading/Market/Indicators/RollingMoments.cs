namespace TradingEngine.Trading.Market.Indicators;

/// <summary>
/// Mean and population variance of the last values, O(1) amortised. Values are only ever added, never subtracted: the
/// window is the tail of the block before and the block at hand, merged by Chan, Golub and LeVeque (1979); so nothing
/// drifts over long runs and an outlier leaves no trace once it is out. Mutable; one thread.
/// </summary>
public sealed class RollingMoments
{
    private readonly double[] _block;
    private readonly Moments[] _tails;
    private Moments _head;
    private int _filled;
    private bool _hasTails;

    /// <summary>An empty window.</summary>
    /// <param name="period">Values in the window, at least 1.</param>
    public RollingMoments(int period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        _block = new double[period];
        _tails = new Moments[period];
    }

    /// <summary>True once the window is full.</summary>
    public bool IsReady => _hasTails;

    /// <summary>Mean of the window; NaN while it is empty.</summary>
    public double Mean => Current.Count == 0 ? double.NaN : Current.Mean;

    /// <summary>Population deviation of the window, √(Σ(x−mean)²/n); NaN while it is empty.</summary>
    public double Deviation => Current.Count == 0 ? double.NaN : Math.Sqrt(Current.SquareSum / Current.Count);

    // While the block at hand has k values, the window's other n−k are the last ones of the block before.
    private Moments Current => _hasTails ? _tails[_filled].Merge(_head) : _head;

    /// <summary>Adds a value; the oldest leaves a full window.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public void Update(double value)
    {
        Finite.Require(value);
        _block[_filled++] = value;
        _head = _head.Add(value);
        if (_filled < _block.Length)
        {
            return;
        }

        var tail = default(Moments);
        for (var i = _block.Length - 1; i >= 0; i--)
        {
            tail = tail.Add(_block[i]);
            _tails[i] = tail;
        }

        (_head, _filled, _hasTails) = (default, 0, true);
    }

    /// <summary>Count, mean and Σ(x−mean)² of some values.</summary>
    private readonly record struct Moments(int Count, double Mean, double SquareSum)
    {
        public Moments Add(double value)
        {
            var delta = value - Mean;
            var mean = Mean + (delta / (Count + 1));
            return new(Count + 1, mean, SquareSum + (delta * (value - mean)));
        }

        public Moments Merge(Moments other)
        {
            if (other.Count == 0)
            {
                return this;
            }

            var (count, delta) = (Count + other.Count, other.Mean - Mean);
            return new(
                count,
                Mean + (delta * other.Count / count),
                SquareSum + other.SquareSum + (delta * delta * Count * other.Count / count));
        }
    }
}
