using System.Diagnostics;
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
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ThrowEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly NewestMessages _messages;
    private readonly TroubleLog _trouble;
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly RedisStoreSession _session;
    private readonly Action<ChannelQueueReader> _closed;
    private readonly string _channel;
    private readonly Task _subscribed;
    private ChannelMessageQueue? _subscription;
    private volatile Exception? _fault;
    private long _thrownAt;
    private long _last;

    public ChannelQueueReader(
        RedisStoreSession session, string channel, Func<ReadOnlyMemory<byte>, string?>? subjectOf, Action<ChannelQueueReader> closed)
    {
        _session = session;
        _channel = channel;
        _closed = closed;
        _messages = new NewestMessages(Capacity, subjectOf);
        _trouble = new TroubleLog(session.Logger);
        _subscribed = SubscribeAsync();
    }

    /// <summary>Completes when messages published from now on are heard.</summary>
    /// <exception cref="StoreException">They are not, for as long as a command may take.</exception>
    public async Task WhenHeardAsync(CancellationToken cancellation)
    {
        try
        {
            await _subscribed.WaitAsync(RespClient.CommandLimit, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            throw NotHeard();
        }
    }

    public async ValueTask<IReadOnlyList<QueueEntry>> ReadAsync(
        int max, TimeSpan wait, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        if (_session.Lost is not null)
        {
            await Task.Delay(wait < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : wait, TimeProvider.System, cancellation);
            return [];
        }

        if (!_subscribed.IsCompletedSuccessfully && !await IsSubscribedWithinAsync(wait, cancellation))
        {
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
        await _ending.CancelAsync();
        try
        {
            await _subscribed;
            await (_subscription?.UnsubscribeAsync() ?? Task.CompletedTask);
        }
        catch (Exception fault) when (fault is OperationCanceledException or RedisException or RedisTimeoutException)
        {
            // It was not heard yet, or a Redis that is away has forgotten the subscription itself.
        }

        _ending.Dispose();

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

    /// <summary>Waits for the subscription; false when it is not there in time. The caller hears why at most once a second.</summary>
    private async Task<bool> IsSubscribedWithinAsync(TimeSpan wait, CancellationToken cancellation)
    {
        try
        {
            await _subscribed.WaitAsync(wait < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : wait, TimeProvider.System, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            if (_fault is null || (_thrownAt != 0 && Stopwatch.GetElapsedTime(_thrownAt) < ThrowEvery))
            {
                return false;
            }

            _thrownAt = Stopwatch.GetTimestamp();
            throw NotHeard();
        }
    }

    private StoreException NotHeard() => new($"Channel '{_channel}' cannot be heard: {_fault?.Message ?? "Redis does not answer"}", _fault);

    /// <summary>Tries until it succeeds: a queue is opened once, and nobody would hear of a channel whose Redis was away then.</summary>
    private async Task SubscribeAsync()
    {
        var subscriber = _session.Board.GetSubscriber();
        var channel = RedisChannel.Literal(_channel);
        while (true)
        {
            try
            {
                _subscription = await subscriber.SubscribeAsync(channel);
                _subscription.OnMessage(Receive);
                return;
            }
            catch (Exception fault) when (fault is RedisException or RedisTimeoutException)
            {
                _fault = fault;
                _trouble.Report(_channel, fault.Message);
            }

            try
            {
                // What failed is subscribed all the same once Redis is back, and its messages would pile up unread.
                await subscriber.UnsubscribeAsync(channel);
            }
            catch (Exception fault) when (fault is RedisException or RedisTimeoutException)
            {
                // It is away: the client has forgotten the subscription, which is all that is wanted.
            }

            await Task.Delay(RetryAfter, TimeProvider.System, _ending.Token);
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
