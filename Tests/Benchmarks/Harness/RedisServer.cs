using System.Net.Sockets;

namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>A private redis-server, persisting as production's does by default: append-only file, fsync each second.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _process;

    private RedisServer(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    public static async Task<RedisServer> StartAsync(string directory, CancellationToken cancellation)
    {
        var port = FreePorts.Take(1)[0];
        string[] arguments =
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", directory, "--save", "",
            "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--auto-aof-rewrite-min-size", "512mb",
        ];
        ChildProcess process;
        try
        {
            process = ChildProcess.Start("redis-server", "redis-server", directory, arguments);
        }
        catch (BenchmarkException error)
        {
            throw new BenchmarkException($"{error.Message}. Install it: sudo apt-get install redis-server", error);
        }
        var server = new RedisServer(process, port);
        try
        {
            await process.WaitUntilAsync("an answer to PING", server.Answers, StartTimeout, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a connection of the caller's own.</summary>
    public RespConnection Connect() => new(Port);

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var connection = Connect();
            // NOSAVE: the directory is about to be removed. Redis answers by closing the connection.
            connection.Write("SHUTDOWN", "NOSAVE");
            connection.Flush();
            connection.SkipReply();
        }
        catch (Exception error) when (error is RespException or SocketException)
        {
            // Closed as expected, or gone already (Ctrl+C reaches the whole group); SIGTERM below covers the rest.
        }
        await _process.DisposeAsync();
    }

    private bool Answers()
    {
        try
        {
            using var connection = Connect();
            return connection.Call("PING") == "PONG";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
