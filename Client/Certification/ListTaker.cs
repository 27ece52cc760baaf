using StackExchange.Redis;

namespace TradingEngine.Client.Certification;

/// <summary>Takes what comes on a list, in order, as long as it lives.</summary>
internal sealed class ListTaker(IDatabase database, string key) : IAsyncDisposable
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
            RedisValue[]? taken = null;
            try
            {
                taken = await database.ListRightPopAsync(key, Batch);
            }
            catch (Exception fault) when (fault is RedisException or TimeoutException)
            {
                // Away, or the key is no list: tried again; what does not come is the rules' to say.
            }

            foreach (var message in taken ?? [])
            {
                _take!((byte[])message!);
            }

            if (taken is not { Length: > 0 })
            {
                await Task.Delay(Pause, _ended.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }
}
