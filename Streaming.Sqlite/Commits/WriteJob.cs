using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Sqlite.Commits;

/// <summary>One caller's work on the writer. Executed perhaps more than once, completed once.</summary>
internal abstract class WriteJob
{
    /// <summary>How much of a group's room it takes.</summary>
    public int Weight { get; protected init; } = 1;

    /// <summary>Set when executing it threw: the group is written without it.</summary>
    public Exception? Fault { get; set; }

    public abstract void Execute(WriteSession session);

    public abstract void Complete();

    public abstract void Fail(Exception failure);
}

/// <summary>A job that answers with a value.</summary>
internal sealed class WriteJob<T> : WriteJob
{
    private readonly Func<WriteSession, T> _work;

    // A caller's continuation must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private T? _result;

    public WriteJob(Func<WriteSession, T> work, int weight)
    {
        _work = work;
        Weight = weight;
    }

    public Task<T> Done => _done.Task;

    public override void Execute(WriteSession session) => _result = _work(session);

    public override void Complete()
    {
        switch (Fault)
        {
            case null:
                _done.TrySetResult(_result!);
                break;
            case ArgumentException refused:
                _done.TrySetException(refused);
                break;
            default:
                _done.TrySetException(new StoreException($"The write failed: {Fault.Message}", Fault));
                break;
        }
    }

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}
