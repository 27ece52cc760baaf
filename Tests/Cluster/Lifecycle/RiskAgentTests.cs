using System.Text;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>A risk agent outside has the last word on entries, and on nothing else.</summary>
public sealed class RiskAgentTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(0.25);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entry_waits_for_its_answer_and_carries_it()
    {
        await using var engine = await StartAsync();
        await PushAsync(engine, SentSignal.Buy("a"));
        var asked = await AskedAsync(engine, 1);
        Assert.Empty(engine.Orders);

        await AnswerAsync(engine, asked[0], """ "approved":true,"agent":"desk" """);

        Assert.Equal("a", Assert.Single(engine.Orders).SignalId);
        var order = Assert.Single((await engine.PositionAsync(SentSignal.Buy("a").OpensPosition)).Orders);
        Assert.Matches("^entry .*, agent desk$", order.Order.Risk);

        // Its exit asks nobody.
        await engine.FillAsync(engine.Orders[0]);
        await engine.Engine.ClosePositionAsync(engine.Orders[0].PositionId, "test");
        await engine.IdleAsync();
        Assert.Equal(2, engine.Orders.Length);
        Assert.Single(await engine.ListAsync(BoardKeys.RiskChecks));
    }

    [Fact]
    public async Task Refusal_and_silence_refuse_and_others_do_not_wait()
    {
        await using var engine = await StartAsync();
        await PushAsync(engine, SentSignal.Buy("no"), SentSignal.Buy("late") with { Strategy = "other" });
        var asked = await AskedAsync(engine, 2);

        await engine.Store.Queues.PushAsync(StreamNames.RiskAnswers, [Encoding.UTF8.GetBytes(
            $$"""{"request_id":"{{asked.Single(id => id.EndsWith(SentSignal.Buy("no").OpensPosition, StringComparison.Ordinal))}}","approved":false,"reason":"event risk"}""")], Stop);
        await Eventually.HoldsAsync("the refusal to stand", async () =>
            await engine.Engine.GetPositionAsync(SentSignal.Buy("no").OpensPosition) is { Reject: RejectReason.RiskAgentRefused });
        Assert.Empty(engine.Orders);

        engine.Clock.Advance(Wait);
        await engine.IdleAsync();

        var late = SentSignal.Buy("late") with { Strategy = "other" };
        Assert.Equal(RejectReason.RiskAgentSilent, (await engine.PositionAsync(late.OpensPosition)).Reject);

        // What comes too late, or means nothing, changes nothing and stays nowhere.
        await AnswerAsync(engine, asked[1], """ "approved":true """);
        await engine.PushAsync(StreamNames.RiskAnswers, """{"request_id":"x","approved":"maybe"}""");
        Assert.Empty(engine.Orders);
        Assert.Equal(0, await engine.DepthAsync(StreamNames.RiskAnswers));
        Assert.Contains(await engine.ListAsync(BoardKeys.DeadLetters), letter => (string?)letter["queue"] == StreamNames.RiskAnswers);

        // The room it had reserved is free again.
        Assert.Equal(0m, (await engine.Engine.GetStatusAsync()).Accounts.Sum(account => account.Long));
    }

    [Fact]
    public async Task Refused_reversal_still_leaves_what_is_open()
    {
        await using var engine = await StartAsync();
        var buy = SentSignal.Buy("a") with { Strategy = TestOptions.ReverseStrategy };
        var sell = SentSignal.Sell("b") with { Strategy = TestOptions.ReverseStrategy };
        await PushAsync(engine, buy);
        await AnswerAsync(engine, (await AskedAsync(engine, 1))[0], """ "approved":true """);
        await engine.FillAsync(engine.Orders[0]);
        await PushAsync(engine, sell);
        var asked = await AskedAsync(engine, 2);

        await AnswerAsync(engine, asked.Single(id => id.EndsWith(sell.OpensPosition, StringComparison.Ordinal)), """ "approved":false """);

        Assert.Equal(["open", "close"], engine.Orders.Select(order => order.Type));
        Assert.Equal(RejectReason.RiskAgentRefused, (await engine.PositionAsync(sell.OpensPosition)).Reject);
    }

    [Fact]
    public async Task Silence_lets_pass_where_it_may()
    {
        await using var engine = await StartAsync("allow");
        await PushAsync(engine, SentSignal.Buy("a"));
        await AskedAsync(engine, 1);

        engine.Clock.Advance(Wait - TimeSpan.FromMilliseconds(1));
        Assert.Empty(engine.Orders);
        engine.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await engine.IdleAsync();

        Assert.Equal("a", Assert.Single(engine.Orders).SignalId);
        Assert.EndsWith(", agent silent", (await engine.PositionAsync(engine.Orders[0].PositionId)).Orders[0].Order.Risk, StringComparison.Ordinal);
    }

    private static async Task<TestEngine> StartAsync(string onSilence = "refuse")
    {
        var engine = await TestEngine.StartAsync();
        var tree = JsonNode.Parse((await engine.Engine.GetConfigurationAsync()).Json)!;
        tree["riskAgent"] = new JsonObject { ["asks"] = "strategy_signals", ["wait"] = Wait.TotalSeconds, ["onSilence"] = onSilence };
        var result = await engine.Engine.ApplyConfigurationAsync(new ConfigurationChange(tree.ToJsonString(), "test"));
        Assert.True(result.Answer.IsCompleted, string.Join('\n', result.Errors));
        await engine.PriceAsync(49_999m, 50_001m);
        return engine;
    }

    // It is answered only when the agent was, so nothing is waited for here.
    private static async Task PushAsync(TestEngine engine, params SentSignal[] signals) => await engine.Store.Queues.PushAsync(
        StreamNames.FastSignals, [.. signals.Select(signal => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(signal.Json))], Stop);

    private static async Task<IReadOnlyList<string>> AskedAsync(TestEngine engine, int count)
    {
        await Eventually.HoldsAsync($"{count} questions", async () => (await engine.ListAsync(BoardKeys.RiskChecks)).Count == count);
        return [.. (await engine.ListAsync(BoardKeys.RiskChecks)).Select(question => (string)question["request_id"]!)];
    }

    private static Task AnswerAsync(TestEngine engine, string id, string rest) =>
        engine.PushAsync(StreamNames.RiskAnswers, $$"""{"request_id":"{{id}}",{{rest}}}""");
}
