using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Hosting;

/// <summary>
/// A Redis of the host's own, started from the PATH, that only this machine can reach and that ends with the host. One that
/// an earlier host left running on the same directory, because it was killed, is taken over rather than doubled.
/// </summary>
public sealed class RedisServerLauncher : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const string Folder = "redis";
    private const string RunFile = "running";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(20);
    private readonly Process? _process;

    private RedisServerLauncher(int port, Process? process)
    {
        Port = port;
        _process = process;
    }

    /// <summary>TCP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>For <see cref="RedisStoreOptions.ConnectionString"/>.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts a server with its files under <paramref name="dataDirectory"/> and waits until it answers.</summary>
    /// <param name="dataDirectory">The host's data directory; made if absent.</param>
    /// <param name="port">Port to listen on; 0 chooses a free one.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>The server, or null where no <c>redis-server</c> is on the PATH.</returns>
    /// <exception cref="StoreException">It did not start.</exception>
    public static async Task<RedisServerLauncher?> StartAsync(
        string dataDirectory, int port = 0, CancellationToken cancellation = default)
    {
        var directory = Path.GetFullPath(Path.Combine(dataDirectory, Folder));
        Directory.CreateDirectory(directory);
        var runFile = Path.Combine(directory, RunFile);
        if (File.Exists(runFile)
            && (await File.ReadAllTextAsync(runFile, cancellation)).Split(' ') is [var portBefore, var runBefore]
            && int.TryParse(portBefore, CultureInfo.InvariantCulture, out var before)
            && (await AskAsync(before, cancellation))?.GetValueOrDefault("run_id") == runBefore)
        {
            return new RedisServerLauncher(before, null);
        }

        if (Find() is not { } program)
        {
            return null;
        }

        port = port == 0 ? FreePort() : port;
        var process = Start(program, directory, port);
        var launched = new RedisServerLauncher(port, process);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var pid = process.Id.ToString(CultureInfo.InvariantCulture);
            if (await AskAsync(port, cancellation) is { } info && info.GetValueOrDefault("process_id") == pid)
            {
                var run = string.Create(CultureInfo.InvariantCulture, $"{port} {info["run_id"]}");
                await File.WriteAllTextAsync(runFile, run, cancellation);
                return launched;
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                process.Kill();
                process.Dispose();
                throw new StoreException($"{program} did not start on port {port}: see {Path.Combine(directory, "redis.log")}.");
            }

            await Task.Delay(PollEvery, TimeProvider.System, cancellation);
        }
    }

    /// <summary>Ends the server after it has written its file.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // Without the grace of a shutdown the last second of the append-only file may be missing.
            await using var client = new RespClient(RedisAddress.Parse(ConnectionString), "te-launcher");
            using var command = new RespBuffer();
            await client.CallAsync(command.Command("SHUTDOWN", "NOSAVE"), CancellationToken.None);
        }
        catch (StoreException)
        {
            // It closes the connection instead of answering, or had ended before.
        }

        if (_process is null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? Program + ".exe" : Program))
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Process Start(string program, string directory, int port)
    {
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture), "--dir", directory,
            "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--save", "",
            // What the engine keeps is small beside what it writes: by default Redis would rewrite its file every few seconds.
            "--auto-aof-rewrite-min-size", "512mb",
            "--daemonize", "no", "--logfile", Path.Combine(directory, "redis.log"),
        ];
        return Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = directory })
            ?? throw new StoreException($"{program} did not start.");
    }

    /// <summary>What the server that answers there says of itself; null when none does, or it still loads its data.</summary>
    private static async Task<Dictionary<string, string>?> AskAsync(int port, CancellationToken cancellation)
    {
        try
        {
            var address = RedisAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
            await using var client = new RespClient(address, "te-launcher");
            using var command = new RespBuffer();
            var info = RedisServerFacts.Parse((await client.CallAsync(command.Command("INFO"), cancellation)).Text);
            return info.GetValueOrDefault("loading") == "0" ? info : null;
        }
        catch (StoreException)
        {
            return null;
        }
    }
}
