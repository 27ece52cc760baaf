using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Where a run lives: directories that go with it, ports that were free, and the binaries it starts.</summary>
internal sealed class Place : IDisposable
{
    /// <summary>Where this is set, the directories of a run stay, with the silos' logs.</summary>
    private const string KeepVariable = "TRADING_ENGINE_FAULTS_KEEP";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Place? _parent;
    private readonly int[] _ports = FreePorts(4);
    private readonly DirectoryInfo _directory;

    public string Data => _directory.CreateSubdirectory("data").FullName;

    public string RedisData => _directory.CreateSubdirectory("redis").FullName;

    public int RedisPort => _parent?.RedisPort ?? _ports[0];

    public int GatewayPort => _ports[1];

    /// <summary>Port a silo listens on for others.</summary>
    public int SiloPort => _ports[2];

    public int HttpPort => _ports[3];

    /// <summary>Where a silo logs.</summary>
    public string Logs => Path.Combine(Data, "logs");

    public string RedisAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{RedisPort}");

    public Place() => _directory = Directory.CreateTempSubdirectory("te-faults-");

    private Place(Place parent)
    {
        _parent = parent;
        _directory = parent._directory.CreateSubdirectory($"silo-{_ports[0]}");
    }

    /// <summary>A place for a further silo over the same Redis.</summary>
    public Place Another() => new(this);

    /// <summary>A silo on this place's ports and directory.</summary>
    public Victim Silo(params IEnumerable<string> arguments) => Silo(SiloPort, "none", arguments);

    /// <summary>A silo that answers over HTTP as well.</summary>
    public Victim SiloWithHttp(params IEnumerable<string> arguments) => Silo(SiloPort, Text($"http://127.0.0.1:{HttpPort}"), arguments);

    /// <summary>A redis-server that persists as in production: append-only file, fsync each second.</summary>
    public Victim Redis() => new(
        "redis-server", "redis-server",
        [
            "--port", RedisPort.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", RedisData,
            "--save", "", "--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction", "--auto-aof-rewrite-min-size", "512mb",
        ],
        RedisData);

    /// <summary>A silo whose agents are all outside, over this place's Redis.</summary>
    /// <param name="usesStreams">Transport.</param>
    /// <param name="siloPort">Port at which others reach it, where that is not its own.</param>
    /// <param name="redisPort">Port at which it reaches Redis, where that is not Redis' own.</param>
    /// <param name="risk">Profile or file of limits.</param>
    public Victim SiloOnRedis(bool usesStreams, int? siloPort = null, int? redisPort = null, string risk = "open") => Silo(
        siloPort ?? SiloPort, "none",
        [
            "--store", "redis", "--redis", Text($"127.0.0.1:{redisPort ?? RedisPort}"), "--feed", "redis", "--execution", "redis",
            "--risk", risk, "--transport", usesStreams ? "streams" : "lists", "--silo-listen-port", Text($"{SiloPort}"),
        ]);

    /// <summary>Starts a redis-server and waits until it answers.</summary>
    public async Task<Victim> StartRedisAsync()
    {
        var redis = Redis();
        redis.Start();
        await AnswersAsync(redis);
        return redis;
    }

    /// <summary>Waits until Redis takes connections and has read its file.</summary>
    public Task AnswersAsync(Victim redis) => Poll.UntilAsync(
        "redis-server", async () =>
        {
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, RedisPort);
                await socket.GetStream().WriteAsync("PING\r\n"u8.ToArray());
                var answer = new byte[7];
                await socket.GetStream().ReadExactlyAsync(answer);
                return answer.AsSpan().SequenceEqual("+PONG\r\n"u8);
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                return false;
            }
        },
        StartLimit, redis.Tail);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable(KeepVariable) is { Length: > 0 })
        {
            Console.WriteLine($"  kept in {_directory.FullName}");
        }
        else
        {
            _directory.Delete(recursive: true);
        }
    }

    private Victim Silo(int siloPort, string http, IEnumerable<string> arguments) => new(
        "silo", "dotnet",
        [
            SiloBinary(), "--http", http, "--data", Data,
            "--silo-port", Text($"{siloPort}"), "--gateway-port", Text($"{GatewayPort}"), .. arguments,
        ],
        Data);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

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

    /// <summary>Ports below those that the system gives to outgoing connections: a silo that starts again must find its own still free.</summary>
    private static int[] FreePorts(int count)
    {
        var held = new List<TcpListener>();
        while (held.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000));
            try
            {
                listener.Start();
                held.Add(listener);
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }

        int[] ports = [.. held.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        held.ForEach(listener => listener.Dispose());
        return ports;
    }
}
