using System.Globalization;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;
using Xunit;

[assembly: AssemblyFixture(typeof(TradingEngine.Tests.Api.Harness.ApiSilo))]

namespace TradingEngine.Tests.Api.Harness;

/// <summary>A real silo on the embedded store whose agents are all over HTTP, with a key of each role; one for all tests that disturb nobody.</summary>
public sealed class ApiSilo : IAsyncLifetime
{
    private readonly SiloPlace _place = new();
    private readonly int _port = RedisServer.FreePort();
    private SiloProcess _silo = null!;

    /// <summary>Arguments of an engine whose agents are all over HTTP.</summary>
    internal static readonly string[] OverHttp = ["--feed", "http", "--execution", "http", "--risk", "open"];

    internal Keys Keys { get; private set; } = null!;

    internal Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    internal SiloProcess Process => _silo;

    internal string Directory => _place.Directory;

    internal string Gateway => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_place.GatewayPort}");

    /// <summary>A client with the key of a role.</summary>
    internal ApiClient As(Role? role) => new(Address, role is { } given ? Keys.Of(given) : null);

    public async ValueTask InitializeAsync()
    {
        Keys = new Keys(Path.Combine(_place.Directory, "api.keys"));
        _silo = SiloProcess.Start(
            [.. _place.PlaceArguments, .. OverHttp, "--http", Address.ToString(), "--api-keys", Keys.File]);
        await _silo.PrintsAsync("Ready:", TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _place.Dispose();
    }
}

/// <summary>A file of keys with one of each role, named as it.</summary>
internal sealed class Keys
{
    private readonly Dictionary<Role, string> _keys = [];

    public Keys(string file)
    {
        File = file;
        var lines = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            var (key, stored) = ApiKey.Create(role.ToString().ToLowerInvariant(), role, null);
            _keys[role] = key;
            lines.Add(stored.ToLine());
        }

        System.IO.File.WriteAllLines(file, lines);
    }

    public string File { get; }

    public string Of(Role role) => _keys[role];
}
