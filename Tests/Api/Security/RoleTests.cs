using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using TradingEngine.Api.Hosting;
using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Every endpoint there is, asked by everybody there is: nothing is open that does not say so.</summary>
public sealed class RoleTests
{
    private static readonly Role?[] s_callers = [null, Role.Viewer, Role.Trader, Role.Risk, Role.Admin];

    [Fact]
    public async Task Every_endpoint_lets_pass_its_role_and_those_above_and_nobody_else()
    {
        var directory = Directory.CreateTempSubdirectory("te-roles-");
        var keys = new Keys(Path.Combine(directory.FullName, "api.keys"));
        await using var app = Start(keys, out var address);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var wrong = new List<string>();
        var asked = 0;
        foreach (var endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
        {
            var required = endpoint.Metadata.GetMetadata<RequiredRole>()?.Role;
            var isOpen = endpoint.Metadata.GetMetadata<OpenToAll>() is not null;
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is [var first, ..] ? first : "GET";
            var path = PathOf(endpoint);
            var body = path == "/v1/session" ? $$"""{"key":"{{keys.Of(Role.Viewer)}}"}""" : "{}";
            if (isOpen == required is not null)
            {
                wrong.Add($"{method} {path} has {(isOpen ? "a role and is open" : "no role, and is not open either")}");
            }

            foreach (var caller in s_callers)
            {
                using var client = new ApiClient(address, caller is { } role ? keys.Of(role) : null);
                var status = (await client.SendAsync(RequestOf(method, path, body))).Status;
                var expected = isOpen ? null : caller is null ? HttpStatusCode.Unauthorized : caller < required ? HttpStatusCode.Forbidden : (HttpStatusCode?)null;
                var isRight = expected is { } one ? status == one : status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests);
                asked++;
                if (!isRight)
                {
                    wrong.Add($"{method} {path} by {caller?.ToString() ?? "nobody"} is answered {status}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked >= s_callers.Length * 40, $"only {asked} requests were made");
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Each_command_has_the_role_that_the_queue_asks_of_it_too()
    {
        var directory = Directory.CreateTempSubdirectory("te-roles-");
        await using var app = Start(new Keys(Path.Combine(directory.FullName, "api.keys")), out _);
        foreach (var endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/commands/", StringComparison.Ordinal)))
        {
            Assert.Equal(
                CommandRoles.Of(endpoint.RoutePattern.RawText!["/v1/commands/".Length..]), endpoint.Metadata.GetMetadata<RequiredRole>()!.Role);
        }

        directory.Delete(recursive: true);
    }

    private static WebApplication Start(Keys keys, out Uri address)
    {
        address = new Uri($"http://127.0.0.1:{RedisServer.FreePort()}");
        return ApiHost.Create(
            new ApiOptions { Address = address, Keys = new KeyRing(keys.File, ApiKeys.Read(File.ReadAllLines(keys.File), [])) }, new EngineAccess(() => null));
    }

    // What stands for a parameter is nothing the engine knows: it is not there to be asked either.
    private static string PathOf(RouteEndpoint endpoint) => string.Join('/', endpoint.RoutePattern.RawText!.Split('/').Select(part =>
        !part.StartsWith('{') ? part : part.Contains("queue", StringComparison.Ordinal) ? "strategy_signals" : part == "{documentName}.json" ? "v1.json" : "x"));

    private static HttpRequestMessage RequestOf(string method, string path, string body) => new(new HttpMethod(method), path)
    {
        Content = method is "POST" or "PUT" ? new StringContent(body, Encoding.UTF8, "application/json") : null,
    };
}
