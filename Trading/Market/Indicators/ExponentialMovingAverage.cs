namespace TradingEngine.Trading.Market.Indicators;

/// <summary>
/// Exponential mean: starts as the arithmetic mean of the first values, then moves by α·(x − mean). Mutable; one thread.
/// </summary>
public sealed class ExponentialMovingAverage
{
    private readonly int _period;
    private readonly double _alpha;
    private double _mean;
    private int _count;

    /// <summary>The usual mean with α = 2/(period + 1).</summary>
    /// <param name="period">At least 1.</param>
    public ExponentialMovingAverage(int period)
        : this(period, 2d / (period + 1d))
    {
    }

    private ExponentialMovingAverage(int period, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        (_period, _alpha) = (period, alpha);
    }

    /// <summary>True once <c>period</c> values came.</summary>
    public bool IsReady => _count >= _period;

    /// <summary>The mean; null until ready.</summary>
    public double? Value => IsReady ? _mean : null;

    /// <summary>Wilder's smoothing, α = 1/period (New Concepts in Technical Trading Systems, 1978).</summary>
    public static ExponentialMovingAverage Wilder(int period) => new(period, 1d / period);

    /// <summary>Adds a finite value.</summary>
    public void Update(double value)
    {
        Finite.Require(value);
        if (_count < _period)
        {
            _count++;
            _mean += (value - _mean) / _count;
        }
        else
        {
            // In this form a mean of values that are not negative is not negative either, to the last bit.
            _mean = (_mean * (1d - _alpha)) + (value * _alpha);
        }
    }
}
