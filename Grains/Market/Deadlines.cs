namespace TradingEngine.Grains.Market;

/// <summary>
/// Who is to be woken when: O(log n) a change and nothing while no time has come. Who is woken and stays overdue is woken
/// again after <paramref name="again"/>.
/// </summary>
internal sealed class Deadlines(TimeSpan again)
{
    private readonly Dictionary<string, DateTimeOffset> _at = new(StringComparer.Ordinal);
    private PriorityQueue<string, DateTimeOffset> _queue = new();

    /// <summary>How many were due when last asked.</summary>
    public int Overdue { get; private set; }

    /// <summary>Sets when an id is to be woken, or with null that it is not.</summary>
    public void Set(string id, DateTimeOffset? at)
    {
        if (at is not { } time)
        {
            _at.Remove(id);
        }
        else if (!_at.TryGetValue(id, out var known) || known != time)
        {
            _at[id] = time;
            _queue.Enqueue(id, time);
            Shrink();
        }
    }

    /// <summary>Those whose time has come, the longest overdue first.</summary>
    public IReadOnlyList<string> Take(DateTimeOffset now)
    {
        var due = new List<string>();
        while (_queue.TryPeek(out var id, out var time) && time <= now)
        {
            _queue.Dequeue();
            if (_at.TryGetValue(id, out var known) && known == time)
            {
                due.Add(id);
                _at[id] = now + again;
                _queue.Enqueue(id, now + again);
            }
        }

        Overdue = due.Count;
        return due;
    }

    /// <summary>Times that were replaced stay in the queue until they come, but not without bound.</summary>
    private void Shrink()
    {
        if (_queue.Count > (2 * _at.Count) + 64)
        {
            _queue = new(_at.Select(pair => (pair.Key, pair.Value)));
        }
    }
}
