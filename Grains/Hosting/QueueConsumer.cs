using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Orleans.Streams.Core;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Risk;
using TradingEngine.Grains.Interfaces.Wire;

namespace TradingEngine.Grains.Hosting;

/// <summary>
/// A grain that takes the batches of a queue. What fails is caught here and not acknowledged, so the queue delivers it
/// again: a consumer that threw would hold up its whole stream.
/// </summary>
public abstract partial class QueueConsumerGrain(DeadLetters deadLetters, ILogger logger) : Grain, IStreamSubscriptionObserver, IAsyncObserver<QueueBatch>
{
    /// <summary>Where what cannot be handled goes.</summary>
    protected DeadLetters DeadLetters { get; } = deadLetters;

    /// <summary>A message that failed this often is set aside.</summary>
    protected const int MaxDeliveries = 5;

    private readonly Queue<Task> _underWay = new();
    private Task _newest = Task.CompletedTask;
    private QueueProgress _progress = null!;

    /// <summary>
    /// Batches that may be handled at once. More than one lets a batch begin while the one before it is being written, and asks that
    /// <see cref="HandleAsync"/> keeps the order of what must be in order.
    /// </summary>
    protected virtual int BatchesAtOnce => 1;

    /// <inheritdoc/>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        ArgumentNullException.ThrowIfNull(handleFactory);
        _progress = ServiceProvider.GetRequiredService<QueueProgress>();
        await handleFactory.Create<QueueBatch>().ResumeAsync(this);
    }

    /// <inheritdoc/>
    public async Task OnNextAsync(QueueBatch item, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        _newest = HandleAndTellAsync(item, token, _newest);
        _underWay.Enqueue(_newest);
        while (_underWay.Count >= BatchesAtOnce)
        {
            // It does not fail: all that can happen to a batch is caught.
            await _underWay.Dequeue();
        }
    }

    /// <summary>Handles a batch, and says so when those before it are handled too: who reads the queue goes by the newest it hears of.</summary>
    private async Task HandleAndTellAsync(QueueBatch item, StreamSequenceToken? token, Task before)
    {
        try
        {
            await HandleOrIsolateAsync(item);
        }
        finally
        {
            await before;
            if (token is not null)
            {
                _progress.Handled(item.Queue, token.SequenceNumber);
            }
        }
    }

    private async Task HandleOrIsolateAsync(QueueBatch item)
    {
        try
        {
            await HandleAsync(item);
        }
        catch (StoreException exception)
        {
            OnFailed();
            LogStoreAway(logger, item.Queue, item.Messages.Length, exception.Message);
        }
#pragma warning disable CA1031 // The edge of the queue: one bad batch must not stop the ones behind it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            OnFailed();
            LogFailed(logger, exception, item.Queue, item.Messages.Length);
            await IsolateAsync(item, exception);
        }
    }

    /// <summary>Tries the messages of a failed batch one by one, so that only the one to blame fails, and sets that one aside
    /// when it has failed often enough.</summary>
    private async Task IsolateAsync(QueueBatch batch, Exception exception)
    {
        if (batch.Messages.Length > 1)
        {
            foreach (var message in batch.Messages)
            {
                await HandleOrIsolateAsync(batch with { Messages = [message] });
            }
        }
        else if (batch.Messages[0].Deliveries >= MaxDeliveries)
        {
            try
            {
                await DeadLetters.AddAsync(
                    batch.Queue, batch.Messages[0], new WireError(RejectReason.Malformed, $"failed {MaxDeliveries} times: {exception.Message}"));
            }
            catch (StoreException)
            {
                // It comes again.
            }
        }
    }

    /// <inheritdoc/>
    public Task OnErrorAsync(Exception ex)
    {
        LogFailed(logger, ex, "stream", 0);
        return Task.CompletedTask;
    }

    /// <summary>Handles a batch and acknowledges what it has answered.</summary>
    protected abstract Task HandleAsync(QueueBatch batch);

    /// <summary>Told when a batch failed.</summary>
    protected virtual void OnFailed()
    {
    }

    [LoggerMessage(2301, LogLevel.Warning, "{Count} messages of {Queue} wait for the store: {Error}")]
    private static partial void LogStoreAway(ILogger logger, string queue, int count, string error);

    [LoggerMessage(2302, LogLevel.Error, "{Count} messages of {Queue} failed and will come again")]
    private static partial void LogFailed(ILogger logger, Exception exception, string queue, int count);
}
