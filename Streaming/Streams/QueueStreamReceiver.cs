using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Streams;

/// <summary>
/// Feeds one queue to its pulling agent. It waits in the read for a message to come, so a message is on its way at once
/// and an idle queue costs nothing. Acknowledging is not its business: the commit does that.
/// </summary>
internal sealed partial class QueueStreamReceiver(
    string queue, StreamId streamId, IQueueStore queues, QueueProgress progress, TimeProvider time,
    ILogger logger)
    : IQueueAdapterReceiver, IDisposable
{
    /// <summary>
    /// Most bytes of a message that travel on: one more than any reader takes, so that it still sees a message that is too
    /// large. A batch of uncut ones could be larger than a call between silos may be, and would then never arrive.
    /// </summary>
    public const int MaxPayload = 64 * 1024 + 1;

    private const int MaxBatch = 512;

    /// <summary>Most bytes of messages in one event, for the same reason.</summary>
    private const int MaxBatchBytes = 8 * 1024 * 1024;

    // The pulling agent notices a shutdown only between reads.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    // A consumer in another silo does not tell: then the agent's cache does, at its next read.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(5);

    private readonly UnderWay _underWay = new(time);
    private readonly CancellationTokenSource _stopping = new();

    // Later receivers of the same queue must go on above the tokens of earlier ones.
    private long _sequence = time.GetUtcNow().UtcTicks;
    private IQueueReader? _reader;

    public Task Initialize(TimeSpan timeout)
    {
        _reader = queues.OpenReader(queue);
        return Task.CompletedTask;
    }

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        if (_reader is null || _stopping.IsCancellationRequested)
        {
            return [];
        }

        _underWay.Handled(progress.Reached(queue));
        if (_underWay is { IsFull: true, Oldest: { } oldest })
        {
            await progress.WhenHandledAsync(queue, oldest, LongestPause, _stopping.Token);
            _underWay.Handled(progress.Reached(queue));
            if (_underWay.IsFull)
            {
                // Handled in another silo, which tells by the agent alone, or still at work.
                return [];
            }
        }

        try
        {
            var entries = await _reader.ReadAsync(MaxBatch, LongestWait, _stopping.Token);
            var batches = new List<IBatchContainer>(1);
            for (var first = 0; first < entries.Count;)
            {
                var count = CountOfBatch(entries, first);
                var part = count == entries.Count ? entries : [.. entries.Skip(first).Take(count)];
                var fresh = _underWay.Add(_sequence + 1, part);
                if (fresh.Count > 0)
                {
                    batches.Add(Pack(fresh));
                }

                first += count;
            }

            return batches;
        }
        catch (OperationCanceledException)
        {
            return [];
        }
        catch (StoreException exception)
        {
            LogStoreAway(logger, queue, exception.Message);
            return [];
        }
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages)
    {
        if (messages.Count > 0)
        {
            _underWay.Handled(messages.Max(batch => batch.SequenceToken.SequenceNumber));
        }

        return Task.CompletedTask;
    }

    public async Task Shutdown(TimeSpan timeout)
    {
        await _stopping.CancelAsync();
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
            _reader = null;
        }

        Dispose();
    }

    public void Dispose() => _stopping.Dispose();

    private static int CountOfBatch(IReadOnlyList<QueueEntry> entries, int first)
    {
        long bytes = 0;
        var end = first;
        do
        {
            bytes += Math.Min(entries[end].Payload.Length, MaxPayload);
            end++;
        }
        while (end < entries.Count && bytes + Math.Min(entries[end].Payload.Length, MaxPayload) <= MaxBatchBytes);
        return end - first;
    }

    private QueueBatchContainer Pack(IReadOnlyList<QueueEntry> entries)
    {
        var received = Stopwatch.GetTimestamp();
        var messages = ImmutableArray.CreateBuilder<QueueMessage>(entries.Count);
        foreach (var entry in entries)
        {
            var payload = entry.Payload;
            messages.Add(new QueueMessage(
                entry.Id, payload.Length > MaxPayload ? payload[..MaxPayload].ToArray() : payload, entry.Deliveries, received)
            {
                Size = payload.Length,
            });
        }

        return new QueueBatchContainer(
            streamId, new QueueBatch(queue, messages.MoveToImmutable()), new EventSequenceTokenV2(++_sequence));
    }

    [LoggerMessage(1001, LogLevel.Warning, "Queue {Queue} cannot be read: {Error}")]
    private static partial void LogStoreAway(ILogger logger, string queue, string error);
}
