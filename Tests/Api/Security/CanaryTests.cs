using System.Net;
using StackExchange.Redis;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;
using Xunit;
using Role = TradingEngine.Grains.Interfaces.Security.Role;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Secrets of a running silo are nowhere to be read: not on its console, in its logs, nor in any answer. TLS on the way.</summary>
[Collection(Alone.Name)]
public sealed class CanaryTests
{
    private const string RedisPassword = "canary-redis-4f1c";
    private const string CertificatePassword = "canary-pfx-77a0";
    private const string Variable = "TRADING_ENGINE_HTTP_CERTIFICATE_PASSWORD";

    private static readonly string[] s_paths =
    [
        "/", "/health/live", "/health/ready", "/status", "/metrics", "/openapi/v1.json", "/scalar/", "/v1/status", "/v1/config", "/v1/tiers", "/v1/positions",
        "/v1/orders", "/v1/agents", "/v1/risk", "/v1/audit", "/v1/audit/head", "/v1/deadletters", "/v1/session", "/v1/nothing", "/v1/events?after=x",
        "/v1/positions?limit=x", "/v1/strategies", "/v1/instruments",
    ];

    [Fact]
    public async Task Secrets_are_in_no_log_no_console_and_no_answer()
    {
        await using var redis = await RedisServer.StartNewAsync();
        await using (var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.Address},allowAdmin=true"))
        {
            await admin.GetServer(redis.Address).ConfigSetAsync("requirepass", RedisPassword);
        }

        using var certificate = Certificates.Create();
        using var place = new SiloPlace();
        var keys = new Keys(Path.Combine(place.Directory, "api.keys"));
        var address = new Uri($"https://127.0.0.1:{RedisServer.FreePort()}");
        Environment.SetEnvironmentVariable(Variable, CertificatePassword);
        await using var silo = SiloProcess.Start(
        [
            .. place.PlaceArguments, "--store", "redis", "--redis", $"{redis.Address},password={RedisPassword}", "--feed", "redis", "--execution", "redis",
            "--http", address.ToString(), "--api-keys", keys.File, "--http-certificate", Certificates.Write(certificate, place.Directory, CertificatePassword),
            "--log-level", "trace",
        ]);
        Environment.SetEnvironmentVariable(Variable, null);
        await silo.PrintsAsync("Ready:", TimeSpan.FromMinutes(2));
        using var trusting = new SocketsHttpHandler { UseCookies = false };
        trusting.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
        using var client = new ApiClient(address, keys.Of(Role.Admin), trusting);
        var said = new List<string>();
        foreach (var path in s_paths)
        {
            var answer = await client.GetAsync(path);
            said.Add(answer.Body + string.Join(' ', answer.Headers.Values));
            Assert.Equal("max-age=31536000", answer.Headers["Strict-Transport-Security"]);
        }

        said.Add((await client.PostAsync("/v1/commands/pause", """{"reason":5}""")).Body);
        said.Add((await client.PostAsync("/v1/session", $$"""{"key":"{{keys.Of(Role.Viewer)}}"}""")).Body);
        var mistaken = keys.Of(Role.Trader)[..^2] + "zz";
        using var wrong = new ApiClient(address, mistaken, Copy(trusting));
        said.Add((await wrong.GetAsync("/v1/status")).IsProblem(HttpStatusCode.Unauthorized).Body);
        said.Add((await ClientProcess.RunAsync("config", "show", "--silo", "--gateway", $"127.0.0.1:{place.GatewayPort}", "--output", "json")).Output);

        // Away and back: the errors of its connections are said as well.
        await redis.KillAsync();
        await Eventually.HoldsAsync("the silo to notice that Redis is away", async () => (await client.GetAsync("/health/ready")).Status == HttpStatusCode.ServiceUnavailable);
        said.Add((await client.GetAsync("/v1/status")).Body);
        said.Add((await client.GetAsync("/health/ready")).Body);
        said.AddRange(silo.Lines.Select(line => line.Text));
        await silo.KillAsync();
        var logs = Directory.GetFiles(Path.Combine(place.Directory, "logs"));
        Assert.NotEmpty(logs);
        said.AddRange(logs.Select(File.ReadAllText));
        foreach (var secret in Enum.GetValues<Role>().Select(keys.Of).Concat([RedisPassword, CertificatePassword, mistaken]))
        {
            Assert.DoesNotContain(said, text => text.Contains(secret, StringComparison.Ordinal));
        }

        // The hashes too stay in their file.
        Assert.DoesNotContain(said, text => text.Contains(Convert.ToHexStringLower(ApiKey.HashOf(keys.Of(Role.Admin))), StringComparison.Ordinal));
    }

    private static SocketsHttpHandler Copy(SocketsHttpHandler handler) => new()
    {
        UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = handler.SslOptions.RemoteCertificateValidationCallback },
    };
}
