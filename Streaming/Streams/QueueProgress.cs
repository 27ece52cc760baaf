using System.Collections.Concurrent;

namespace TradingEngine.Streaming.Streams;

/// <summary>
/// How far the consumers of this silo are with each queue, so that a receiver reads on as soon as they are: then what came
/// meanwhile travels as one batch, and batches grow with the load. It only paces; nothing depends on it. Thread-safe.
/// </summary>
public sealed class QueueProgress
{
    private readonly ConcurrentDictionary<string, Mark> _marks = new(StringComparer.Ordinal);

    /// <summary>Says that a batch was handled, whatever came of it.</summary>
    /// <param name="queue">Its queue.</param>
    /// <param name="sequence">Its sequence number.</param>
    public void Handled(string queue, long sequence) => MarkOf(queue).Advance(sequence);

    /// <summary>The last batch that was handled here; 0 for none.</summary>
    public long Reached(string queue) => MarkOf(queue).Reached;

    /// <summary>Waits until a batch was handled, or until <paramref name="limit"/> has passed.</summary>
    public Task WhenHandledAsync(string queue, long sequence, TimeSpan limit, CancellationToken cancellation) =>
        MarkOf(queue).WhenAsync(sequence).WaitAsync(limit, cancellation)
            .ContinueWith(static task => _ = task.Exception, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private Mark MarkOf(string queue) => _marks.GetOrAdd(queue, static _ => new Mark());

    private sealed class Mark
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource? _waiting;
        private long _awaited;

        public long Reached { get; private set; }

        public void Advance(long sequence)
        {
            TaskCompletionSource? done = null;
            lock (_gate)
            {
                Reached = Math.Max(Reached, sequence);
                if (_waiting is not null && Reached >= _awaited)
                {
                    (done, _waiting) = (_waiting, null);
                }
            }

            done?.TrySetResult();
        }

        public Task WhenAsync(long sequence)
        {
            lock (_gate)
            {
                if (Reached >= sequence)
                {
                    return Task.CompletedTask;
                }

                _awaited = sequence;
                _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _waiting.Task;
            }
        }
    }
}
