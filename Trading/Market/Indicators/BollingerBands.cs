namespace TradingEngine.Trading.Market.Indicators;

/// <summary>The bands of one moment.</summary>
/// <param name="Lower">Mean less the multiple of the deviation.</param>
/// <param name="Middle">Mean.</param>
/// <param name="Upper">Mean plus the multiple of the deviation.</param>
public readonly record struct BollingerValue(double Lower, double Middle, double Upper);

/// <summary>Bollinger's bands: mean ± a multiple of the population deviation. Mutable; one thread.</summary>
/// <param name="period">Values in the window, at least 1; 20 is usual.</param>
/// <param name="multiple">Deviations between mean and band; 2 is usual.</param>
public sealed class BollingerBands(int period = 20, double multiple = 2d)
{
    private readonly RollingMoments _window = new(period);

    /// <summary>True once <c>period</c> values came.</summary>
    public bool IsReady => _window.IsReady;

    /// <summary>The bands; null until ready.</summary>
    public BollingerValue? Value => !IsReady ? null : new BollingerValue(
        _window.Mean - (multiple * _window.Deviation), _window.Mean, _window.Mean + (multiple * _window.Deviation));

    /// <summary>Adds a finite value.</summary>
    public void Update(double value) => _window.Update(value);
}
