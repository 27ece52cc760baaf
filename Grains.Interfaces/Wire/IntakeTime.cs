using System.Globalization;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>When a message entered the engine, which is the time of a signal that has none of its own.</summary>
public static class IntakeTime
{
    /// <summary>
    /// The time in the id that a Redis stream gave the entry, where it is delivered again: it may have waited through a
    /// restart. At the first delivery it is now, so that a Redis whose clock is off makes no new signal look old.
    /// </summary>
    /// <param name="entryId">Id of the queue entry.</param>
    /// <param name="deliveries">How often it was delivered, this time included.</param>
    /// <param name="now">The engine's time.</param>
    public static DateTimeOffset Of(string entryId, int deliveries, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entryId);
        var dash = entryId.IndexOf('-', StringComparison.Ordinal);
        if (deliveries < 2 || dash < 0
            || !long.TryParse(entryId.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds >= now.ToUnixTimeMilliseconds())
        {
            return now;
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }
}
