namespace TradingEngine.Grains.Tiers;

/// <summary>
/// A clock that reaches one millisecond, which a grain timer does not: it posts beats to whoever registers. One per silo.
/// </summary>
public interface IBeatSource
{
    /// <summary>Calls <paramref name="onBeat"/> on <paramref name="scheduler"/> at every period until disposed. At most one call is
    /// outstanding; beats that come due meanwhile are counted into the next.</summary>
    /// <param name="period">Time between beats.</param>
    /// <param name="scheduler">Where to run it: a grain's own scheduler keeps its turns.</param>
    /// <param name="onBeat">Told how many beats came due since the last call, 1 when none was missed.</param>
    IDisposable Register(TimeSpan period, TaskScheduler scheduler, Action<int> onBeat);
}
