using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// A connection that is made again when it broke: at the next call, and not sooner after a failed attempt than a delay that
/// doubles up to a second, so that a Redis that is away costs its callers no waiting. Thread-safe.
/// </summary>
internal sealed class RespClient(RedisAddress address, string name) : IAsyncDisposable
{
    /// <summary>How long connecting may take.</summary>
    public static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long a reply may take before the connection is given up.</summary>
    public static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private RespConnection? _connection;
    private Exception? _lastFault;
    private TimeSpan _delay = FirstDelay;
    private long _failedAt;
    private bool _disposed;

    /// <summary>Sends commands and awaits their replies; error replies are returned as they are.</summary>
    /// <exception cref="StoreException">The replies did not come.</exception>
    public async Task<RespValue[]> CallAsync(
        RespBuffer commands, int replies, CancellationToken cancellation, Action<RespValue[]>? inOrder = null)
    {
        var connection = Volatile.Read(ref _connection);
        if (connection is null || connection.IsBroken)
        {
            connection = await ConnectAsync(cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        var call = new RespCall(replies, CommandLimit, inOrder);
        connection.Send(commands, call);
        return await call.Task.WaitAsync(cancellation);
    }

    /// <summary>Sends one command and awaits its reply.</summary>
    /// <exception cref="StoreException">The reply did not come, or is an error.</exception>
    public async Task<RespValue> CallAsync(RespBuffer command, CancellationToken cancellation) =>
        (await CallAsync(command, 1, cancellation))[0].OrThrow();

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task<RespConnection> ConnectAsync(CancellationToken cancellation)
    {
        await _connecting.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connection is { IsBroken: false })
            {
                return _connection;
            }

            if (_lastFault is not null && TimeProvider.System.GetElapsedTime(_failedAt) < _delay)
            {
                throw new StoreException(_lastFault.Message, _lastFault);
            }

            return await AttemptAsync(cancellation);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<RespConnection> AttemptAsync(CancellationToken cancellation)
    {
        try
        {
            var made = await RespConnection.ConnectAsync(address, name, ConnectLimit, cancellation);
            (_lastFault, _delay) = (null, FirstDelay);
            Volatile.Write(ref _connection, made);
            return made;
        }
        catch (Exception fault) when (fault is StoreException or StoreRefusedException)
        {
            _delay = _lastFault is null ? FirstDelay : TimeSpan.FromTicks(Math.Min(_delay.Ticks * 2, LongestDelay.Ticks));
            _failedAt = TimeProvider.System.GetTimestamp();
            _lastFault = fault;
            throw new StoreException(fault.Message, fault);
        }
    }
}

/// <summary>Turns error replies into exceptions.</summary>
internal static class RespValueExtensions
{
    public static RespValue OrThrow(this in RespValue reply) =>
        reply.IsError ? throw new StoreException($"Redis answered '{reply.Text}'.") : reply;
}
