namespace TradingEngine.Trading.Analysis;

/// <summary>What a market is like.</summary>
public enum MarketRegime
{
    /// <summary>Not enough seen yet.</summary>
    Unknown = 0,

    /// <summary>It goes one way.</summary>
    Trending = 1,

    /// <summary>It goes to and fro.</summary>
    Ranging = 2,

    /// <summary>It moves far more than it used to.</summary>
    Volatile = 3,

    /// <summary>It moves far less than it used to.</summary>
    Quiet = 4,
}

/// <summary>Names of regimes as they are read and written.</summary>
public static class MarketRegimes
{
    /// <summary>The regime's name: <c>trending</c>, <c>ranging</c>, <c>volatile</c>, <c>quiet</c>, <c>unknown</c>.</summary>
    public static string NameOf(MarketRegime regime) => regime switch
    {
        MarketRegime.Unknown => "unknown",
        MarketRegime.Trending => "trending",
        MarketRegime.Ranging => "ranging",
        MarketRegime.Volatile => "volatile",
        MarketRegime.Quiet => "quiet",
        _ => throw new ArgumentOutOfRangeException(nameof(regime), regime, "Not a regime."),
    };

    /// <summary>The regime of a name that agents send, in any case; null for one that is not known: it is not guessed.</summary>
    public static MarketRegime? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToLowerInvariant() switch
        {
            "trending" or "trend" or "trending_up" or "trending_down" or "bull" or "bear" or "bullish" or "bearish" => MarketRegime.Trending,
            "ranging" or "range" or "sideways" or "mean_reverting" => MarketRegime.Ranging,
            "volatile" or "high_volatility" or "crisis" => MarketRegime.Volatile,
            "quiet" or "calm" or "low_volatility" => MarketRegime.Quiet,
            _ => null,
        };
    }
}

/// <summary>Where one regime ends and another begins. What leads into a regime is further out than what leads out of it again.</summary>
public sealed record RegimeLimits
{
    /// <summary>Volatility of the short window over the long one from which a market is volatile.</summary>
    public double VolatileFrom { get; init; } = 1.75;

    /// <summary>Down to here a volatile market stays so.</summary>
    public double VolatileUntil { get; init; } = 1.4;

    /// <summary>The same ratio down to which a market is quiet.</summary>
    public double QuietFrom { get; init; } = 0.5;

    /// <summary>Up to here a quiet market stays so.</summary>
    public double QuietUntil { get; init; } = 0.65;

    /// <summary>Trend strength from which a market trends, 0 to 1.</summary>
    public double TrendFrom { get; init; } = 0.45;

    /// <summary>Down to here a trending market stays so.</summary>
    public double TrendUntil { get; init; } = 0.3;

    /// <summary>Measures in a row that must agree before the regime changes, at least 1.</summary>
    public int Confirmations { get; init; } = 3;
}

/// <summary>
/// Tells the regime of a market from its measures, without flapping: each regime is left later than it is entered, and a change must be
/// seen several times in a row. Mutable; one thread.
/// </summary>
public sealed class RegimeDetector(RegimeLimits limits)
{
    private MarketRegime _next;
    private int _seen;

    /// <summary>The regime that stands.</summary>
    public MarketRegime Regime { get; private set; }

    /// <summary>Takes a measure in; returns the regime that then stands.</summary>
    /// <param name="volatilityRatio">Volatility of the short window over the long one, 0 or more; null while not known.</param>
    /// <param name="trendStrength">Signed, −1 to 1; null while not known.</param>
    public MarketRegime Add(double? volatilityRatio, double? trendStrength)
    {
        if (volatilityRatio is not { } ratio || trendStrength is not { } trend)
        {
            return Regime;
        }

        var seen = Judge(ratio, Math.Abs(trend));
        (_next, _seen) = seen == Regime ? (seen, 0) : (seen, seen == _next ? _seen + 1 : 1);
        if (_seen >= limits.Confirmations || Regime == MarketRegime.Unknown)
        {
            (Regime, _seen) = (seen, 0);
        }

        return Regime;
    }

    // A calm walk in one direction trends: its steps hardly differ from each other, and so look quiet.
    private MarketRegime Judge(double ratio, double trend) =>
        ratio >= (Regime == MarketRegime.Volatile ? limits.VolatileUntil : limits.VolatileFrom) ? MarketRegime.Volatile
        : trend >= (Regime == MarketRegime.Trending ? limits.TrendUntil : limits.TrendFrom) ? MarketRegime.Trending
        : ratio <= (Regime == MarketRegime.Quiet ? limits.QuietUntil : limits.QuietFrom) ? MarketRegime.Quiet
        : MarketRegime.Ranging;
}
