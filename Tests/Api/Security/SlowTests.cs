using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Connections that say little for long: others are served meanwhile, and in the end they are closed.</summary>
public sealed class SlowTests(ApiSilo silo)
{
    private const int Connections = 300;
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Requests_that_never_end_hold_nobody_up_and_are_closed()
    {
        var stop = TestContext.Current.CancellationToken;
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(IPAddress.Loopback, silo.Address.Port, stop);
                await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/status HTTP/1.1\r\nHost: {silo.Address.Authority}\r\nX-Slow: "), stop);
            }

            using var client = silo.As(Role.Viewer);
            await client.GetAsync("/v1/status");
            var times = new List<TimeSpan>();
            for (var i = 0; i < 20; i++)
            {
                // A letter more each time, as who wants to look alive would send.
                await Task.WhenAll(sockets.Select(socket => TrySendAsync(socket, stop)));
                var started = Stopwatch.GetTimestamp();
                (await client.GetAsync("/v1/status")).IsDone();
                times.Add(Stopwatch.GetElapsedTime(started));
            }

            // The machine may stand still now and then; a server that waits for the slow would be late every time.
            Assert.True(times.Order().ElementAt(times.Count / 2) < LongestAnswer, $"the answers took {string.Join(", ", times.Select(time => time.TotalMilliseconds))} ms");
            await Eventually.HoldsAsync($"all {Connections} connections to be closed", () => sockets.All(IsClosed), TimeSpan.FromSeconds(40));
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task TrySendAsync(Socket socket, CancellationToken stop)
    {
        try
        {
            await socket.SendAsync("x"u8.ToArray(), stop);
        }
        catch (SocketException)
        {
            // It was closed already.
        }
    }

    private static bool IsClosed(Socket socket)
    {
        try
        {
            if (!socket.Poll(0, SelectMode.SelectRead))
            {
                return false;
            }

            // What the server says of it, then the end.
            return socket.Available == 0 || socket.Receive(new byte[4096]) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
