using System.Net;
using System.Text;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Requests that no agent and no page of this address would send.</summary>
public sealed class ForeignTests(ApiSilo silo)
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("169.254.169.254")]
    public async Task A_foreign_host_is_refused_everywhere_whatever_the_key(string host)
    {
        using var client = silo.As(Role.Admin);
        foreach (var path in new[] { "/", "/health/live", "/v1/status", "/nothing" })
        {
            var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } });
            Assert.Contains($"Host is {host}", (string)answer.IsProblem(HttpStatusCode.Forbidden).Json["detail"]!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://127.0.0.1")]
    public async Task A_foreign_origin_is_refused_whatever_the_key(string origin)
    {
        using var client = silo.As(Role.Admin);
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/commands/kill");
        request.Headers.Add("Origin", origin);
        (await client.SendAsync(request)).IsProblem(HttpStatusCode.Forbidden);
        Assert.Equal("running", (string)(await client.GetAsync("/v1/status")).Json["mode"]!);
    }

    [Fact]
    public async Task The_own_origin_passes()
    {
        using var client = silo.As(Role.Viewer);
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        request.Headers.Add("Origin", silo.Address.GetLeftPart(UriPartial.Authority));
        (await client.SendAsync(request)).IsDone();
    }

    [Fact]
    public async Task Whatever_is_wrong_with_a_request_is_answered_as_a_problem()
    {
        using var client = silo.As(Role.Admin);
        (await client.GetAsync("/v1/nothing")).IsProblem(HttpStatusCode.NotFound);
        (await client.GetAsync("/v1/positions/none")).IsProblem(HttpStatusCode.NotFound);
        (await client.GetAsync("/v1/queues/nothing")).IsProblem(HttpStatusCode.NotFound);
        (await client.PostAsync("/v1/queues/trading_commands", "{}")).IsProblem(HttpStatusCode.NotFound);
        (await client.PostAsync("/v1/status")).IsProblem(HttpStatusCode.MethodNotAllowed);
        (await client.GetAsync("/v1/positions?limit=0")).IsProblem(HttpStatusCode.BadRequest);
        (await client.GetAsync("/v1/positions?limit=many")).IsProblem(HttpStatusCode.BadRequest);
        (await client.GetAsync("/v1/orders?after=x")).IsProblem(HttpStatusCode.BadRequest);
        (await client.GetAsync("/v1/events?after=x")).IsProblem(HttpStatusCode.BadRequest);
        (await client.GetAsync("/v1/events?events=x")).IsProblem(HttpStatusCode.BadRequest);
        (await client.GetAsync("/v1/queues/execution_orders?wait=31")).IsProblem(HttpStatusCode.BadRequest);
        (await client.PostAsync("/v1/positions/none/close")).IsProblem(HttpStatusCode.Conflict);
        (await client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/commands/pause") { Content = new StringContent("x", Encoding.UTF8, "text/plain") }))
            .IsProblem(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("/v1/commands/pause", "{\"reason\":\"a\",\"reason\":\"b\"}")]
    [InlineData("/v1/commands/pause", "{\"because\":\"a\"}")]
    [InlineData("/v1/commands/pause", "{\"flatten\":\"true\"}")]
    [InlineData("/v1/commands/pause", "{\"reason\":")]
    [InlineData("/v1/commands/halt", "{\"scope\":\"Symbol/BTCUSD\",\"reason\":\"x\"}")]
    [InlineData("/v1/commands/halt", "{\"scope\":\"tier/3\",\"reason\":\"x\"}")]
    [InlineData("/v1/commands/halt", "{\"scope\":\"symbol/BTCUSD\",\"reason\":\"x\",\"durationSeconds\":-1}")]
    [InlineData("/v1/queues/strategy_signals", "[]")]
    [InlineData("/v1/queues/strategy_signals", "[1]")]
    [InlineData("/v1/queues/strategy_signals", "{\"a\":1,\"a\":2}")]
    [InlineData("/v1/queues/strategy_signals", "\"text\"")]
    [InlineData("/v1/queues/execution_orders/ack", "{\"ids\":[]}")]
    [InlineData("/v1/queues/execution_orders/ack", "{\"ids\":[\"' OR 1=1\"]}")]
    [InlineData("/v1/agents/trading_engine/heartbeat", "{}")]
    [InlineData("/v1/agents/EXECUTION/heartbeat", "{}")]
    public async Task A_body_that_is_none_is_refused_and_changes_nothing(string path, string json)
    {
        using var client = silo.As(Role.Admin);
        (await client.PostAsync(path, json)).IsProblem(HttpStatusCode.BadRequest);
        Assert.Equal("running", (string)(await client.GetAsync("/v1/status")).Json["mode"]!);
    }

    [Fact]
    public async Task Depth_and_size_have_ends()
    {
        using var client = silo.As(Role.Trader);
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 17)) + "1" + new string('}', 17);
        (await client.PostAsync("/v1/queues/strategy_signals", deep)).IsProblem(HttpStatusCode.BadRequest);
        var most = $$"""{"action":"hold","symbol":"BTCUSD","note":"{{new string('x', 65_000)}}"}""";
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/v1/queues/strategy_signals", most)).Status);
        var more = $$"""{"action":"hold","symbol":"BTCUSD","note":"{{new string('x', 66_000)}}"}""";
        (await client.PostAsync("/v1/queues/strategy_signals", more)).IsProblem(HttpStatusCode.RequestEntityTooLarge);

        var chunked = new HttpRequestMessage(HttpMethod.Post, "/v1/queues/strategy_signals") { Content = new StringContent(more, Encoding.UTF8, "application/json") };
        chunked.Headers.TransferEncodingChunked = true;
        (await client.SendAsync(chunked)).IsProblem(HttpStatusCode.RequestEntityTooLarge);

        var headers = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        headers.Headers.Add("X-Long", new string('x', 17_000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await client.SendAsync(headers)).Status);
    }

    [Fact]
    public async Task Who_commands_too_often_waits_and_others_do_not()
    {
        using var viewer = silo.As(Role.Viewer);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => viewer.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/v1/session"))));
        var refused = Assert.IsType<ApiAnswer>(answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests)).IsProblem(HttpStatusCode.TooManyRequests);
        Assert.Equal("1", refused.Headers["Retry-After"]);
        using var trader = silo.As(Role.Trader);
        (await trader.SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/v1/session"))).IsDone();
    }

    [Fact]
    public async Task Scalar_and_the_document_need_a_key_and_load_nothing_from_elsewhere()
    {
        using var nobody = silo.As(null);
        (await nobody.GetAsync("/openapi/v1.json")).IsProblem(HttpStatusCode.Unauthorized);
        using var client = silo.As(Role.Viewer);
        var page = (await client.GetAsync("/scalar/")).IsDone();
        Assert.DoesNotContain("cdn.", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("fonts.", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'self'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("application/json", (await client.GetAsync("/openapi/v1.json")).IsDone().Type);
    }
}
