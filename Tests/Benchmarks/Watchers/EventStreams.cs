using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TradingEngine.Tests.Benchmarks.Watchers;

/// <summary>Many clients of one event stream, each a connection that reads all it gets and looks at nothing but the ends of events.</summary>
internal sealed class EventStreams : IAsyncDisposable
{
    private const int ReadSize = 64 * 1024;
    // A caller may ask 200 times a second.
    private const int AtOnce = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _reading = [];
    private long _events;
    private long _bytes;
    private int _ended;

    /// <summary>Events that came so far, all clients together.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>Bytes that came so far.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Clients whose stream ended though nobody asked for it.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public static async Task<EventStreams> ConnectAsync(Uri http, string path, int count, CancellationToken cancellation)
    {
        var streams = new EventStreams();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectLimit);
        var request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {http.Authority}\r\nAccept: text/event-stream\r\n\r\n");
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            streams._sockets.Add(socket);
            await socket.ConnectAsync(IPAddress.Loopback, http.Port, limit.Token);
            await socket.SendAsync(request, limit.Token);
            var buffer = new byte[ReadSize];
            var got = await socket.ReceiveAsync(buffer, limit.Token);
            var head = Encoding.ASCII.GetString(buffer, 0, got);
            if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            {
                throw new Harness.BenchmarkException($"Client {i + 1} of {path} was answered: {head.Split('\r')[0]}");
            }

            streams._reading.Add(streams.ReadAsync(socket, buffer));
            if ((i + 1) % AtOnce == 0)
            {
                await Task.Delay(Pause, limit.Token);
            }
        }

        return streams;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _sockets.ForEach(socket => socket.Dispose());
        await Task.WhenAll(_reading);
        _ending.Dispose();
    }

    private async Task ReadAsync(Socket socket, byte[] buffer)
    {
        var last = (byte)0;
        try
        {
            while (await socket.ReceiveAsync(buffer, _ending.Token) is var got and > 0)
            {
                var events = 0;
                foreach (var letter in buffer.AsSpan(0, got))
                {
                    events += letter == '\n' && last == '\n' ? 1 : 0;
                    last = letter;
                }

                Interlocked.Add(ref _events, events);
                Interlocked.Add(ref _bytes, got);
            }

            Interlocked.Increment(ref _ended);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            if (!_ending.IsCancellationRequested)
            {
                Interlocked.Increment(ref _ended);
            }
        }
    }
}
