using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Streams;

/// <summary>
/// The batches that were given to the pulling agent and are not known to be handled. Not thread-safe: the agent calls one
/// method of its receiver at a time.
/// </summary>
internal sealed class UnderWay(TimeProvider time)
{
    /// <summary>Messages on their way at once; more wait in the store, where they do not grow old unanswered.</summary>
    private const int Most = 1024;

    /// <summary>
    /// A batch that could not be delivered is never reported as handled. After this long, which is several times the longest
    /// delivery, it counts as that.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<(long Sequence, long At, string[] Ids)> _batches = new();

    /// <summary>Those that a consumer may handle at once, and one that is ready when the first is done: more would only wait.</summary>
    private const int MostBatches = 5;

    /// <summary>The oldest batch under way; null for none.</summary>
    public long? Oldest => _batches.TryPeek(out var oldest) ? oldest.Sequence : null;

    /// <summary>True when nothing more is to be read for now.</summary>
    public bool IsFull
    {
        get
        {
            while (_batches.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Longest)
            {
                Forget();
            }

            return _batches.Count >= MostBatches || _ids.Count >= Most;
        }
    }

    /// <summary>
    /// Takes what was read and returns what of it is not under way already: an entry that is late, and so was read again, while
    /// it still waits for its consumer is not handled twice for that.
    /// </summary>
    public IReadOnlyList<QueueEntry> Add(long sequence, IReadOnlyList<QueueEntry> entries)
    {
        var fresh = entries.Where(entry => _ids.Add(entry.Id)).ToList();
        if (fresh.Count > 0)
        {
            _batches.Enqueue((sequence, time.GetTimestamp(), [.. fresh.Select(entry => entry.Id)]));
        }

        return fresh;
    }

    /// <summary>All batches up to this one have left the agent's cache, which keeps them in order.</summary>
    public void Handled(long sequence)
    {
        while (_batches.TryPeek(out var oldest) && oldest.Sequence <= sequence)
        {
            Forget();
        }
    }

    private void Forget()
    {
        _ids.ExceptWith(_batches.Dequeue().Ids);
    }
}
