using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Sqlite.Commits;

/// <summary>Bounded queue between any number of callers, who wait without a thread, and the writer, who waits on its own.</summary>
#pragma warning disable CA1001 // The semaphore holds nothing to free, and callers that come late must find it usable.
internal sealed class JobQueue
#pragma warning restore CA1001
{
    private const int Capacity = 8_192;

    /// <summary>A group larger than this would make its first caller wait for its last.</summary>
    private const int GroupWeight = 1_024;

    private readonly object _gate = new();
    private readonly Queue<WriteJob> _jobs = new();
    private readonly SemaphoreSlim _room = new(Capacity, Capacity);
    private bool _closed;

    /// <summary>Adds a job, when there is room for it.</summary>
    /// <exception cref="StoreException">The store is closed.</exception>
    public async ValueTask AddAsync(WriteJob job, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        lock (_gate)
        {
            if (_closed)
            {
                // The next one that waits for room must learn of it too.
                _room.Release();
                throw new StoreException("The store is closed.");
            }

            _jobs.Enqueue(job);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for work and takes as much as one group may hold; false when closed and empty.</summary>
    public bool TakeGroup(List<WriteJob> group)
    {
        group.Clear();
        lock (_gate)
        {
            while (_jobs.Count == 0)
            {
                if (_closed)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            var weight = 0;
            while (weight < GroupWeight && _jobs.TryDequeue(out var job))
            {
                weight += job.Weight;
                group.Add(job);
            }
        }

        _room.Release(group.Count);
        return true;
    }

    /// <summary>Takes no more jobs; those already taken in are still handed out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }
}
