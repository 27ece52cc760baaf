using System.Globalization;
using System.Threading.Channels;
using StackExchange.Redis;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>Listens on a channel and keeps the newest messages for its reader: nothing here is durable or delivered twice.</summary>
internal sealed class ChannelQueueReader : IQueueReader
{
    private const int Capacity = 4096;
    private readonly Channel<QueueEntry> _messages;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly RedisStoreSession _session;
    private readonly Action<ChannelQueueReader> _closed;
    private readonly string _channel;
    private ChannelMessageQueue? _subscription;
    private long _last;

    public ChannelQueueReader(RedisStoreSession session, string channel, Action<ChannelQueueReader> closed)
    {
        _session = session;
        _channel = channel;
        _closed = closed;
        _messages = Channel.CreateBounded(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            (QueueEntry _) => session.Activity.Add(-1));
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

        var left = 0;
        while (_messages.Reader.TryRead(out _))
        {
            left++;
        }

        _session.Activity.Add(-left);
    }

    private void Take(List<QueueEntry> taken, int max)
    {
        while (taken.Count < max && _messages.Reader.TryRead(out var message))
        {
            taken.Add(message);
        }

        // The signal is dropped only with the last message, so that a small max leaves no message behind.
        if (_messages.Reader.Count == 0)
        {
            while (_arrived.CurrentCount > 0 && _arrived.Wait(0))
            {
            }

            if (_messages.Reader.Count > 0)
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
        _messages.Writer.TryWrite(new QueueEntry(id, (byte[]?)message.Message ?? [], 1));
        if (_arrived.CurrentCount == 0)
        {
            _arrived.Release();
        }
    }
}
