using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>What reading has in common: look, else wait for an append or for something to fall due, and look again.</summary>
internal abstract class WaitingReader(Signal appended, TimeProvider time) : IQueueReader
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    public async ValueTask<IReadOnlyList<QueueEntry>> ReadAsync(
        int max, TimeSpan wait, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var started = time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = appended.Next();
            var entries = await TakeAsync(max, cancellation);
            var left = wait - time.GetElapsedTime(started);
            if (entries.Count > 0 || left <= TimeSpan.Zero)
            {
                return entries;
            }

            await PauseAsync(next, left, cancellation);
        }
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What can be delivered now, oldest first.</summary>
    protected abstract ValueTask<IReadOnlyList<QueueEntry>> TakeAsync(int max, CancellationToken cancellation);

    /// <summary>Time until something must be delivered again; null while nothing is in flight.</summary>
    protected abstract TimeSpan? UntilDue();

    private async Task PauseAsync(Task next, TimeSpan left, CancellationToken cancellation)
    {
        var pause = UntilDue() is { } due && due < left ? due : left;
        pause = pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause;

        // The end of a pause is no error, and an exception each time would cost more than the wait.
        await next.WaitAsync(pause, time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }
}
