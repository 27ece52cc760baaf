namespace TradingEngine.Trading.Market.Indicators;

/// <summary>
/// Wilder's RSI: 100·G/(G+L) of the smoothed gains G and losses L, 0 to 100 (New Concepts in Technical Trading Systems,
/// 1978). 50 when the price did not move at all. Mutable; one thread.
/// </summary>
/// <param name="period">Changes averaged, at least 1; 14 is usual.</param>
public sealed class RelativeStrengthIndex(int period = 14)
{
    private readonly ExponentialMovingAverage _gain = ExponentialMovingAverage.Wilder(period);
    private readonly ExponentialMovingAverage _loss = ExponentialMovingAverage.Wilder(period);
    private double? _last;

    /// <summary>True once <c>period</c> changes came, so after one value more.</summary>
    public bool IsReady => _gain.IsReady;

    /// <summary>The index; null until ready.</summary>
    public double? Value => _gain.Value is not { } gain || _loss.Value is not { } loss ? null
        : gain + loss == 0d ? 50d
        : 100d * (gain / (gain + loss));

    /// <summary>Adds a finite price.</summary>
    public void Update(double value)
    {
        Finite.Require(value);
        if (_last is { } last)
        {
            _gain.Update(Math.Max(0d, value - last));
            _loss.Update(Math.Max(0d, last - value));
        }

        _last = value;
    }
}
