namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>
/// What a reader handed out and nobody acknowledged, in the order of delivery. All entries of a queue wait equally
/// long, so the oldest delivery is always the next one due. Thread-safe: acknowledgements come from the writer.
/// </summary>
internal sealed class InFlight(TimeSpan redeliverAfter, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, int> _deliveries = [];
    private readonly Queue<(long Entry, int Deliveries, long At)> _order = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _deliveries.Count;
            }
        }
    }

    public void Add(long entry, int deliveries)
    {
        lock (_gate)
        {
            _deliveries[entry] = deliveries;
            _order.Enqueue((entry, deliveries, time.GetTimestamp()));
            DropStale();
        }
    }

    public void Remove(long entry)
    {
        lock (_gate)
        {
            _deliveries.Remove(entry);
            DropStale();
        }
    }

    /// <summary>Takes out what is due, with the number of deliveries so far.</summary>
    public List<(long Entry, int Deliveries)> TakeDue(int max)
    {
        var due = new List<(long Entry, int Deliveries)>();
        lock (_gate)
        {
            while (due.Count < max && UntilHeadIsDue() is { } wait && wait <= TimeSpan.Zero)
            {
                var (entry, deliveries, _) = _order.Dequeue();
                _deliveries.Remove(entry);
                due.Add((entry, deliveries));
            }
        }

        return due;
    }

    /// <summary>Time until something is due, not positive when something is; null while nothing is in flight.</summary>
    public TimeSpan? UntilDue()
    {
        lock (_gate)
        {
            return UntilHeadIsDue();
        }
    }

    private TimeSpan? UntilHeadIsDue()
    {
        DropStale();
        return _order.TryPeek(out var head) ? redeliverAfter - time.GetElapsedTime(head.At) : null;
    }

    // The head is stale when it was acknowledged, or delivered again since.
    private void DropStale()
    {
        while (_order.TryPeek(out var head)
            && !(_deliveries.TryGetValue(head.Entry, out var deliveries) && deliveries == head.Deliveries))
        {
            _order.Dequeue();
        }
    }
}
