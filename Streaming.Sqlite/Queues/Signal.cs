namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>Wakes whoever waits for something to happen; costs nothing while nobody waits.</summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiting;

    /// <summary>Completes at the next <see cref="Set"/>. Taken before looking, so that nothing is missed in between.</summary>
    public Task Next()
    {
        lock (_gate)
        {
            _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task;
        }
    }

    public void Set()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            (waiting, _waiting) = (_waiting, null);
        }

        waiting?.TrySetResult();
    }
}
