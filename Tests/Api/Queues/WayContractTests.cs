using System.Text.Json.Nodes;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Api.Queues;

/// <summary>The same JSON over HTTP and over Redis: the same orders, the same trades, the same dead letters.</summary>
public sealed class WayContractTests
{
    private const string Price = """{"symbol":"BTCUSD","category":"crypto","bid":49990,"ask":50010,"source":"test"}""";

    private const int DeadLetters = 7;

    private static readonly (string Queue, string Json)[] s_messages =
    [
        ("strategy_signals", """{"signal_id":"buy","action":"buy","symbol":"BTCUSD","entry_price":50000,"stop_loss":49000,"take_profit":52000,"quantity":"0.10","strategy":"momentum","confidence":0.8}"""),
        ("fast_signals", """{"message_id":"sell","message_type":"sell","symbol":"BTCUSD","price":50000,"stop_loss":51000,"volume":0.1,"strategy":"rsi"}"""),
        ("hft_signals", """{"signal_id":"arb","action":"arbitrage","legs":[{"symbol":"BTCUSD","side":"buy","quantity":0.1,"price":50000,"venue":"north"},{"symbol":"BTCUSD","side":"sell","quantity":0.1,"price":50010,"venue":"süd"}]}"""),
        ("hft_signals", """{"signal_id":"quote","action":"market_making","symbol":"BTCUSD","quantity":0.1,"bid":49900,"ask":50100,"strategy":"maker"}"""),
        ("strategy_signals", """{"signal_id":"limit","action":"buy","symbol":"BTCUSD","order_type":"limit","limit_price":49500,"time_in_force":"gtc","stop_loss":49000,"quantity":0.1,"strategy":"momentum"}"""),
        ("strategy_signals", """{"signal_id":"buy","action":"buy","symbol":"BTCUSD","entry_price":50000,"stop_loss":49000,"quantity":0.1,"strategy":"momentum"}"""),
        ("strategy_signals", """{"signal_id":"x","action":"dance","symbol":"BTCUSD"}"""),
        ("strategy_signals", """{"signal_id":"y","action":"buy","symbol":"BTC USD"}"""),
        ("hft_signals", """{"signal_id":"z","action":"arbitrage","legs":[{"symbol":"BTCUSD","side":"up"}]}"""),
        ("tactical_signals", """{"action":"market_anomaly","anomaly_type":"gap"}"""),
        ("position_updates", """{"position_id":"P","updates":{"order_id":"none","status":"sleeping"}}"""),
        ("market_analysis_requests:replies", """{"regime":"trending"}"""),
        ("reconcile_requests:replies", """{"fills":5}"""),
    ];

    [Fact]
    public async Task Messages_have_the_same_effects_on_either_way()
    {
        var ways = await Task.WhenAll(HttpAgents.StartAsync(), ListAgents.StartAsync());
        try
        {
            var (http, lists) = (await RunAsync(ways[0]), await RunAsync(ways[1]));
            Assert.Equal(string.Join('\n', lists.Orders), string.Join('\n', http.Orders));
            Assert.Equal(string.Join('\n', lists.DeadLetters), string.Join('\n', http.DeadLetters));
            Assert.Equal(string.Join('\n', lists.Trades), string.Join('\n', http.Trades));
            Assert.True(http.Orders.Count >= 8, string.Join('\n', http.Orders));
            Assert.Equal(DeadLetters, http.DeadLetters.Count);
            Assert.Equal(2, http.Trades.Count);
        }
        finally
        {
            await Task.WhenAll(ways.Select(way => way.DisposeAsync().AsTask()));
        }
    }

