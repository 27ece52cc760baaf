namespace TradingEngine.Trading.Simulation;

/// <summary>
/// The law by which a simulated price moves, a pure function of seed, symbol and time: so it does not matter who asks,
/// how often, or whether the program was started anew between.
/// </summary>
internal static class SimulatedWalk
{
    private const double TrendShare = 0.45;
    private const double TrendStrength = 0.12;
    private const long TrendTicks = 90 * TimeSpan.TicksPerSecond;
    private const long SlowTicks = 600 * TimeSpan.TicksPerSecond;
    private const long FastTicks = 75 * TimeSpan.TicksPerSecond;

    /// <summary>Longest time one move spans: after a pause the price does not leap.</summary>
    private const double MaxSeconds = 60d;

    /// <summary>Relative move over the time up to <paramref name="at"/>; its absolute is under 1/2.</summary>
    /// <param name="key">Hash of seed and symbol.</param>
    /// <param name="at">End of the move.</param>
    /// <param name="span">Its length; what is over a minute counts as a minute.</param>
    /// <param name="volatilityBps">Deviation over a second, in basis points.</param>
    internal static double Move(ulong key, DateTimeOffset at, TimeSpan span, double volatilityBps)
    {
        var seconds = Math.Clamp(span.TotalSeconds, 0d, MaxSeconds);
        var sigma = volatilityBps / 10_000d * Mood(key, at);
        var noise = SeededHash.Normal(SeededHash.Of(SeededHash.Of(key, at.UtcTicks), 1L));
        return Math.Clamp(sigma * ((noise * Math.Sqrt(seconds)) + (Drift(key, at) * seconds)), -0.4, 0.4);
    }

    /// <summary>
    /// Factor on volatility, 0.5 to 2.3 and about 1 on average: the sum of a slow and a fast noise that wander between
    /// fixed bounds, so volatility clusters and always comes back.
    /// </summary>
    internal static double Mood(ulong key, DateTimeOffset at)
    {
        var (slow, fast) = (Wander(key, at.UtcTicks, SlowTicks, 2L), Wander(key, at.UtcTicks, FastTicks, 3L));
        return 0.5 + (1.2 * slow * slow) + (0.6 * fast * fast);
    }

    /// <summary>Trend of the spell that <paramref name="at"/> lies in, in deviations per second: up, down or none.</summary>
    private static double Drift(ulong key, DateTimeOffset at)
    {
        var unit = SeededHash.Unit(SeededHash.Of(SeededHash.Of(key, at.UtcTicks / TrendTicks), 4L));
        return unit < TrendShare / 2d ? TrendStrength : unit < TrendShare ? -TrendStrength : 0d;
    }

    /// <summary>Value noise in [0, 1): random at each grid point, smooth between them.</summary>
    private static double Wander(ulong key, long ticks, long grid, long salt)
    {
        var (cell, part) = (ticks / grid, (double)(ticks % grid) / grid);
        var from = SeededHash.Unit(SeededHash.Of(SeededHash.Of(key, cell), salt));
        var to = SeededHash.Unit(SeededHash.Of(SeededHash.Of(key, cell + 1), salt));
        return from + ((to - from) * part * part * (3d - (2d * part)));
    }
}
