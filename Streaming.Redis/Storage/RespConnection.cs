using System.Net.Security;
using System.Net.Sockets;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// One connection to Redis with any number of commands in flight. What callers send while a write is under way leaves in
/// the next write together. The first fault ends the connection and fails everything outstanding. Thread-safe.
/// </summary>
/// <remarks>Its time-outs run on the system's clock: Redis lives in real time whatever time the engine lives in.</remarks>
internal sealed class RespConnection : IAsyncDisposable
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(250);
    private readonly Lock _gate = new();
    private readonly Queue<RespCall> _inFlight = new();
    private readonly RedisAddress _address;
    private readonly Stream _stream;
    private readonly ITimer _watchdog;
    private readonly RespReceiver _receiver;
    private RespBuffer _pending = new(16 * 1024);
    private RespBuffer _sending = new(16 * 1024);
    private bool _writing;
    private StoreException? _failure;
    private Task _reading = Task.CompletedTask;

    private RespConnection(RedisAddress address, Stream stream)
    {
        _address = address;
        _stream = stream;
        _receiver = new RespReceiver(stream);
        _watchdog = TimeProvider.System.CreateTimer(_ => Watch(), null, WatchEvery, WatchEvery);
    }

    public bool IsBroken => Volatile.Read(ref _failure) is not null;

    /// <summary>Connects and logs in, within <paramref name="limit"/>.</summary>
    /// <exception cref="StoreException">It did not answer in time.</exception>
    /// <exception cref="StoreRefusedException">It refused the login.</exception>
    public static async Task<RespConnection> ConnectAsync(
        RedisAddress address, string name, TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(limit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        RespConnection? connection = null;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, timeout.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (address.Ssl)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = address.SslHost }, timeout.Token);
                stream = secure;
            }

            connection = new RespConnection(address, stream);
            connection._reading = connection.ReadAsync();
            await RespLogin.RunAsync(connection, address, name, limit).WaitAsync(timeout.Token);
            return connection;
        }
        catch (Exception fault) when (fault is not StoreRefusedException)
        {
            await EndAsync(connection, socket);
            cancellation.ThrowIfCancellationRequested();
            throw new StoreException($"Redis at {address} cannot be reached: {fault.Message}", fault);
        }
        catch (StoreRefusedException)
        {
            await EndAsync(connection, socket);
            throw;
        }
    }

    /// <summary>Sends commands whose replies go to <paramref name="calls"/>, one after the other.</summary>
    public void Send(RespBuffer commands, params ReadOnlySpan<RespCall> calls)
    {
        StoreException? failure;
        lock (_gate)
        {
            failure = _failure;
            if (failure is null)
            {
                _pending.Append(commands.Written.Span);
                foreach (var call in calls)
                {
                    call.Due = TimeProvider.System.GetTimestamp()
                        + (long)(call.Limit.TotalSeconds * TimeProvider.System.TimestampFrequency);
                    _inFlight.Enqueue(call);
                }

                if (_writing)
                {
                    return;
                }

                _writing = true;
            }
        }

        if (failure is null)
        {
            _ = WriteAsync();
            return;
        }

        foreach (var call in calls)
        {
            call.Fail(failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Break(new ObjectDisposedException(nameof(RespConnection)));
        await _reading;
    }

    private static async Task EndAsync(RespConnection? connection, Socket socket)
    {
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        socket.Dispose();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    _sending.Clear();
                    if (_pending.Length == 0 || _failure is not null)
                    {
                        _writing = false;
                        return;
                    }

                    (_pending, _sending) = (_sending, _pending);
                }

                await _stream.WriteAsync(_sending.Written);
            }
        }
        catch (Exception fault)
        {
            // Whatever the fault, bytes may be half sent: the connection is of no more use.
            Break(fault);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _receiver.ReceiveAsync())
            {
                while (_receiver.TryTake(out var reply))
                {
                    Deliver(reply);
                }
            }

            throw new EndOfStreamException("Redis closed the connection.");
        }
        catch (Exception fault)
        {
            // As for writes: a reply that was not understood leaves the connection out of step.
            Break(fault);
        }
    }

    private void Deliver(in RespValue reply)
    {
        RespCall? finished = null;
        lock (_gate)
        {
            if (!_inFlight.TryPeek(out var call))
            {
                throw new InvalidDataException("Redis answered something that was not asked.");
            }

            if (call.Take(reply))
            {
                finished = _inFlight.Dequeue();
            }
        }

        finished?.Finish();
    }

    private void Watch()
    {
        bool late;
        lock (_gate)
        {
            late = _inFlight.TryPeek(out var oldest) && TimeProvider.System.GetTimestamp() > oldest.Due;
        }

        if (late)
        {
            Break(new TimeoutException("Redis did not answer in time."));
        }
    }

    private void Break(Exception fault)
    {
        RespCall[] lost;
        StoreException failure;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            failure = new StoreException($"The connection to Redis at {_address} broke: {fault.Message}", fault);
            Volatile.Write(ref _failure, failure);
            lost = [.. _inFlight];
            _inFlight.Clear();
        }

        _watchdog.Dispose();
        _stream.Dispose();
        foreach (var call in lost)
        {
            call.Fail(failure);
        }
    }
}