    private static async Task<Effects> RunAsync(IAgentWay way)
    {
        var orders = new List<string>();
        await Eventually.HoldsAsync("the price to be known", async () =>
        {
            await way.PriceAsync(Price);
            return (await way.Api.GetAsync("/v1/instruments")).Body.Contains("49990", StringComparison.Ordinal);
        });
        foreach (var (queue, json) in s_messages)
        {
            await way.PushAsync(queue, json);
        }

        // buy, sell, two legs, two quotes, limit: each is answered as an execution agent would.
        await TakeAsync(way, orders, 7);
        await Eventually.HoldsAsync("two positions to be open", async () =>
            (await way.Api.GetAsync("/v1/positions")).Json["items"]!.AsArray().Count(item => (string)item!["status"]! == "open" && (string)item["strategy"]! is "momentum" or "rsi") >= 2);
        await way.PushAsync("strategy_signals", """{"signal_id":"out","action":"close","symbol":"BTCUSD","strategy":"momentum"}""");
        await way.PushAsync("strategy_signals", """{"signal_id":"out2","action":"close","symbol":"BTCUSD","strategy":"rsi"}""");
        JsonArray trades = [];
        await Eventually.HoldsAsync("two trades", async () =>
        {
            await TakeAsync(way, orders, 0);
            trades = (await way.Api.GetAsync("/v1/trades")).Json["items"]!.AsArray();
            return trades.Count(IsOurs) == 2;
        });

        // A report that fits nothing is left for some deliveries before it is set aside.
        JsonArray letters = [];
        await Eventually.HoldsAsync($"{DeadLetters} dead letters", async () =>
        {
            letters = (await way.Api.GetAsync("/v1/deadletters")).Json["items"]!.AsArray();
            return letters.Count >= DeadLetters;
        });
        return new Effects(
            [.. orders.Select(Timeless).Order(StringComparer.Ordinal)],
            [.. letters.Select(letter => $"{letter!["queue"]} {letter["reason"]} {letter["detail"]} {letter["size"]}").Order(StringComparer.Ordinal)],
            [.. trades.Where(IsOurs).Select(trade => $"{trade!["positionId"]} {trade["strategy"]} {trade["side"]} {trade["quantity"]} {trade["entryPrice"]} {trade["exitPrice"]} {trade["pnl"]} {trade["reason"]}")
                .Order(StringComparer.Ordinal)]);
    }

    private static bool IsOurs(JsonNode? trade) => (string)trade!["strategy"]! is "momentum" or "rsi";

    /// <summary>Takes and answers at least so many orders, and all that are there.</summary>
    private static Task TakeAsync(IAgentWay way, List<string> orders, int least)
    {
        var from = orders.Count;
        return Eventually.HoldsAsync($"{least} more orders", async () =>
        {
            while (await way.TakeOrderAsync() is { } json)
            {
                var order = JsonNode.Parse(json)!;
                if (IsOursByStrategy(order))
                {
                    orders.Add(json);
                }

                await way.PushAsync("position_updates", AnswerTo(order));
            }

            return orders.Count - from >= least;
        });
    }

    // Quotes time out, and groups of which a leg failed are flattened, when they do: what comes of them comes in its own time.
    private static bool IsOursByStrategy(JsonNode order) => (string)order["type"]! is "open" or "arbitrage" or "market_making"
        || (string?)order["strategy"] is "momentum" or "rsi";

    private static string AnswerTo(JsonNode order)
    {
        var id = (string)order["order_id"]!;
        var isResting = order["order_type"] is not null || (string)order["type"]! == "market_making";
        var updates = (string)order["type"]! == "cancel" ? new JsonObject { ["order_id"] = (string)order["target_order_id"]!, ["status"] = "cancelled" }
            : isResting ? new JsonObject { ["order_id"] = id, ["status"] = "accepted" }
            : new JsonObject
            {
                ["order_id"] = id, ["fill_id"] = id + "-1", ["last_quantity"] = (decimal)order["quantity"]!, ["last_price"] = (decimal)order["price"]!,
                ["status"] = "filled", ["commission"] = 0.5m,
            };
        return new JsonObject { ["position_id"] = (string)order["position_id"]!, ["updates"] = updates }.ToJsonString();
    }

    private static string Timeless(string json)
    {
        var order = JsonNode.Parse(json)!.AsObject();
        order.Remove("timestamp");
        return order.ToJsonString();
    }

    private sealed record Effects(List<string> Orders, List<string> DeadLetters, List<string> Trades);
}
