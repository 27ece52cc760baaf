namespace TradingEngine.Trading.Market.Indicators;

/// <summary>
/// Wilder's ATR: the smoothed greatest of high−low, |high−previous close| and |low−previous close|, in price units
/// (New Concepts in Technical Trading Systems, 1978). The first bar's range is high−low. Mutable; one thread.
/// </summary>
/// <param name="period">Bars averaged, at least 1; 14 is usual.</param>
public sealed class AverageTrueRange(int period = 14)
{
    private readonly ExponentialMovingAverage _range = ExponentialMovingAverage.Wilder(period);
    private decimal? _close;

    /// <summary>True once <c>period</c> bars came.</summary>
    public bool IsReady => _range.IsReady;

    /// <summary>The average; null until ready.</summary>
    public double? Value => _range.Value;

    /// <summary>Adds a finished bar.</summary>
    public void Update(Bar bar)
    {
        ArgumentNullException.ThrowIfNull(bar);
        var high = Math.Max(bar.High, _close ?? bar.High);
        var low = Math.Min(bar.Low, _close ?? bar.Low);
        _range.Update((double)(high - low));
        _close = bar.Close;
    }
}
