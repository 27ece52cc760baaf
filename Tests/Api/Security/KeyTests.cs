using System.Net;
using System.Text.Json.Nodes;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;
using Xunit;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Keys from their making to their end, by the client, while the API runs.</summary>
public sealed class KeyTests : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("te-keys-");
    private ApiHost? _api;
    private KeyRing? _ring;

    private string File => Path.Combine(_directory.FullName, "api.keys");

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_key_counts_from_when_it_is_made_and_not_after_it_is_revoked_nor_do_its_sessions()
    {
        var first = await CreateAsync("desk", "trader");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.DoesNotContain(first, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var address = await StartAsync();
        using var desk = new ApiClient(address, first);
        Assert.Equal("trader", (string)(await desk.GetAsync("/v1/session")).IsDone().Json["role"]!);

        var second = await CreateAsync("eyes", "viewer");
        using var eyes = new ApiClient(address, second);
        await HoldsAsync(2);
        Assert.Equal("viewer", (string)(await eyes.GetAsync("/v1/session")).IsDone().Json["role"]!);

        // A session is its key's: it ends with it, and it alone is asked for the header.
        using var nobody = new ApiClient(address);
        var begun = (await nobody.PostAsync("/v1/session", $$"""{"key":"{{first}}"}""")).IsDone();
        var cookie = begun.Headers["Set-Cookie"];
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, (await BySessionAsync(nobody, cookie, HttpMethod.Get, null)).Status);
        (await BySessionAsync(nobody, cookie, HttpMethod.Post, null)).IsProblem(HttpStatusCode.Forbidden);
        (await BySessionAsync(nobody, cookie, HttpMethod.Post, (string)begun.Json["antiforgery"]!)).IsProblem(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(0, (await ClientProcess.RunAsync("keys", "revoke", "desk", "--file", File)).Code);
        await HoldsAsync(1);
        (await desk.GetAsync("/v1/session")).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Unauthorized, (await BySessionAsync(nobody, cookie, HttpMethod.Get, null)).Status);
        (await eyes.GetAsync("/v1/session")).IsDone();
    }

    [Fact]
    public async Task A_rotation_overlaps_and_an_end_is_an_end()
    {
        var old = await CreateAsync("desk", "trader", "--expires", "90d");
        var (code, output, error) = await ClientProcess.RunAsync("keys", "rotate", "desk", "--overlap", "12h", "--file", File);
        Assert.True(code == 0, error);
        var fresh = output.Trim();
        var address = await StartAsync();
        foreach (var key in new[] { old, fresh })
        {
            using var client = new ApiClient(address, key);
            Assert.Equal("desk", (string)(await client.GetAsync("/v1/session")).IsDone().Json["name"]!);
        }

        var listed = JsonNode.Parse((await ClientProcess.RunAsync("keys", "list", "--file", File, "--output", "json")).Output)!["keys"]!.AsArray();
        Assert.Equal(2, listed.Count);
        Assert.Single(listed, key => key!["ends"] is null);
        var keys = ApiKeys.Read(await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken), []);
        var now = TimeProvider.System.GetUtcNow();
        Assert.NotNull(keys.Find(old, now));
        Assert.Null(keys.Find(old, now.AddHours(13)));
        Assert.NotNull(keys.Find(fresh, now.AddDays(1000)));

        await System.IO.File.AppendAllTextAsync(File, "broken\n", TestContext.Current.CancellationToken);
        Assert.Equal(2, (await ClientProcess.RunAsync("keys", "list", "--file", File)).Code);
    }

    [Fact]
    public async Task Five_wrong_keys_make_an_address_wait_with_any_key_and_sessions_go_on()
    {
        var right = await CreateAsync("desk", "trader");
        var address = await StartAsync();
        using var client = new ApiClient(address, right);
        var cookie = (await client.PostAsync("/v1/session", $$"""{"key":"{{right}}"}""")).IsDone().Headers["Set-Cookie"];
        using var guesser = new ApiClient(address, right[..^1] + (right[^1] == '0' ? '1' : '0'));
        for (var i = 0; i < Lockouts.Most; i++)
        {
            (await guesser.GetAsync("/v1/session")).IsProblem(HttpStatusCode.Unauthorized);
        }

        Assert.Equal("60", (await guesser.GetAsync("/v1/session")).IsProblem(HttpStatusCode.TooManyRequests).Headers["Retry-After"]);
        (await client.GetAsync("/v1/session")).IsProblem(HttpStatusCode.TooManyRequests);
        using var nobody = new ApiClient(address);
        (await nobody.PostAsync("/v1/session", $$"""{"key":"{{right}}"}""")).IsProblem(HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await BySessionAsync(nobody, cookie, HttpMethod.Get, null)).Status);
    }

    [Fact]
    public async Task Without_an_engine_everything_that_needs_one_says_so()
    {
        var key = await CreateAsync("desk", "admin");
        var address = await StartAsync();
        using var nobody = new ApiClient(address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await nobody.GetAsync("/health/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/health/live")).Status);
        using var client = new ApiClient(address, key);
        foreach (var path in new[] { "/v1/status", "/v1/positions", "/v1/events", "/v1/audit", "/v1/config", "/v1/queues/execution_orders" })
        {
            Assert.Equal("The engine is not ready", (string)(await client.GetAsync(path)).IsProblem(HttpStatusCode.ServiceUnavailable).Json["title"]!);
        }
    }

    private async Task<string> CreateAsync(string name, string role, params string[] more)
    {
        var (code, output, error) = await ClientProcess.RunAsync(["keys", "create", "--name", name, "--role", role, "--file", File, .. more]);
        Assert.True(code == 0, error);
        Assert.DoesNotContain(output.Trim(), error, StringComparison.Ordinal);
        return output.Trim();
    }

    private async Task<Uri> StartAsync()
    {
        var address = new Uri($"http://127.0.0.1:{RedisServer.FreePort()}");
        _ring = new KeyRing(File, ApiKeys.Read(await System.IO.File.ReadAllLinesAsync(File, TestContext.Current.CancellationToken), []));
        _api = await ApiHost.StartAsync(new ApiOptions { Address = address, Keys = _ring }, new EngineAccess(() => null));
        return address;
    }

    // Looked at from within: who asks with a wrong key until it is right has to wait.
    private Task HoldsAsync(int keys) => Eventually.HoldsAsync($"{keys} keys to be in force", () => _ring!.Keys.Keys.Length == keys);

    private static Task<ApiAnswer> BySessionAsync(ApiClient client, string cookie, HttpMethod method, string? antiforgery)
    {
        var request = new HttpRequestMessage(method, method == HttpMethod.Get ? "/v1/session" : "/v1/commands/pause");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        if (antiforgery is not null)
        {
            request.Headers.Add("X-Antiforgery", antiforgery);
        }

        return client.SendAsync(request);
    }
}
