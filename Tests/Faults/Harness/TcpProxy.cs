using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Stands before one port and hands on what comes, as the network's rules for the two ends say.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int Chunk = 64 * 1024;
    private const int Chunks = 256;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<Task, bool> _links = new();
    private readonly Network _network;
    private readonly int _node;
    private readonly int _target;
    private readonly Func<int, int?> _nodeOf;
    private readonly Task _accepting;
    private HeldAnswer? _held;

    /// <param name="network">Whose rules hold.</param>
    /// <param name="node">Whose port it stands before.</param>
    /// <param name="target">That port.</param>
    /// <param name="nodeOf">Who connects from a port; null when it is nobody of the run.</param>
    public TcpProxy(Network network, int node, int target, Func<int, int?> nodeOf)
    {
        (_network, _node, _target, _nodeOf) = (network, node, target, nodeOf);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>
    /// Lets the request that holds these bytes through, and no answer on its connection ever after: what it asked for is
    /// done, and who asked never learns of it. Completes when the request went on.
    /// </summary>
    public Task HoldAnswerTo(byte[] bytes)
    {
        var held = new HeldAnswer(bytes);
        _held = held;
        return held.Passed.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_links.Keys);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var link = LinkAsync(await _listener.AcceptTcpClientAsync(_ending.Token));
                _links[link] = true;
                _ = link.ContinueWith(ended => _links.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run ends.
        }
    }

    private async Task LinkAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                if (_nodeOf(((IPEndPoint)client.Client.RemoteEndPoint!).Port) is not { } peer)
                {
                    return;
                }

                await _network.PassAsync(peer, _node, Stopwatch.GetTimestamp(), _ending.Token);
                await server.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
                using var closing = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
                var link = new Link();
                var first = await Task.WhenAny(
                    PumpAsync(client.GetStream(), server.GetStream(), peer, _node, link, true, closing.Token),
                    PumpAsync(server.GetStream(), client.GetStream(), _node, peer, link, false, closing.Token));
                await closing.CancelAsync();
                await first;
            }
            catch (Exception exception) when (exception
                is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the two is gone: so is the other's connection.
            }
        }
    }

    private async Task PumpAsync(
        NetworkStream source, NetworkStream target, int from, int to, Link link, bool isRequest, CancellationToken cancellation)
    {
        var pieces = Channel.CreateBounded<(byte[] Bytes, long At)>(Chunks);
        var reading = ReadAsync();
        await foreach (var (bytes, at) in pieces.Reader.ReadAllAsync(cancellation))
        {
            await _network.PassAsync(from, to, at, cancellation);
            var passes = isRequest && _held is { } held && held.IsIn(link, bytes) ? held : null;
            if (passes is not null)
            {
                link.IsHeld = true;
            }
            else if (!isRequest && link.IsHeld)
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }

            await target.WriteAsync(bytes, cancellation);
            passes?.Passed.TrySetResult();
        }

        await reading;

        async Task ReadAsync()
        {
            var buffer = new byte[Chunk];
            try
            {
                while (await source.ReadAsync(buffer, cancellation) is var count and > 0)
                {
                    await pieces.Writer.WriteAsync((buffer[..count], Stopwatch.GetTimestamp()), cancellation);
                }

                pieces.Writer.TryComplete();
            }
            catch (Exception exception)
            {
                // Told to who writes, behind what was read before.
                pieces.Writer.TryComplete(exception);
            }
        }
    }

    private sealed class Link
    {
        public bool IsHeld { get; set; }

        /// <summary>The end of what passed, since what is looked for may lie across two pieces.</summary>
        public byte[] Tail { get; set; } = [];
    }

    private sealed class HeldAnswer(byte[] bytes)
    {
        public TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsIn(Link link, byte[] piece)
        {
            byte[] seen = [.. link.Tail, .. piece];
            link.Tail = seen[^Math.Min(seen.Length, bytes.Length - 1)..];
            return seen.AsSpan().IndexOf(bytes) >= 0;
        }
    }
}
