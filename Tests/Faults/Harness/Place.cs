using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Where a run lives: directories that go with it, ports that were free, and the binaries it starts.</summary>
internal sealed class Place : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("te-faults-");
    private readonly int[] _ports = FreePorts(3);

    public string Data => _directory.CreateSubdirectory("data").FullName;

    public string RedisData => _directory.CreateSubdirectory("redis").FullName;

    public int RedisPort => _ports[0];

    public int GatewayPort => _ports[1];

    public string RedisAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{RedisPort}");

    /// <summary>A silo on this place's ports and directory.</summary>
    public Victim Silo(params IEnumerable<string> arguments) => new(
        "silo", "dotnet",
        [
            SiloBinary(), "--http", "none", "--data", Data,
            "--silo-port", _ports[2].ToString(CultureInfo.InvariantCulture),
            "--gateway-port", GatewayPort.ToString(CultureInfo.InvariantCulture),
            .. arguments,
        ],
        Data);

    /// <summary>A redis-server that persists as in production: append-only file, fsync each second.</summary>
    public Victim Redis() => new(
        "redis-server", "redis-server",
        [
            "--port", RedisPort.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", RedisData,
            "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction",
        ],
        RedisData);

    public void Dispose() => _directory.Delete(recursive: true);

    private static string SiloBinary()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var binary = Path.Combine(directory.FullName, "artifacts", "bin", "Silo", "release", "TradingEngine.Silo.dll");
            if (File.Exists(binary))
            {
                return binary;
            }
        }

        throw new FaultException("There is no silo to break. Build it with: dotnet build -c Release Silo");
    }

    private static int[] FreePorts(int count)
    {
        var held = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        held.ForEach(listener => listener.Start());
        int[] ports = [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        held.ForEach(listener => listener.Dispose());
        return ports;
    }
}
