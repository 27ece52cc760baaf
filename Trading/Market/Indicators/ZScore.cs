namespace TradingEngine.Trading.Market.Indicators;

/// <summary>
/// Distance of the last value from the window's mean, in population deviations; the window includes the value. Mutable;
/// one thread.
/// </summary>
/// <param name="period">Values in the window, at least 2.</param>
public sealed class ZScore(int period = 20)
{
    private readonly RollingMoments _window = new(period);
    private double _last;

    /// <summary>True once <c>period</c> values came.</summary>
    public bool IsReady => _window.IsReady;

    /// <summary>The score; null until ready, and while all values are equal, where there is none.</summary>
    public double? Value => IsReady && _window.Deviation > 0d ? (_last - _window.Mean) / _window.Deviation : null;

    /// <summary>Adds a finite value.</summary>
    public void Update(double value)
    {
        _window.Update(value);
        _last = value;
    }
}
