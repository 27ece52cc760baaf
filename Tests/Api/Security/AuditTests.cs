using System.Net;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Tests.Cluster.Processes;
using Xunit;

namespace TradingEngine.Tests.Api.Security;

/// <summary>Who commanded what is in the history and in the sealed audit, by the name of the key; and what each command does.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Commands_are_done_and_recorded_with_who_gave_them()
    {
        await using var silo = await OwnSilo.StartAsync([.. ApiSilo.OverHttp, "--store", "embedded"]);
        using var trader = silo.As(Role.Trader);
        using var risk = silo.As(Role.Risk);
        using var admin = silo.As(Role.Admin);
        await ModeAsync(trader, "pause", null, "paused");
        await ModeAsync(risk, "resume", null, "running");
        await ModeAsync(trader, "halt", """{"scope":"symbol-buy/EURUSD","reason":"news","durationSeconds":60}""", "running");
        Assert.Equal("symbol-buy/EURUSD", (string)(await trader.GetAsync("/v1/status")).Json["halts"]![0]!["scope"]!);
        await ModeAsync(risk, "unhalt", """{"scope":"symbol-buy/EURUSD"}""", "running");
        var order = await OpenAsync(trader);
        await ModeAsync(trader, "flatten", null, "reduce_only");
        var close = Assert.Single((await trader.GetAsync("/v1/queues/execution_orders?wait=10")).IsDone().Json["messages"]!.AsArray())!["message"]!;
        Assert.Equal(("close", (string)order["position_id"]!), ((string)close["type"]!, (string)close["position_id"]!));
        await ModeAsync(risk, "resume", null, "running");
        (await admin.PostAsync("/v1/commands/log-level", """{"level":"debug"}""")).IsDone();
        (await risk.PostAsync("/v1/deadletters/none/requeue")).IsProblem(HttpStatusCode.Conflict);
        await ModeAsync(trader, "kill", """{"reason":"drill"}""", "killed");
        (await risk.PostAsync("/v1/commands/reset")).IsProblem(HttpStatusCode.Conflict);
        (await trader.PostAsync("/v1/commands/flatten")).IsProblem(HttpStatusCode.Conflict);
        await ModeAsync(risk, "reset", """{"reason":"drill is over"}""", "reduce_only");

        string[] expected =
        [
            "pause by trader completed", "resume by risk completed", "halt by trader completed", "unhalt by risk completed", "flatten by trader completed",
            "resume by risk completed", "log-level by admin completed", "requeue by risk rejected", "kill by trader completed", "reset by risk rejected",
            "flatten by trader rejected", "reset by risk completed",
        ];
        var audited = (await admin.GetAsync("/v1/audit?limit=1000&after=0~0~")).Json["items"]!.AsArray()
            .Where(fact => (string)fact!["kind"]! == "command_given").Select(fact => ((string)fact!["reason"]!).Split(':')[0]);
        Assert.Equal(expected, audited);

        // What was written with them is sealed, and the audit as a whole is sound.
        await Eventually.HoldsAsync("the audit to be sealed", async () =>
            (long?)(await admin.GetAsync("/v1/audit/head")).Json["sealed"]?["last"] >= expected.Length);
        var verified = await ClientProcess.RunAsync("audit", "verify", "--gateway", silo.Gateway, "--timeout", "60", "--wait");
        Assert.True(verified.Code == 0, verified.Output + verified.Error);
    }

    private static async Task ModeAsync(ApiClient client, string command, string? json, string mode)
    {
        (await client.PostAsync($"/v1/commands/{command}", json)).IsDone();
        Assert.Equal(mode, (string)(await client.GetAsync("/v1/status")).Json["mode"]!);
    }

    /// <summary>Opens a position as agents do; its order.</summary>
    private static async Task<JsonNode> OpenAsync(ApiClient agent)
    {
        await agent.PostAsync("/v1/queues/strategy_engine:market_data", """{"symbol":"BTCUSD","category":"crypto","bid":49990,"ask":50010}""");
        (await agent.PostAsync("/v1/queues/strategy_signals", """{"signal_id":"a","action":"buy","symbol":"BTCUSD","entry_price":50000,"stop_loss":49000,"quantity":0.1}""")).IsDone();
        var taken = Assert.Single((await agent.GetAsync("/v1/queues/execution_orders?wait=10")).IsDone().Json["messages"]!.AsArray())!;
        var order = taken["message"]!;
        (await agent.PostAsync("/v1/queues/position_updates", new JsonObject
        {
            ["position_id"] = (string)order["position_id"]!,
            ["updates"] = new JsonObject
            {
                ["order_id"] = (string)order["order_id"]!, ["fill_id"] = "1", ["last_quantity"] = 0.1m, ["last_price"] = 50_000m, ["status"] = "filled",
            },
        }.ToJsonString())).IsDone();
        (await agent.PostAsync("/v1/queues/execution_orders/ack", new JsonObject { ["ids"] = new JsonArray((string)taken["id"]!) }.ToJsonString())).IsDone();
        await Eventually.HoldsAsync("the position to be open", async () =>
            (await agent.GetAsync("/v1/positions")).Json["items"]!.AsArray() is [{ } position] && (string)position["status"]! == "open");
        return order;
    }
}
