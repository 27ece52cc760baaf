namespace TradingEngine.Trading.Market.Indicators;

/// <summary>VWAP since the last reset: Σ(price·volume)/Σ(volume), in decimals. Mutable; one thread.</summary>
public sealed class VolumeWeightedPrice
{
    private decimal _turnover;
    private decimal _volume;

    /// <summary>True once any volume traded.</summary>
    public bool IsReady => _volume > 0m;

    /// <summary>The price; null until ready.</summary>
    public decimal? Value => IsReady ? _turnover / _volume : null;

    /// <summary>Adds a trade, or a bar by its price and volume.</summary>
    /// <param name="price">Price per unit.</param>
    /// <param name="volume">Units, 0 or more.</param>
    public void Update(decimal price, decimal volume)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(volume);
        _turnover += price * volume;
        _volume += volume;
    }

    /// <summary>Adds a bar by its typical price, (high + low + close)/3.</summary>
    public void Update(Bar bar)
    {
        ArgumentNullException.ThrowIfNull(bar);
        Update((bar.High + bar.Low + bar.Close) / 3m, bar.Volume);
    }

    /// <summary>Starts anew, at a session's beginning.</summary>
    public void Reset() => (_turnover, _volume) = (0m, 0m);
}
