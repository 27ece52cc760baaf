using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TradingEngine.Client;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The real silo as a process, with what it prints.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly ConcurrentQueue<PrintedLine> _lines = new();

    private SiloProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Add(line.Data, isError: true);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it printed so far, in order.</summary>
    public IReadOnlyList<PrintedLine> Lines => [.. _lines];

    public IEnumerable<string> Errors => Lines.Where(line => line.IsError).Select(line => line.Text);

    public bool IsRunning => !_process.HasExited;

    /// <summary>Path of a program of this repository, built as these tests are.</summary>
    public static string PathOf(string project)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"TradingEngine.{project}.dll");
    }

    public static SiloProcess Start(params IEnumerable<string> arguments) => StartIn(Environment.CurrentDirectory, arguments);

    /// <summary>Starts a silo with variables of its environment beside those of this process.</summary>
    public static SiloProcess StartWith(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments) =>
        StartIn(Environment.CurrentDirectory, arguments, environment);

    /// <summary>Starts a silo as a user who stands in <paramref name="directory"/>.</summary>
    public static SiloProcess StartIn(string directory, params IEnumerable<string> arguments) =>
        StartIn(directory, arguments, new Dictionary<string, string>());

    private static SiloProcess StartIn(string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", [PathOf("Silo"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new SiloProcess(Process.Start(start)!);
    }

    /// <summary>Waits for a line that begins so.</summary>
    public async Task<PrintedLine> PrintsAsync(string beginning, TimeSpan? limit = null)
    {
        PrintedLine? found = null;
        await Eventually.HoldsAsync(
            $"the silo to print '{beginning}'; it printed:\n{string.Join('\n', Lines.Select(line => line.Text))}",
            () =>
            {
                found = Lines.FirstOrDefault(line => line.Text.StartsWith(beginning, StringComparison.Ordinal));
                return found is not null || !IsRunning;
            },
            limit);
        Assert.True(found is not null, $"The silo ended; it printed:\n{string.Join('\n', Lines.Select(line => line.Text))}");
        return found;
    }

    /// <summary>Waits for it to end, and returns its exit code.</summary>
    public async Task<int> EndsAsync()
    {
        await Eventually.EndsAsync("the silo to end", _process.WaitForExitAsync(TestContext.Current.CancellationToken));
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public Task<int> TerminateAsync()
    {
        Assert.Equal(0, Signal(_process.Id, Terminate));
        return EndsAsync();
    }

    /// <summary>Ends it without a word, as a loss of power does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Add(string? text, bool isError)
    {
        if (!string.IsNullOrEmpty(text))
        {
            _lines.Enqueue(new PrintedLine(text, isError, Stopwatch.GetTimestamp()));
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}

/// <summary>A line of a process.</summary>
/// <param name="Text">The line.</param>
/// <param name="IsError">True where it came on the error stream.</param>
/// <param name="At">When it was read.</param>
internal sealed record PrintedLine(string Text, bool IsError, long At);

/// <summary>Where a silo of a test lives: its own directory and ports, which a second start uses again.</summary>
internal sealed class SiloPlace : IDisposable
{
    private readonly DirectoryInfo _data = System.IO.Directory.CreateTempSubdirectory("te-silo-");

    public int SiloPort { get; } = RedisServer.FreePort();

    public int GatewayPort { get; } = RedisServer.FreePort();

    public TradingEngineClientOptions ClientOptions => new()
    {
        Gateway = new GatewayAddress("127.0.0.1", GatewayPort), ConnectTimeout = Eventually.Limit, WaitsForEngine = true,
    };

    public string[] Arguments => ["--http", "none", .. PlaceArguments];

    /// <summary>Where it lives alone: whether it has an API is for the test to say.</summary>
    public string[] PlaceArguments =>
    [
        "--data", _data.FullName,
        "--silo-port", SiloPort.ToString(CultureInfo.InvariantCulture),
        "--gateway-port", GatewayPort.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>Arguments of an engine whose agents are all outside, over Redis.</summary>
    public string[] OnRedis(string address) =>
        [.. Arguments, "--store", "redis", "--redis", address, "--feed", "redis", "--execution", "redis", "--risk", "open"];

    public string Directory => _data.FullName;

    public void Dispose() => _data.Delete(recursive: true);
}
