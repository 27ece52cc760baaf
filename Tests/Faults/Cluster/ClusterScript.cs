using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TradingEngine.Client;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Cluster;

/// <summary>cluster.sh in a directory and on ports of this run's own.</summary>
internal sealed class ClusterScript : IAsyncDisposable
{
    public const int Silos = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("te-cluster-");
    private readonly string _root = RootWith("cluster.sh");
    private readonly int _ports = FreePorts((3 * Silos) + 1);
    private bool _isUp;

    public string RedisAddress => Text($"127.0.0.1:{_ports}");

    /// <summary>All ports it uses.</summary>
    public IEnumerable<int> Ports => Enumerable.Range(_ports, (3 * Silos) + 1);

    /// <summary>Where a silo's API answers; silos count from 1.</summary>
    public Uri HttpOf(int silo) => new(Text($"http://127.0.0.1:{_ports + (2 * Silos) + silo}"));

    public TradingEngineClientOptions ClientOf(int silo) => new() { Gateway = new GatewayAddress("127.0.0.1", GatewayOf(silo)) };

    /// <summary>Runs a command of it; its output where it ends with 0.</summary>
    public async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var words = arguments.ToList();
        var (code, output) = await ProcessAsync(Path.Combine(_root, "cluster.sh"), words);
        _isUp = words[0] switch { "up" => code == 0, "down" => false, _ => _isUp };
        return code == 0
            ? output
            : throw new FaultException(Text($"cluster.sh {string.Join(' ', words)} ended with {code}:\n{output}"));
    }

    /// <summary>Asks a silo by the command line, in a process of its own; null where it answered, else what it said.</summary>
    public async Task<string?> AskAsync(int silo, params string[] command)
    {
        var client = Path.Combine(_root, "artifacts", "bin", "Client", "release", "TradingEngine.Client.dll");
        var (code, output) = await ProcessAsync("dotnet", [client, .. command, "--gateway", Text($"127.0.0.1:{GatewayOf(silo)}"), "--wait", "--timeout", "30"]);
        return code == 0 ? null : Text($"{string.Join(' ', command)} at silo {silo} ended with {code}: {output}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isUp)
        {
            await RunAsync("down");
        }

        _directory.Delete(recursive: true);
    }

    private int GatewayOf(int silo) => _ports + Silos + silo;

    private async Task<(int Code, string Output)> ProcessAsync(string file, List<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = _directory.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["CLUSTER_DIR"] = _directory.FullName,
                ["CLUSTER_REDIS_PORT"] = Text($"{_ports}"),
                ["CLUSTER_SILO_PORT"] = Text($"{_ports + 1}"),
                ["CLUSTER_GATEWAY_PORT"] = Text($"{GatewayOf(1)}"),
                ["CLUSTER_HTTP_PORT"] = Text($"{HttpOf(1).Port}"),
            },
        };
        using var process = Process.Start(start) ?? throw new FaultException($"{file} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new FaultException(Text($"{file} {string.Join(' ', arguments)} did not end within {Limit.TotalMinutes:0} minutes."));
        }

        return (process.ExitCode, await output + await errors);
    }

    private static string RootWith(string file)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, file)))
            {
                return directory.FullName;
            }
        }

        throw new FaultException($"There is no {file} above {AppContext.BaseDirectory}.");
    }

    /// <summary>The first of so many ports in a row that are free, below those the system gives to outgoing connections.</summary>
    private static int FreePorts(int count)
    {
        while (true)
        {
            var first = Random.Shared.Next(20_000, 32_000 - count);
            if (Enumerable.Range(first, count).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
