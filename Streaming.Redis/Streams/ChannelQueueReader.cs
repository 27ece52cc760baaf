using System.Globalization;
using StackExchange.Redis;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>
/// Listens on a channel and keeps the newest messages of each subject for its reader: nothing here is durable or delivered twice.
/// </summary>
internal sealed class ChannelQueueReader : IQueueReader
{
    internal const int Capacity = 4096;
    private readonly NewestMessages _messages;
    private readonly TroubleLog _trouble;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly RedisStoreSession _session;
    private readonly Action<ChannelQueueReader> _closed;
    private readonly string _channel;
    private ChannelMessageQueue? _subscription;
    private long _last;

    public ChannelQueueReader(
        RedisStoreSession session, string channel, Func<ReadOnlyMemory<byte>, string?>? subjectOf, Action<ChannelQueueReader> closed)
    {
        _session = session;
        _channel = channel;
        _closed = closed;
        _messages = new NewestMessages(Capacity, subjectOf);
        _trouble = new TroubleLog(session.Logger);
        Subscribed = SubscribeAsync();
    }

    /// <summary>Completes when messages published from now on are heard.</summary>
    public Task Subscribed { get; }

    public async ValueTask<IReadOnlyList<QueueEntry>> ReadAsync(
        int max, TimeSpan wait, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        await Subscribed.WaitAsync(cancellation);
        if (_session.Lost is not null)
        {
            await Task.Delay(wait < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : wait, TimeProvider.System, cancellation);
            return [];
        }

        var taken = new List<QueueEntry>();
        Take(taken, max);
        if (taken.Count == 0 && await _arrived.WaitAsync(wait, cancellation))
        {
            Take(taken, max);
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        _closed(this);
        try
        {
            await Subscribed;
            await (_subscription?.UnsubscribeAsync() ?? Task.CompletedTask);
        }
        catch (Exception fault) when (fault is StoreException or RedisException or RedisTimeoutException)
        {
            // A Redis that is away has forgotten the subscription itself.
        }

        var left = new List<QueueEntry>();
        _messages.Take(left, int.MaxValue);
        _session.Activity.Add(-left.Count);
    }

    private void Take(List<QueueEntry> taken, int max)
    {
        _messages.Take(taken, max);

        // The signal is dropped only with the last message, so that a small max leaves no message behind.
        if (_messages.Count == 0)
        {
            while (_arrived.CurrentCount > 0 && _arrived.Wait(0))
            {
            }

            if (_messages.Count > 0)
            {
                _arrived.Release();
            }
        }
    }

    private async Task SubscribeAsync()
    {
        try
        {
            _subscription = await _session.Board.GetSubscriber().SubscribeAsync(RedisChannel.Literal(_channel));
            _subscription.OnMessage(Receive);
        }
        catch (Exception fault) when (fault is RedisException or RedisTimeoutException)
        {
            throw new StoreException($"Channel '{_channel}' cannot be heard: {fault.Message}", fault);
        }
    }

    private void Receive(ChannelMessage message)
    {
        var id = "c-" + (++_last).ToString(CultureInfo.InvariantCulture);
        if (!_messages.Add(new QueueEntry(id, (byte[]?)message.Message ?? [], 1)))
        {
            _session.Activity.Add(-1);
            _trouble.Report(_channel, "messages come faster than they are handled; of each subject the newest are kept");
        }

        if (_arrived.CurrentCount == 0)
        {
            _arrived.Release();
        }
    }
}
