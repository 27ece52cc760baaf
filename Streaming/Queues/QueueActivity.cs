namespace TradingEngine.Streaming.Queues;

/// <summary>
/// Counts messages that entered the engine's queues and were not yet acknowledged. Because a commit appends what it causes
/// before it acknowledges what caused it, zero means that everything the last message caused is done: a replay in lock
/// step waits for that before it publishes the next event. Thread-safe.
/// </summary>
public sealed class QueueActivity
{
    private readonly Lock _gate = new();
    private long _outstanding;
    private TaskCompletionSource? _idle;

    /// <summary>Messages not yet acknowledged.</summary>
    public long Outstanding
    {
        get
        {
            lock (_gate)
            {
                return _outstanding;
            }
        }
    }

    /// <summary>Adds <paramref name="change"/> messages: positive for appended ones, negative for acknowledged ones, and the net
    /// of both for a commit that does both.</summary>
    public void Add(int change)
    {
        TaskCompletionSource? done = null;
        lock (_gate)
        {
            _outstanding += change;
            if (_outstanding < 0)
            {
                throw new InvalidOperationException("More messages were acknowledged than ever entered a queue.");
            }

            if (_outstanding == 0)
            {
                (done, _idle) = (_idle, null);
            }
        }

        done?.TrySetResult();
    }

    /// <summary>Completes when no message is outstanding.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_outstanding == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}
