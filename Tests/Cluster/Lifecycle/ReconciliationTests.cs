using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Streaming.Queues;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>What the engine asks of an execution agent, and what it does with the answers.</summary>
public sealed class ReconciliationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Agent_that_does_not_offer_it_is_never_asked()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.SignalAsync(SentSignal.Buy("s"));
        engine.Clock.Advance(TimeSpan.FromSeconds(70));
        await BeatAsync(engine, offers: false);
        await engine.Cluster.GetGrain<IReconciliationGrain>(StreamNames.DefaultPartition).WakeAsync();

        var view = await ViewAsync(engine);

        Assert.Equal((false, null), (view.IsOffered, view.AskedAt));
        Assert.Equal(0, await engine.DepthAsync(StreamNames.Reconcile));
    }

    [Fact]
    public async Task Lost_fill_is_asked_for_after_five_seconds_and_counts_once()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var agent = engine.Store.Queues.OpenReader(StreamNames.Reconcile);
        await engine.SignalAsync(SentSignal.Buy("s"));
        var order = engine.Orders[0];
        await KnownAsync(engine);
        await BeatAsync(engine, offers: true);
        var first = await AskedAsync(engine, agent);
        Assert.Equal((true, order.OrderId), ((bool)first["positions"]!, (string?)first["orders"]![0]));
        await AnswerAsync(engine, first, [], []);

        engine.Clock.Advance(TimeSpan.FromSeconds(6));
        var second = await AskedAsync(engine, agent);
        Assert.Equal((false, order.OrderId), ((bool)second["positions"]!, (string?)second["orders"]![0]));
        var fill = new JsonObject
        {
            ["order_id"] = order.OrderId, ["position_id"] = order.PositionId, ["fill_id"] = "lost-1",
            ["last_quantity"] = order.Quantity, ["last_price"] = order.Price,
        };
        var state = new JsonObject { ["order_id"] = order.OrderId, ["position_id"] = order.PositionId, ["status"] = "filled" };
        await AnswerAsync(engine, second, [state], [fill]);
        await AnswerAsync(engine, second, [(JsonObject)state.DeepClone()], [(JsonObject)fill.DeepClone()]);

        var position = await engine.PositionAsync(order.PositionId);
        Assert.Equal((PositionPhase.Open, order.Quantity), (position.Phase, position.Legs[0].Ledger.Quantity));
        Assert.Equal(OrderStatus.Filled, position.Orders[0].Status);
        Assert.Single(engine.Orders);
    }

    [Fact]
    public async Task Order_the_agent_never_received_stays_as_it_is_and_is_shown()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var agent = engine.Store.Queues.OpenReader(StreamNames.Reconcile);
        await engine.SignalAsync(SentSignal.Buy("s"));
        await KnownAsync(engine);
        await BeatAsync(engine, offers: true);
        var request = await AskedAsync(engine, agent);

        await AnswerAsync(engine, request, [new JsonObject { ["order_id"] = engine.Orders[0].OrderId, ["status"] = "not_found" }], []);

        Assert.Equal([engine.Orders[0].OrderId], (await ViewAsync(engine)).NotFound);
        Assert.Equal(OrderStatus.Sent, (await engine.PositionAsync(engine.Orders[0].PositionId)).Orders[0].Status);
    }

    [Fact]
    public async Task Difference_that_stays_stops_the_symbols_entries_and_agreement_lets_them_pass_again()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var agent = engine.Store.Queues.OpenReader(StreamNames.Reconcile);
        var order = await engine.OpenAsync(SentSignal.Buy("s"));
        await BeatAsync(engine, offers: true);

        await HoldsAsync(order.Quantity);
        await HoldsAsync(order.Quantity + 1m);
        Assert.Empty((await engine.Partition.ReadControlAsync(Stop)).Halts);
        await HoldsAsync(order.Quantity + 1m);

        var halt = Assert.Single((await engine.Partition.ReadControlAsync(Stop)).Halts);
        Assert.Equal(HaltScopes.Symbol("BTCUSD"), halt.Key);
        Assert.Equal(
            "reconciliation: default holds 0.1 BTCUSD by its fills, 1.1 by the execution agent",
            Assert.Single(DomainJson.ReadHalts(halt.Value)).Reason);
        await engine.SignalAsync(SentSignal.Buy("refused"));
        Assert.Single(engine.Orders);

        await HoldsAsync(order.Quantity);
        Assert.Empty((await engine.Partition.ReadControlAsync(Stop)).Halts);
        await engine.SignalAsync(SentSignal.Buy("passes"));
        Assert.Equal(2, engine.Orders.Length);

        async Task HoldsAsync(decimal lots)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(61));
            await BeatAsync(engine, offers: true);
            var request = await AskedAsync(engine, agent);
            await AnswerAsync(engine, request, [], [], new JsonObject { ["symbol"] = "BTCUSD", ["quantity"] = lots });
        }
    }

    [Fact]
    public async Task What_the_agent_states_of_accounts_of_other_partitions_is_left_out()
    {
        await using var engine = await TestEngine.StartOfPartitionsAsync(2);
        await using var agent = engine.Store.Queues.OpenReader(StreamNames.Reconcile);
        const string mine = "desk-2";
        var order = await engine.OpenAsync(SentSignal.Buy("s") with { Account = mine });
        await BeatAsync(engine, offers: true);

        await HoldAsync(order.Quantity);
        await HoldAsync(order.Quantity);
        Assert.Empty((await engine.Partition.ReadControlAsync(Stop)).Halts);
        await HoldAsync(order.Quantity + 1m);
        await HoldAsync(order.Quantity + 1m);
        Assert.Single((await engine.Partition.ReadControlAsync(Stop)).Halts);

        async Task HoldAsync(decimal lots)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(61));
            await BeatAsync(engine, offers: true);
            var request = await AskedAsync(engine, agent);
            await AnswerAsync(
                engine, request, [], [],
                new JsonObject { ["symbol"] = "BTCUSD", ["quantity"] = 7m },
                new JsonObject { ["symbol"] = "BTCUSD", ["quantity"] = lots, ["account"] = mine });
        }
    }

    private static Task<ReconciliationView> ViewAsync(TestEngine engine) =>
        engine.Cluster.GetGrain<IReconciliationGrain>(StreamNames.DefaultPartition).GetViewAsync();

    private static Task KnownAsync(TestEngine engine) => Eventually.HoldsAsync("the instrument to know the order", async () =>
        (await engine.Cluster.GetGrain<IInstrumentGrain>("BTCUSD").GetUnsettledAsync(null, 10)).Length == 1);

    private static async Task BeatAsync(TestEngine engine, bool offers)
    {
        var now = (engine.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await engine.Store.Board.SetHashAsync(BoardKeys.AgentStats + "execution", new Dictionary<string, string>
        {
            ["status"] = "running", ["last_heartbeat"] = now, ["reconcile"] = offers ? "true" : "false",
        }, Stop);
    }

    private static async Task<JsonNode> AskedAsync(TestEngine engine, IQueueReader agent)
    {
        IReadOnlyList<QueueEntry> entries = [];
        await Eventually.HoldsAsync("a request", async () => (entries = await agent.ReadAsync(1, TimeSpan.FromSeconds(1), Stop)).Count == 1);
        await engine.Partition.CommitAsync([new() { Acks = [new(StreamNames.Reconcile, entries[0].Id)] }], Stop);
        return JsonNode.Parse(entries[0].Payload.Span)!;
    }

    private static async Task AnswerAsync(
        TestEngine engine, JsonNode request, ImmutableArray<JsonObject> orders, ImmutableArray<JsonObject> fills, params JsonObject[] positions)
    {
        var answer = new JsonObject
        {
            ["request_id"] = (string?)request["request_id"], ["orders"] = new JsonArray([.. orders]), ["fills"] = new JsonArray([.. fills]),
        };
        if (positions.Length > 0)
        {
            answer["positions"] = new JsonArray([.. positions]);
        }

        await engine.PushAsync(StreamNames.Reconciled, answer.ToJsonString());
        await Eventually.HoldsAsync(
            "the answer to be compared", async () => (await ViewAsync(engine)).AnsweredAt == engine.Clock.GetUtcNow());
    }
}
