using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Storage;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>A redis-server on a free port, with an append-only file, that a test may kill and start again.</summary>
public sealed class RedisServerFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("te-redis-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync()
    {
        string[] arguments =
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _directory,
            "--appendonly", "yes", "--save", "", "--logfile", "redis.log",
        ];
        _process = Process.Start(new ProcessStartInfo("redis-server", arguments))!;
        await RedisTest.UntilAsync("redis-server to answer", async () =>
        {
            try
            {
                return (await ExecuteAsync("PING")).Text == "PONG";
            }
            catch (StoreException)
            {
                return false;
            }
        });
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    internal async Task<RespValue> ExecuteAsync(params string[] words)
    {
        await using var client = new RespClient(RedisAddress.Parse(ConnectionString), "test");
        using var command = new RespBuffer();
        return await client.CallAsync(command.Command(words), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
