using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>
/// Messages of a channel that wait, in order, bounded. Where there is no room for one more, the oldest of the same subject gives way,
/// else the oldest of the subject that has most: a busy symbol never pushes out the only price of a quiet one. Thread-safe.
/// </summary>
/// <param name="capacity">Most messages.</param>
/// <param name="subjectOf">What a message is about; null where that cannot be told.</param>
internal sealed class NewestMessages(int capacity, Func<ReadOnlyMemory<byte>, string?>? subjectOf)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Subject, QueueEntry Entry)> _waiting = new();
    private readonly Dictionary<string, Queue<LinkedListNode<(string Subject, QueueEntry Entry)>>> _bySubject = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds a message; false where another one gave way to it.</summary>
    public bool Add(QueueEntry entry)
    {
        var subject = subjectOf?.Invoke(entry.Payload) ?? string.Empty;
        lock (_gate)
        {
            var isFull = _waiting.Count >= capacity;
            if (isFull)
            {
                _waiting.Remove(Forget(_bySubject.ContainsKey(subject) ? subject : _bySubject.MaxBy(pair => pair.Value.Count).Key));
            }

            if (!_bySubject.TryGetValue(subject, out var own))
            {
                _bySubject[subject] = own = new();
            }

            own.Enqueue(_waiting.AddLast((subject, entry)));
            return !isFull;
        }
    }

    /// <summary>Moves up to a number of messages to a list, oldest first.</summary>
    public void Take(List<QueueEntry> taken, int max)
    {
        lock (_gate)
        {
            while (taken.Count < max && _waiting.First is { } first)
            {
                Forget(first.Value.Subject);
                _waiting.RemoveFirst();
                taken.Add(first.Value.Entry);
            }
        }
    }

    private LinkedListNode<(string Subject, QueueEntry Entry)> Forget(string subject)
    {
        var own = _bySubject[subject];
        var oldest = own.Dequeue();
        if (own.Count == 0)
        {
            _bySubject.Remove(subject);
        }

        return oldest;
    }
}
