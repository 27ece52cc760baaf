namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>The engine under test: a silo of its build output, on free ports, told to use the given Redis for everything.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    /// <summary>The value of <c>--silo</c> that builds the silo before starting it.</summary>
    public const string BuildFirst = "run";

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private SiloProcess(ChildProcess process, Uri http)
    {
        _process = process;
        Http = http;
    }

    /// <summary>Where its HTTP interface listens.</summary>
    public Uri Http { get; }

    public int ProcessId => _process.Id;

    public string Tail() => _process.Tail();

    /// <summary>Starts the silo and returns once it says that it takes signals.</summary>
    public static async Task<SiloProcess> StartAsync(
        string? silo, string transport, RedisServer redis, string dataDirectory, CancellationToken cancellation, int[]? ports = null)
    {
        var binary = await FindBinaryAsync(silo, cancellation);
        ports ??= FreePorts.Take(3);
        var http = new Uri($"http://127.0.0.1:{ports[2]}");
        string[] arguments =
        [
            binary, "--store", "redis", "--redis", $"127.0.0.1:{redis.Port}", "--feed", "redis",
            "--execution", "redis", "--risk", "open", "--transport", transport,
            "--silo-port", $"{ports[0]}", "--gateway-port", $"{ports[1]}",
            "--http", http.AbsoluteUri.TrimEnd('/'), "--data", dataDirectory,
        ];
        var process = ChildProcess.Start("silo", DotNet.Host, dataDirectory, arguments);
        var started = new SiloProcess(process, http);
        try
        {
            using var connection = redis.Connect();

            // What an earlier silo said, which may have been killed, tells nothing of this one.
            _ = connection.Call("DEL", WireKeys.EngineReady);
            await process.WaitUntilAsync(
                $"the key {WireKeys.EngineReady} = true in Redis",
                () => connection.Call("GET", WireKeys.EngineReady) == "true",
                ReadyTimeout,
                cancellation);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it at once, as a crash would.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<string> FindBinaryAsync(string? silo, CancellationToken cancellation)
    {
        var root = RepositoryRoot.Find();
        if (silo == BuildFirst)
        {
            await BuildAsync(root, cancellation);
        }
        var binary = silo is null or BuildFirst
            ? Path.Combine(root, "artifacts", "bin", "Silo", "release", "TradingEngine.Silo.dll")
            : Path.GetFullPath(silo);
        return File.Exists(binary)
            ? binary
            : throw new BenchmarkException($"""
                There is no silo at {binary}. Build it with
                  dotnet build -c Release Silo
                in {root}, or let this command do so with --silo {BuildFirst}, or name another with --silo <path to the dll>.
                """);
    }

    private static async Task BuildAsync(string root, CancellationToken cancellation)
    {
        // Built and started as two steps: `dotnet run` would stand between this process and the silo it measures.
        Console.WriteLine("Building the silo: dotnet build -c Release Silo");
        await using var build = ChildProcess.Start(
            "dotnet build", DotNet.Host, root, ["build", "-c", "Release", "--nologo", "-v", "q", "Silo"]);
        await build.WaitForSuccessAsync(cancellation);
    }
}
