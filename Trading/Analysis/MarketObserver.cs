using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Analysis;

/// <summary>
/// The engine's own view of all markets that it sees: a <see cref="MarketSeries"/> each, what they have in common, and the regime of
/// most of them. Bounded: of too many markets the one that was sampled longest ago goes. Mutable; one thread.
/// </summary>
public sealed class MarketObserver(RegimeLimits limits)
{
    /// <summary>Most markets that are kept.</summary>
    public const int MaxMarkets = 256;

    /// <summary>Fewest minutes that two markets must have in common for a correlation.</summary>
    public const int MinCommon = 30;

    private const int MostExplained = 3;
    private const double MinutesAYear = 365d * 24 * 60;
    private const double WeekdayMinutes = 260d * 24 * 60;
    private const double SessionMinutes = 252d * 390;

    private readonly SortedDictionary<string, MarketSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Symbols seen, sorted.</summary>
    public IEnumerable<string> Symbols => _series.Keys;

    /// <summary>Takes a price in.</summary>
    /// <returns>True where it became the sample of a minute.</returns>
    public bool Add(string symbol, AssetClass assetClass, decimal bid, decimal ask, DateTimeOffset time)
    {
        if (!_series.TryGetValue(symbol, out var series))
        {
            if (_series.Count == MaxMarkets)
            {
                _series.Remove(_series.MinBy(pair => pair.Value.Minute).Key);
            }

            _series[symbol] = series = new MarketSeries(symbol, MinutesOf(assetClass), limits);
        }

        return series.Add(bid, ask, time);
    }

    /// <summary>The measure of a market; null for one never seen.</summary>
    public MarketMeasure? Measure(string symbol) => _series.GetValueOrDefault(symbol)?.Measure();

    /// <summary>All measures by symbol.</summary>
    public ImmutableArray<MarketMeasure> Measures() => [.. _series.Values.Select(series => series.Measure())];

    /// <summary>The regime most markets have; of equally many the first of the enum's order. Unknown while all are.</summary>
    public MarketRegime Regime() => _series.Values.Select(series => series.Measure().Regime)
        .Where(regime => regime != MarketRegime.Unknown)
        .GroupBy(regime => regime).OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
        .Select(group => group.Key).FirstOrDefault();

    /// <summary>Why a regime stands, for people: how many markets have it, and the measures of the first of them by symbol.</summary>
    public string Explain(MarketRegime regime)
    {
        var known = Measures().Where(measure => measure.Regime != MarketRegime.Unknown).ToList();
        var own = known.Where(measure => measure.Regime == regime).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{own.Count} of {known.Count} markets{(own.Count > 0 ? ": " : "")}")
            + string.Join(", ", own.Take(MostExplained).Select(measure => string.Create(CultureInfo.InvariantCulture,
                $"{measure.Symbol} trend {measure.TrendStrength:+0.00;-0.00;0.00}, volatility {measure.VolatilityRatio:0.00} of usual")))
            + (own.Count > MostExplained ? ", …" : "");
    }

    /// <summary>
    /// Correlation of the returns of the minutes that both have (K. Pearson), −1 to 1; null under <see cref="MinCommon"/> or where one of
    /// them never moved.
    /// </summary>
    public double? Correlation(string first, string second)
    {
        if (_series.GetValueOrDefault(first) is not { } a || _series.GetValueOrDefault(second) is not { } b)
        {
            return null;
        }

        var others = b.Returns().ToDictionary(sample => sample.Minute, sample => sample.Return);
        var pairs = a.Returns().Where(sample => others.ContainsKey(sample.Minute))
            .Select(sample => (X: sample.Return, Y: others[sample.Minute])).ToList();
        if (pairs.Count < MinCommon)
        {
            return null;
        }

        var (meanX, meanY) = (pairs.Average(pair => pair.X), pairs.Average(pair => pair.Y));
        var squares = pairs.Sum(pair => (pair.X - meanX) * (pair.X - meanX)) * pairs.Sum(pair => (pair.Y - meanY) * (pair.Y - meanY));
        return squares == 0d ? null : Math.Clamp(pairs.Sum(pair => (pair.X - meanX) * (pair.Y - meanY)) / Math.Sqrt(squares), -1d, 1d);
    }

    /// <summary>
    /// Returns of the minutes that all of these markets have, oldest first: one series each, in step. Empty where a market was never seen.
    /// </summary>
    public ImmutableArray<ImmutableArray<double>> CommonReturns(IReadOnlyList<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        if (symbols.Count == 0 || symbols.Any(symbol => !_series.ContainsKey(symbol)))
        {
            return [];
        }

        var samples = symbols.Select(symbol => _series[symbol].Returns().ToDictionary(sample => sample.Minute, sample => sample.Return)).ToList();
        var minutes = samples[0].Keys.Where(minute => samples.TrueForAll(other => other.ContainsKey(minute))).Order().ToList();
        return [.. samples.Select(own => minutes.Select(minute => own[minute]).ToImmutableArray())];
    }

    private static double MinutesOf(AssetClass assetClass) => assetClass switch
    {
        AssetClass.Unknown or AssetClass.Crypto or AssetClass.CryptoCross => MinutesAYear,
        AssetClass.Forex or AssetClass.Indices or AssetClass.Energy => WeekdayMinutes,
        AssetClass.Stocks => SessionMinutes,
        _ => throw new ArgumentOutOfRangeException(nameof(assetClass), assetClass, "Not an asset class."),
    };
}
