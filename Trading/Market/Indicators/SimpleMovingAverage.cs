namespace TradingEngine.Trading.Market.Indicators;

/// <summary>Arithmetic mean of the last values. Mutable; one thread.</summary>
/// <param name="period">Values averaged, at least 1.</param>
public sealed class SimpleMovingAverage(int period)
{
    private readonly RollingMoments _window = new(period);

    /// <summary>True once <c>period</c> values came.</summary>
    public bool IsReady => _window.IsReady;

    /// <summary>The mean; null until ready.</summary>
    public double? Value => IsReady ? _window.Mean : null;

    /// <summary>Adds a finite value.</summary>
    public void Update(double value) => _window.Update(value);
}
