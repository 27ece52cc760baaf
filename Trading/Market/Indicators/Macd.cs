namespace TradingEngine.Trading.Market.Indicators;

/// <summary>The MACD of one moment, in price units.</summary>
/// <param name="Line">Fast mean less slow mean.</param>
/// <param name="Signal">Exponential mean of the line.</param>
public readonly record struct MacdValue(double Line, double Signal)
{
    /// <summary>Line less signal.</summary>
    public double Histogram => Line - Signal;
}

/// <summary>Appel's moving average convergence divergence. Mutable; one thread.</summary>
/// <param name="fast">Period of the fast mean, at least 1 and under <paramref name="slow"/>; 12 is usual.</param>
/// <param name="slow">Period of the slow mean; 26 is usual.</param>
/// <param name="signal">Period of the signal; 9 is usual.</param>
public sealed class Macd(int fast = 12, int slow = 26, int signal = 9)
{
    private readonly ExponentialMovingAverage _fast = new(
        fast < slow ? fast : throw new ArgumentOutOfRangeException(nameof(fast), fast, "must be under slow"));

    private readonly ExponentialMovingAverage _slow = new(slow);
    private readonly ExponentialMovingAverage _signal = new(signal);

    /// <summary>True once <c>slow + signal − 1</c> values came.</summary>
    public bool IsReady => _signal.IsReady;

    /// <summary>Line and signal; null until ready.</summary>
    public MacdValue? Value => _signal.Value is { } signal ? new MacdValue(_fast.Value!.Value - _slow.Value!.Value, signal) : null;

    /// <summary>Adds a finite value.</summary>
    public void Update(double value)
    {
        _fast.Update(value);
        _slow.Update(value);
        if (_slow.Value is { } slow)
        {
            _signal.Update(_fast.Value!.Value - slow);
        }
    }
}
