using System.Diagnostics;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>
/// Entries that were taken from Redis and wait for their reader, bounded in number and bytes: whoever fills it waits, and so
/// stops taking. An entry that is here already is not taken in again. Thread-safe for many fillers and one reader.
/// </summary>
/// <param name="answerAfter">How long the reader has to answer an entry, from the moment it took it from here.</param>
internal sealed class EntryBuffer(TimeSpan answerAfter) : IDisposable
{
    /// <summary>A filler may exceed the bounds by its one batch.</summary>
    private const int MaxEntries = 4096;
    private const long MaxBytes = 4 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<QueueEntry> _entries = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _taken = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long At)> _takenInOrder = new();
    private readonly SemaphoreSlim _readable = new(0);
    private readonly SemaphoreSlim _writable = new(0);
    private long _bytes;
    private int _waitingFillers;

    /// <summary>
    /// True while the entry waits here or its reader took it a moment ago. Redis counts from the moment it gave the entry out:
    /// under load most of that time it waited here, and was no less safe for it.
    /// </summary>
    public bool Holds(string id)
    {
        lock (_gate)
        {
            Forget();
            return _ids.Contains(id) || _taken.ContainsKey(id);
        }
    }

    /// <summary>Adds entries, once there is room.</summary>
    public async ValueTask AddAsync(IReadOnlyList<QueueEntry> entries, CancellationToken cancellation)
    {
        while (!TryAdd(entries))
        {
            await _writable.WaitAsync(cancellation);
        }
    }

    /// <summary>Takes up to <paramref name="max"/> entries; waits at most <paramref name="wait"/> for the first.</summary>
    public async ValueTask<IReadOnlyList<QueueEntry>> TakeAsync(int max, TimeSpan wait, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var taken = Take(max);
            var left = wait < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : wait - Stopwatch.GetElapsedTime(started);
            if (taken.Length > 0 || (wait >= TimeSpan.Zero && left <= TimeSpan.Zero))
            {
                return taken;
            }

            // SemaphoreSlim answers a time-out with false, where other waits throw: an idle queue must cost nothing.
            await _readable.WaitAsync(left, cancellation);
        }
    }

    public void Dispose()
    {
        _readable.Dispose();
        _writable.Dispose();
    }

    private bool TryAdd(IReadOnlyList<QueueEntry> entries)
    {
        lock (_gate)
        {
            if (_entries.Count >= MaxEntries || _bytes >= MaxBytes)
            {
                _waitingFillers++;
                return false;
            }

            for (var i = 0; i < entries.Count; i++)
            {
                if (_ids.Add(entries[i].Id))
                {
                    _entries.Enqueue(entries[i]);
                    _bytes += entries[i].Payload.Length;
                }
            }

            if (_entries.Count > 0 && _readable.CurrentCount == 0)
            {
                _readable.Release();
            }

            return true;
        }
    }

    private void Forget()
    {
        while (_takenInOrder.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.At) >= answerAfter)
        {
            _takenInOrder.Dequeue();
            if (_taken.TryGetValue(oldest.Id, out var at) && at == oldest.At)
            {
                _taken.Remove(oldest.Id);
            }
        }
    }

    private QueueEntry[] Take(int max)
    {
        lock (_gate)
        {
            if (_entries.Count == 0)
            {
                return [];
            }

            Forget();
            var now = Stopwatch.GetTimestamp();
            var taken = new QueueEntry[Math.Min(max, _entries.Count)];
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] = _entries.Dequeue();
                _ids.Remove(taken[i].Id);
                _bytes -= taken[i].Payload.Length;
                _taken[taken[i].Id] = now;
                _takenInOrder.Enqueue((taken[i].Id, now));
            }

            if (_waitingFillers > 0 && _entries.Count < MaxEntries && _bytes < MaxBytes)
            {
                _writable.Release(_waitingFillers);
                _waitingFillers = 0;
            }

            return taken;
        }
    }
}
