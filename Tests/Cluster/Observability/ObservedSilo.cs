using System.Globalization;
using System.Net.Http.Headers;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>A silo as a process with its HTTP address.</summary>
internal sealed class ObservedSilo : IAsyncDisposable
{
    private readonly HttpClient _http = new(new HttpClientHandler { AllowAutoRedirect = false });

    private ObservedSilo(SiloPlace place, SiloProcess process, string address)
    {
        (Place, Process, Address) = (place, process, address);
        _http.BaseAddress = new Uri(address);
    }

    public SiloPlace Place { get; }

    public SiloProcess Process { get; }

    public string Address { get; }

    /// <summary>What the log says.</summary>
    public string Log => string.Concat(Directory.GetFiles(Path.Combine(Place.Directory, "logs")).Select(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }));

    public static ObservedSilo Start(IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        var place = new SiloPlace();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{RedisServer.FreePort()}");
        var process = SiloProcess.StartWith(
            environment ?? new Dictionary<string, string>(), [.. place.Arguments.Skip(2), "--http", address, .. arguments]);
        return new ObservedSilo(place, process, address);
    }

    public Task ReadyAsync() => Process.PrintsAsync("Ready:", TimeSpan.FromSeconds(60));

    /// <summary>Asks for a path.</summary>
    public async Task<HttpResponseMessage> GetAsync(string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return await _http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _http.Dispose();
        Place.Dispose();
    }
}
