namespace TradingEngine.Trading.Analysis;

/// <summary>
/// One market's samples: a price a minute, of which the last so many returns are kept. Minutes without a price are gaps, and a return
/// over a gap is none. Bounded memory; a sample costs O(1), a measure O(window). Mutable; one thread.
/// </summary>
public sealed class MarketSeries
{
    /// <summary>Returns of the short window.</summary>
    public const int Short = 30;

    /// <summary>Returns of the long window; no more are kept.</summary>
    public const int Long = 240;

    /// <summary>Fewest returns of the long window from which there are measures.</summary>
    public const int Least = 2 * Short;

    private readonly string _symbol;
    private readonly double _minutesAYear;
    private readonly RegimeDetector _regime;
    private readonly long[] _minutes = new long[Long];
    private readonly double[] _returns = new double[Long];
    private readonly double[] _spreads = new double[Short];
    private int _count;
    private long _added;
    private long _sampled;
    private long _minute = -1;
    private double _last;

    /// <summary>An empty series.</summary>
    /// <param name="symbol">Instrument.</param>
    /// <param name="minutesAYear">Minutes a year in which it trades: 525,600 for one that never rests.</param>
    /// <param name="limits">Where regimes end.</param>
    public MarketSeries(string symbol, double minutesAYear, RegimeLimits limits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minutesAYear);
        (_symbol, _minutesAYear, _regime) = (symbol, minutesAYear, new RegimeDetector(limits));
    }

    /// <summary>The newest minute sampled, minutes since year 1; −1 before the first.</summary>
    public long Minute => _minute;

    /// <summary>Takes a price in; the first of each minute is its sample, the others and older ones are passed over.</summary>
    /// <param name="bid">Bid, positive.</param>
    /// <param name="ask">Ask, at least the bid.</param>
    /// <param name="time">When it was known.</param>
    /// <returns>True where it became a sample.</returns>
    public bool Add(decimal bid, decimal ask, DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bid);
        ArgumentOutOfRangeException.ThrowIfLessThan(ask, bid);
        var minute = time.UtcTicks / TimeSpan.TicksPerMinute;
        if (minute <= _minute)
        {
            return false;
        }

        var middle = (double)(bid + ask) / 2d;
        _spreads[_sampled++ % Short] = (double)(ask - bid) / middle * 10_000d;
        var log = Math.Log(middle);
        if (minute == _minute + 1)
        {
            (_minutes[_added % Long], _returns[_added % Long]) = (minute, log - _last);
            _added++;
            _count = Math.Min(_count + 1, Long);
        }

        (_minute, _last) = (minute, log);
        var (ratio, trend) = (VolatilityRatio(), TrendStrength());
        _ = _regime.Add(ratio, trend);
        return true;
    }

    /// <summary>The measure as it stands.</summary>
    public MarketMeasure Measure() => new(
        _symbol,
        _count,
        _count < Least || Deviation(Long) is not { } deviation ? null : deviation * Math.Sqrt(_minutesAYear),
        VolatilityRatio(),
        TrendStrength(),
        _sampled == 0 ? null : _spreads.Take((int)Math.Min(_sampled, Short)).Average(),
        _regime.Regime);

    /// <summary>Returns by minute, oldest first.</summary>
    public IEnumerable<(long Minute, double Return)> Returns()
    {
        for (var at = _added - _count; at < _added; at++)
        {
            yield return (_minutes[at % Long], _returns[at % Long]);
        }
    }

    private double? VolatilityRatio() =>
        _count < Least || Deviation(Short) is not { } near || Deviation(Long) is not { } all || all == 0d ? null : near / all;

    private double? TrendStrength()
    {
        if (_count < Least)
        {
            return null;
        }

        var (sum, way) = (0d, 0d);
        for (var at = _added - Short; at < _added; at++)
        {
            sum += _returns[at % Long];
            way += Math.Abs(_returns[at % Long]);
        }

        return way == 0d ? 0d : Math.Clamp(sum / way, -1d, 1d);
    }

    /// <summary>Sample deviation of the newest returns; null under two.</summary>
    private double? Deviation(int window)
    {
        var count = Math.Min(window, _count);
        if (count < 2)
        {
            return null;
        }

        var (mean, squares) = (0d, 0d);
        for (var k = 1; k <= count; k++)
        {
            var value = _returns[(_added - k) % Long];
            var delta = value - mean;
            mean += delta / k;
            squares += delta * (value - mean);
        }

        return Math.Sqrt(squares / (count - 1));
    }
}
