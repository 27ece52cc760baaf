using System.Diagnostics;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>
/// Reads one queue: a connection per source key fills a buffer, what is pending first; entries that stay unanswered are put
/// into it again. While Redis is away it goes on trying, and its caller hears of it at most once a second.
/// </summary>
internal sealed class RedisQueueReader : IQueueReader
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ThrowEvery = TimeSpan.FromSeconds(1);

    /// <summary>Looks for entries to deliver again within the time after which they are due.</summary>
    private const int LooksWithin = 4;

    private readonly CancellationTokenSource _ending;
    private readonly EntryBuffer _buffer;
    private readonly SemaphoreSlim _recovering = new(1, 1);
    private readonly RedisStoreSession _session;
    private readonly QueueRoute _route;
    private readonly PendingEntries _pending;
    private readonly TroubleLog _trouble;
    private readonly Action<IQueueReader> _closed;
    private readonly Task _work;
    private volatile Exception? _fault;
    private readonly long _opened = Stopwatch.GetTimestamp();
    private long _recoveredAt;
    private long _thrownAt;
    private int _disposed;

    public RedisQueueReader(RedisStoreSession session, QueueRoute route, Action<IQueueReader> closed)
    {
        _closed = closed;
        _session = session;
        // A store that is another one now is not read either.
        _ending = CancellationTokenSource.CreateLinkedTokenSource(session.WhenLost);
        _route = route;
        _trouble = new TroubleLog(session.Logger);
        _buffer = new EntryBuffer(route.Definition.RedeliverAfter);
        _pending = new PendingEntries(session, route.Stream, route.Definition.RedeliverAfter);
        IEnumerable<IQueueSource> sources = route.Carrier == QueueCarrier.List
            ? route.Lists.Select(key => new ListSource(session, key, route.Stream, _trouble))
            : [new StreamSource(session, route.Stream)];
        _work = Task.WhenAll([.. sources.Select(PumpAsync), RedeliverAsync()]);
    }

    public async ValueTask<IReadOnlyList<QueueEntry>> ReadAsync(
        int max, TimeSpan wait, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        if (_session.Lost is not null)
        {
            // Nothing comes any more, and that was said once: what is held here belongs to a store that is not there.
            await Task.Delay(wait < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : wait, TimeProvider.System, cancellation);
            return [];
        }

        var taken = await _buffer.TakeAsync(max, wait, cancellation);
        if (taken.Count == 0 && _fault is { } fault
            && (_thrownAt == 0 || Stopwatch.GetElapsedTime(_thrownAt) >= ThrowEvery))
        {
            _thrownAt = Stopwatch.GetTimestamp();
            throw new StoreException($"Queue '{_route.Definition.Name}' cannot be read: {fault.Message}", fault);
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _closed(this);
            await _ending.CancelAsync();
            await _work;
            _buffer.Dispose();
            _recovering.Dispose();
            _ending.Dispose();
        }
    }

    private async Task PumpAsync(IQueueSource source)
    {
        await Task.Yield();
        var delay = FirstDelay;
        // All sources of a new reader share one moment, so that one recovery serves them whenever each gets to run.
        var lost = _opened;
        while (!_ending.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var running = false;
            try
            {
                await using var connection = await RespConnection.ConnectAsync(
                    _session.Address, "te-queue", RespClient.ConnectLimit, _ending.Token);
                // A blocked read ends by closing its connection.
                await using var closing = _ending.Token.Register(() => _ = connection.DisposeAsync().AsTask());
                await RecoverAsync(connection, lost);
                _fault = null;
                running = true;
                await source.RunAsync(connection, _buffer, _ending.Token);
            }
            catch (Exception) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The loop's edge: whatever went wrong with one key, the queue is read again after a pause.
                _fault = fault;
                lost = running ? Stopwatch.GetTimestamp() : lost;
                _trouble.Report(source.Key, fault.Message);
            }

            // A source that fails as soon as it runs must not be tried without end at full speed.
            delay = Stopwatch.GetElapsedTime(began) > SteadyAfter ? FirstDelay : delay;
            await PauseAsync(delay);
            delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
        }
    }

    /// <summary>One recovery serves all sources that lost their connections before it began.</summary>
    private async Task RecoverAsync(RespConnection connection, long lostBefore)
    {
        await _recovering.WaitAsync(_ending.Token);
        try
        {
            if (_recoveredAt < lostBefore)
            {
                var began = Stopwatch.GetTimestamp();
                await _pending.RecoverAsync(connection, _buffer, _ending.Token);

                // Whoever read the queue before may have died over what it had.
                await _pending.RedeliverAsync(_buffer, _ending.Token);
                _recoveredAt = began;
            }
        }
        finally
        {
            _recovering.Release();
        }
    }

    private async Task RedeliverAsync()
    {
        using var timer = new PeriodicTimer(_route.Definition.RedeliverAfter / LooksWithin, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                try
                {
                    await _pending.RedeliverAsync(_buffer, _ending.Token);
                }
                catch (Exception fault) when (!_ending.IsCancellationRequested)
                {
                    // The loop's edge: the next turn tries again.
                    _trouble.Report(_route.Stream, fault.Message);
                }
            }
        }
        catch (Exception) when (_ending.IsCancellationRequested)
        {
            // The reader ends.
        }
    }

    private async Task PauseAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, TimeProvider.System, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }
}
