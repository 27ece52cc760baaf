using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using TradingEngine.Api.Security;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>Who sees metrics and the dashboard of Orleans where keys are in force.</summary>
[Collection(Alone.Name)]
public sealed partial class DashboardTests : IAsyncLifetime
{
    private readonly string _keys = Path.GetTempFileName();
    private readonly Dictionary<Role, string> _of = [];
    private ObservedSilo _silo = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var role in Enum.GetValues<Role>())
        {
            var (key, stored) = ApiKey.Create(role.ToString(), role, null);
            _of[role] = key;
            await File.AppendAllTextAsync(_keys, stored.ToLine() + "\n");
        }

        _silo = ObservedSilo.Start(null, "--api-keys", _keys, "--dashboard", "on");
        await _silo.ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        File.Delete(_keys);
    }

    [Fact]
    public async Task Metrics_are_for_viewers_and_the_dashboard_for_admins()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", Role.Viewer));
        foreach (var path in (string[])["/orleans/", "/orleans/index.min.js", "/orleans/DashboardCounters", "/orleans/GrainState", "/orleans/Trace"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(path, null));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(path, Role.Viewer));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(path, Role.Risk));
        }

        // Logs are not streamed to anybody.
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/orleans/Trace", Role.Admin));
        await Page_loads_with_all_it_refers_to();
        await It_shows_this_silo_and_its_grains();
        await It_is_no_part_of_the_described_api();
    }

    private async Task Page_loads_with_all_it_refers_to()
    {
        using var bare = await _silo.GetAsync("/orleans", _of[Role.Admin]);
        Assert.Equal("/orleans/", bare.Headers.Location?.ToString());
        using var page = await _silo.GetAsync("/orleans/", _of[Role.Admin]);
        var html = await page.Content.ReadAsStringAsync();
        Assert.Contains("style-src 'self' 'unsafe-inline'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var references = Reference().Matches(html).Select(match => match.Groups[1].Value).Where(reference => !reference.StartsWith("data:", StringComparison.Ordinal)).ToList();
        Assert.Contains(references, reference => reference.EndsWith(".js", StringComparison.Ordinal));
        foreach (var reference in references)
        {
            Assert.DoesNotContain("//", reference, StringComparison.Ordinal);
            using var asset = await _silo.GetAsync("/orleans/" + reference.TrimStart('.', '/'), _of[Role.Admin]);
            Assert.True(asset.StatusCode == HttpStatusCode.OK, $"{reference}: {asset.StatusCode}");
        }

        // What it runs is in files of its own: its policy needs no script within the page.
        Assert.DoesNotMatch("<script(?![^>]*src=)[^>]*>\\s*\\S", html);
    }

    private async Task It_shows_this_silo_and_its_grains()
    {
        await Eventually.HoldsAsync("the dashboard to count this silo's grains", async () =>
        {
            using var response = await _silo.GetAsync("/orleans/DashboardCounters", _of[Role.Admin]);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return false;
            }

            var counters = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
            return counters.GetProperty("totalActivationCount").GetInt32() > 0 && counters.GetProperty("hosts").GetArrayLength() == 1;
        });
    }

    private async Task It_is_no_part_of_the_described_api()
    {
        using var response = await _silo.GetAsync("/openapi/v1.json", _of[Role.Viewer]);
        var paths = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();
        Assert.Contains("/v1/status", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("/orleans", StringComparison.Ordinal) || path == "/metrics");
    }

    private async Task<HttpStatusCode> StatusAsync(string path, Role? role)
    {
        using var response = await _silo.GetAsync(path, role is { } given ? _of[given] : null);
        return response.StatusCode;
    }

    [GeneratedRegex("""(?:src|href)="([^"#]+)""")]
    private static partial Regex Reference();
}
