using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Queues;

/// <summary>Messages that agents take over HTTP: waited for, given again until they are acknowledged, kept over a crash.</summary>
public sealed class TakingTests
{
    private const string Orders = "/v1/queues/execution_orders";

    [Theory]
    [InlineData("embedded", "lists")]
    [InlineData("redis", "lists")]
    [InlineData("redis", "streams")]
    public async Task An_order_comes_again_until_it_is_acknowledged_and_a_crash_loses_none(string store, string transport)
    {
        await using var redis = store == "redis" ? await RedisServer.StartNewAsync() : null;
        await using var silo = await OwnSilo.StartAsync(
            [.. ApiSilo.OverHttp, .. redis is null ? Array.Empty<string>() : ["--store", "redis", "--redis", redis.Address, "--transport", transport]]);
        using var agent = silo.As(Role.Trader);

        // One that waits is answered when the order is there, not when its time is over.
        var waiting = agent.GetAsync($"{Orders}?wait=30");
        await SignalAsync(agent, "a");
        var started = Stopwatch.GetTimestamp();
        var first = Assert.Single((await waiting).IsDone().Json["messages"]!.AsArray())!;
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        Assert.Equal(1, (int)first["deliveries"]!);
        Assert.Empty((await agent.GetAsync($"{Orders}?wait=1")).Json["messages"]!.AsArray());

        await Eventually.HoldsAsync("the order to come again", async () =>
            (await agent.GetAsync($"{Orders}?wait=5")).Json["messages"]!.AsArray() is [{ } again]
            && (string)again["id"]! == (string)first["id"]! && (int)again["deliveries"]! == 2
            && JsonNode.DeepEquals(again["message"], first["message"]));

        await silo.Process.KillAsync();
        await silo.StartAsync();
        var after = Assert.Single((await agent.GetAsync($"{Orders}?wait=10")).IsDone().Json["messages"]!.AsArray())!;
        Assert.True(JsonNode.DeepEquals(after["message"], first["message"]));
        Assert.Equal(1, (int)(await AcknowledgeAsync(agent, (string)after["id"]!)).Json["count"]!);

        await SignalAsync(agent, "b");
        var second = Assert.Single((await agent.GetAsync($"{Orders}?wait=10")).IsDone().Json["messages"]!.AsArray())!;
        Assert.NotEqual((string)first["id"]!, (string)second["id"]!);
        await AcknowledgeAsync(agent, (string)second["id"]!);
        Assert.Equal(0, (int)(await agent.GetAsync("/v1/status")).Json["storeHealth"]!["queueDepths"]!["orders"]!);
    }

    [Fact]
    public async Task Requests_of_the_slow_tiers_are_taken_answered_and_acknowledged()
    {
        await using var silo = await OwnSilo.StartAsync(ApiSilo.OverHttp);
        using var agent = silo.As(Role.Trader);
        foreach (var list in new[] { "market_analysis_requests", "coordination_messages", "risk_assessment_requests", "optimization_requests" })
        {
            var asked = Assert.Single((await agent.GetAsync($"/v1/queues/{list}?wait=30")).IsDone().Json["messages"]!.AsArray())!;
            Assert.Equal((string)asked["id"]!, (string)asked["message"]!["request_id"]!);
            Assert.Equal($"{list}:replies", (string)asked["message"]!["reply_to"]!);
            Assert.Equal(HttpStatusCode.Accepted, (await agent.PostAsync(
                $"/v1/queues/{list}:replies", new JsonObject { ["request_id"] = (string)asked["id"]! }.ToJsonString())).Status);
            (await agent.PostAsync($"/v1/queues/{list}/ack", new JsonObject { ["ids"] = new JsonArray((string)asked["id"]!) }.ToJsonString())).IsDone();
        }

        Assert.Empty((await agent.GetAsync("/v1/queues/optimization_requests")).Json["messages"]!.AsArray());

        // A sign of life is the wire's own, so the engine's watch sees it.
        Assert.Equal(HttpStatusCode.NoContent, (await agent.PostAsync(
            "/v1/agents/execution/heartbeat", """{"reconcile":true,"heartbeatInterval":5,"version":"1.2"}""")).Status);
        var seen = (await agent.GetAsync("/v1/agents")).Json["items"]!.AsArray().Single(item => (string)item!["agent"]! == "execution")!;
        Assert.Equal(("fresh", "1.2"), ((string)seen["condition"]!, (string)seen["version"]!));

        // It offers to reconcile: so it is asked.
        var request = Assert.Single((await agent.GetAsync("/v1/queues/reconcile_requests?wait=30")).IsDone().Json["messages"]!.AsArray())!;
        Assert.Equal("reconcile", (string)request["message"]!["type"]!);
    }

    [Fact]
    public async Task A_silo_whose_orders_somebody_else_takes_says_so()
    {
        await using var silo = await OwnSilo.StartAsync(["--feed", "http", "--risk", "open"]);
        using var agent = silo.As(Role.Trader);
        Assert.Contains(
            "--execution http", (string)(await agent.GetAsync(Orders)).IsProblem(HttpStatusCode.Conflict).Json["detail"]!, StringComparison.Ordinal);
    }

    private static Task<ApiAnswer> AcknowledgeAsync(ApiClient agent, string id) =>
        agent.PostAsync($"{Orders}/ack", new JsonObject { ["ids"] = new JsonArray(id) }.ToJsonString());

    private static async Task SignalAsync(ApiClient agent, string id)
    {
        await agent.PostAsync("/v1/queues/strategy_engine:market_data", """{"symbol":"BTCUSD","category":"crypto","bid":49990,"ask":50010}""");
        Assert.Equal(HttpStatusCode.Accepted, (await agent.PostAsync(
            "/v1/queues/strategy_signals",
            $$"""{"signal_id":"{{id}}","action":"buy","symbol":"BTCUSD","entry_price":50000,"stop_loss":49000,"quantity":0.1,"strategy":"momentum"}""")).Status);
    }
}
