using System.Globalization;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;

namespace TradingEngine.Tests.Api.Harness;

/// <summary>A silo of one test, with keys of all roles, which may be started again where it was.</summary>
internal sealed class OwnSilo : IAsyncDisposable
{
    private readonly SiloPlace _place = new();
    private readonly int _port = RedisServer.FreePort();
    private readonly string[] _arguments;
    private SiloProcess? _silo;

    private OwnSilo(string[] arguments, string scheme)
    {
        _arguments = arguments;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"{scheme}://127.0.0.1:{_port}"));
        Keys = new Keys(Path.Combine(_place.Directory, "api.keys"));
    }

    public Uri Address { get; }

    public Keys Keys { get; }

    public string Directory => _place.Directory;

    public SiloProcess Process => _silo!;

    public string Gateway => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_place.GatewayPort}");

    public static async Task<OwnSilo> StartAsync(string[] arguments, string scheme = "http")
    {
        var silo = new OwnSilo(arguments, scheme);
        await silo.StartAsync();
        return silo;
    }

    /// <summary>Starts it, or starts it again.</summary>
    public async Task StartAsync()
    {
        _silo = SiloProcess.Start([.. _place.PlaceArguments, .. _arguments, "--http", Address.ToString(), "--api-keys", Keys.File]);
        await _silo.PrintsAsync("Ready:", TimeSpan.FromMinutes(2));
    }

    public ApiClient As(Role role, HttpMessageHandler? handler = null) => new(Address, Keys.Of(role), handler);

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _place.Dispose();
    }
}
