using System.Globalization;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;

namespace TradingEngine.Tests.Api.Harness;

/// <summary>A silo of one test, with keys of all roles, which may be started again where it was.</summary>
internal sealed class OwnSilo : IAsyncDisposable
{
    private const int Attempts = 3;

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
        for (var attempt = 1; ; attempt++)
        {
            var silo = new OwnSilo(arguments, scheme);
            try
            {
                await silo.StartAsync();
                return silo;
            }
            catch (Xunit.Sdk.XunitException) when (attempt < Attempts && silo.Process.Lines.Any(line => line.Text.Contains("in use", StringComparison.Ordinal)))
            {
                // Somebody else took one of its ports between the look for a free one and the start.
                await silo.DisposeAsync();
            }
        }
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
