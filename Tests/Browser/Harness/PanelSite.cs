using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;

namespace TradingEngine.Tests.Browser.Harness;

/// <summary>A silo with its simulated market and its panel: a directory and ports of its own, which a second start uses again.</summary>
internal sealed class PanelSite : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("te-panel-");
    private readonly string[] _more;
    private readonly int _port = RedisServer.FreePort();
    private readonly int _siloPort = RedisServer.FreePort();
    private readonly int _gatewayPort = RedisServer.FreePort();
    private SiloProcess? _silo;
    private int _signals;

    private PanelSite(string[] more, string? key)
    {
        _more = more;
        Http = new HttpClient { BaseAddress = Address };
        if (key is not null)
        {
            Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }
    }

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));

    /// <summary>Asks the API as a program does.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts a silo, and waits until it is ready and has prices.</summary>
    /// <param name="key">Key for <see cref="Http"/>; null without keys.</param>
    /// <param name="more">Further options.</param>
    public static async Task<PanelSite> StartAsync(string? key, params string[] more)
    {
        var site = new PanelSite(more, key);
        await site.StartAsync();
        return site;
    }

    public async Task StartAsync()
    {
        string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
        _silo = SiloProcess.Start(
            ["--http", Address.OriginalString, "--data", _data.FullName, "--silo-port", Text(_siloPort), "--gateway-port", Text(_gatewayPort),
                "--seed", "7", .. _more]);
        await _silo.PrintsAsync("Ready:", StartLimit);
        await Eventually.HoldsAsync("the silo to have prices of five symbols", async () =>
            (await GetAsync("/v1/instruments")).GetProperty("items").EnumerateArray().Count(item => item.GetProperty("mid").ValueKind == JsonValueKind.Number) >= 5);
    }

    /// <summary>Ends the silo without a word.</summary>
    public async Task KillAsync()
    {
        await _silo!.KillAsync();
        await _silo.DisposeAsync();
        _silo = null;
    }

    public async Task<JsonElement> GetAsync(string path) => await Http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Asks for something to be done, more slowly where the silo says so.</summary>
    public async Task PostAsync(string path, object body)
    {
        HttpResponseMessage? response = null;
        await Eventually.HoldsAsync($"POST {path} to pass the rate limit", async () =>
        {
            response?.Dispose();
            response = await Http.PostAsJsonAsync(path, body);
            return response.StatusCode != HttpStatusCode.TooManyRequests;
        });
        using (response)
        {
            if (!response!.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"POST {path} answered {response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }
        }
    }

    /// <summary>Opens a position for each strategy, and waits for all of them to be open.</summary>
    public async Task OpenAsync(params IReadOnlyList<(string Strategy, string Symbol)> wanted)
    {
        foreach (var part in wanted.Index().Chunk(150))
        {
            await PostAsync("/v1/queues/strategy_signals", part.Select(entry => new
            {
                signal_id = $"test-{++_signals}", action = entry.Index % 3 == 0 ? "sell" : "buy",
                symbol = entry.Item.Symbol, strategy = entry.Item.Strategy, quantity = 0.01m, confidence = 0.9m,
            }));
        }

        var strategies = wanted.Select(entry => entry.Strategy.ToLowerInvariant()).ToHashSet();
        await Eventually.HoldsAsync($"{wanted.Count} positions to be open", async () =>
            (await PositionsAsync()).Count(position => strategies.Contains(position.GetProperty("strategy").GetString()!)
                && position.GetProperty("status").GetString() == "open") >= wanted.Count, StartLimit);
    }

    /// <summary>All positions that are not over.</summary>
    public async Task<List<JsonElement>> PositionsAsync()
    {
        var all = new List<JsonElement>();
        for (string? after = null; ;)
        {
            var page = await GetAsync("/v1/positions?limit=1000" + (after is null ? "" : "&after=" + after));
            all.AddRange(page.GetProperty("items").EnumerateArray());
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null)
            {
                return all;
            }

            after = page.GetProperty("next").GetString();
        }
    }

    public async Task<string> ModeAsync() => (await GetAsync("/v1/status")).GetProperty("mode").GetString()!;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }
}
