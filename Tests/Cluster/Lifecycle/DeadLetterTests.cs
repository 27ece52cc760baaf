using System.Text;
using TradingEngine.Client;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Lifecycle;

/// <summary>The dead-letter queue over the embedded store.</summary>
public sealed class DeadLetterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Letter_tells_source_reason_time_and_bytes_and_outlives_a_restart()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PushAsync(StreamNames.FastSignals, """{"action":"dance","symbol":"BTCUSD"}""");
        await engine.RestartAsync();
        await using var client = new TradingEngineClient(engine.Cluster);

        var page = await client.GetDeadLettersAsync(cancellationToken: Stop);
        var listed = Assert.Single(page.Letters);
        var letter = (await client.GetDeadLetterAsync(listed.Id, Stop))!;

        Assert.Equal(
            (StreamNames.FastSignals, "UNKNOWN_ACTION", TestEngine.Started, 1, 36L),
            (letter.Queue, letter.Reason, letter.Time, letter.Deliveries, letter.Size));
        Assert.Equal("""{"action":"dance","symbol":"BTCUSD"}""", Encoding.UTF8.GetString(letter.Payload.Span));
        Assert.Equal((1L, 1L), (page.Kept, page.Counts[$"{StreamNames.FastSignals} UNKNOWN_ACTION"]));
        Assert.Null(await client.GetDeadLetterAsync("nobody", Stop));
    }

    [Fact]
    public async Task Requeue_puts_one_or_all_back_in_their_order_and_leaves_what_it_may_not_send()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var client = new TradingEngineClient(engine.Cluster);
        await engine.PushAsync(StreamNames.FastSignals, "1", "2");
        await engine.PushAsync(StreamNames.Market, "a price of the past");
        await engine.PushAsync(StreamNames.FastSignals, new string('x', 70_000));
        var first = (await client.GetDeadLettersAsync(cancellationToken: Stop)).Letters[^1];

        Assert.True((await client.RequeueDeadLetterAsync(first.Id, Stop)).IsCompleted);
        await engine.IdleAsync();
        Assert.False((await client.RequeueDeadLetterAsync(first.Id, Stop)).IsCompleted);
        var all = await client.RequeueAllDeadLettersAsync(Stop);
        await engine.IdleAsync();

        Assert.Equal("2 dead letters are on their queues again", all.Reason.Split(',')[0]);
        var page = await client.GetDeadLettersAsync(cancellationToken: Stop);
        Assert.Equal(4, page.Kept);
        Assert.Equal([1L, 1L, 70_000L, 19L], page.Letters.Select(letter => letter.Size));
        Assert.Equal(7, page.Counts.Values.Sum());

        Assert.True((await client.PurgeDeadLettersAsync(Stop)).IsCompleted);
        Assert.Equal(0, (await client.GetDeadLettersAsync(cancellationToken: Stop)).Kept);
    }

    [Fact]
    public async Task Requeue_whose_answer_is_lost_neither_loses_nor_doubles()
    {
        await using var engine = await TestEngine.StartAsync();
        await using var client = new TradingEngineClient(engine.Cluster);
        await engine.PushAsync(StreamNames.FastSignals, "1");
        foreach (var point in new[] { FaultPoint.BeforeWriting, FaultPoint.AfterWriting })
        {
            var letter = Assert.Single((await client.GetDeadLettersAsync(cancellationToken: Stop)).Letters);
            engine.Faults.Fail(commit => !commit.Removals.IsEmpty, point);
            await Assert.ThrowsAnyAsync<Exception>(() => client.RequeueDeadLetterAsync(letter.Id, Stop));
            await engine.IdleAsync();
            await client.RequeueDeadLetterAsync(letter.Id, Stop);
            await engine.IdleAsync();
        }

        var page = await client.GetDeadLettersAsync(cancellationToken: Stop);
        Assert.Equal((1L, 3L), (page.Kept, page.Counts.Values.Sum()));
    }

    [Fact]
    public async Task Warnings_and_alerts_are_taken_and_counted_and_broken_ones_set_aside()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PushAsync(
            StreamNames.Warnings, """{"type":"MARKET_ANOMALY_ALERT","warning":{"type":"spike","severity":"high","message":"m"}}""", "{}");
        await engine.PushAsync(
            StreamNames.Alerts, """{"type":"IMMEDIATE_IMBALANCE_ALERT","imbalance":{"type":"book","severity":"high","value":2}}""", "x");
        await engine.PushAsync(StreamNames.TacticalSignals, """{"action":"regime_change","new_regime":"calm","confidence":0.7}""");

        await using var client = new TradingEngineClient(engine.Cluster);
        var tier = (await client.GetEngineStatusAsync(Stop)).Tiers.Single(statistics => statistics.Tier == 3);
        Assert.Equal((3L, 2L), (tier.Signals, tier.DeadLetters));
    }
}
