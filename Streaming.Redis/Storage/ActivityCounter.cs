using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Counts for a <see cref="QueueActivity"/>. Acknowledging a message that another process pushed, which was never counted,
/// must not make the count negative, so it is cut at what this store added.
/// </summary>
internal sealed class ActivityCounter(QueueActivity? activity)
{
    private readonly Lock _gate = new();
    private int _added;

    public void Add(int change)
    {
        if (activity is null || change == 0)
        {
            return;
        }

        lock (_gate)
        {
            change = Math.Max(change, -_added);
            _added += change;
            activity.Add(change);
        }
    }
}
