using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Replies awaited from a connection: those of one or more commands that were sent together.</summary>
internal sealed class RespCall : TaskCompletionSource<RespValue[]>
{
    private readonly RespValue[] _replies;
    private readonly Action<RespValue[]>? _inOrder;
    private int _received;

    /// <param name="replies">Number of commands.</param>
    /// <param name="limit">How long the replies may take, a blocking command's own time included.</param>
    /// <param name="inOrder">Called with the replies before the task completes, in the order of the connection; must not throw.</param>
    /// <param name="inline">Continue the awaiting caller on the reading loop: for callers that only ever await and send.</param>
    public RespCall(int replies, TimeSpan limit, Action<RespValue[]>? inOrder = null, bool inline = false)
        : base(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _replies = new RespValue[replies];
        _inOrder = inOrder;
        Limit = limit;
    }

    public TimeSpan Limit { get; }

    /// <summary>Moment, on the system's monotonic clock, when the connection is given up if the replies are still missing.</summary>
    public long Due { get; set; }

    /// <summary>Takes the next reply; true when it was the last.</summary>
    public bool Take(in RespValue reply)
    {
        _replies[_received++] = reply;
        return _received == _replies.Length;
    }

    public void Finish()
    {
        try
        {
            _inOrder?.Invoke(_replies);
        }
        finally
        {
            TrySetResult(_replies);
        }
    }

    public void Fail(StoreException reason)
    {
        TrySetException(reason);
        // Whoever waits for an earlier reply of the same connection may never look at this one.
        _ = Task.Exception;
    }
}
