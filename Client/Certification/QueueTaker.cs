using StackExchange.Redis;

namespace TradingEngine.Client.Certification;

/// <summary>Takes what comes on a queue, in order, as long as it lives.</summary>
internal sealed class QueueTaker(WireQueues queues, WireQueue queue) : IAsyncDisposable
{
    private const int Batch = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _ended = new();
    private Action<ReadOnlyMemory<byte>>? _take;
    private Task? _taking;

    /// <summary>Begins, or goes on with another receiver.</summary>
    public void Start(Action<ReadOnlyMemory<byte>> take)
    {
        _take = take;
        _taking ??= TakeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        if (_taking is not null)
        {
            await _taking;
        }

        _ended.Dispose();
    }

    private async Task TakeAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            IReadOnlyList<byte[]> taken = [];
            try
            {
                taken = await queues.TakeAsync(queue, Batch);
            }
            catch (Exception fault) when (fault is RedisException or TimeoutException)
            {
                // Away, or the key is of another kind: tried again; what does not come is the rules' to say.
            }

            foreach (var message in taken)
            {
                _take!(message);
            }

            if (taken.Count == 0)
            {
                await Task.Delay(Pause, _ended.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}
