using System.Text;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Tiers;
using Xunit;

namespace TradingEngine.Tests.Cluster.Tiers;

/// <summary>Tiers of the configuration: a job, a line, and they run, are shown and are counted.</summary>
public sealed class CustomTierTests
{
    private static readonly Echo Job = Registered(new Echo());
    private static readonly TierDefinition Hourly = new(5, "hourly", TimeSpan.FromHours(1), "hourly_requests", ["echo", "exposure_report"]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cycle_hands_messages_and_positions_to_jobs_and_carries_out_what_they_ask_for()
    {
        await using var engine = await TestEngine.StartAsync(null, Hourly);
        engine.Fills = true;
        var opened = SentSignal.Buy("s-1");
        await engine.SignalAsync(opened);
        var tier = engine.Cluster.GetGrain<ICustomTierGrain>("0/hourly");
        var before = 0L;
        await Eventually.HoldsAsync("the first beat of its own", async () => (before = (await tier.GetStatisticsAsync()).Cycles) > 0);
        await engine.Store.Queues.PushAsync(Hourly.QueueName, [Encoding.UTF8.GetBytes("{\"close\":true}"), Encoding.UTF8.GetBytes("more")], Stop);

        await tier.BeatAsync();
        await tier.BeatAsync();

        // A cycle that failed counts as such when the next begins.
        await tier.BeatAsync();

        Assert.Equal(["{\"close\":true}", "more"], Job.Seen);
        Assert.Equal(["2 messages"], await engine.Store.Board.ReadListAsync("echoes", 1, Stop));
        await Eventually.HoldsAsync("the position to be closed", async () =>
            (await engine.PositionAsync(opened.OpensPosition)).Phase == PositionPhase.Closed);
        var reports = await engine.Store.Board.ReadListAsync(ExposureReport.Key, 10, Stop);
        Assert.Contains(reports, report =>
            JsonNode.Parse(report)!["held"]!.AsArray().Any(held => (decimal)held!["lots"]! == opened.Quantity));
        var status = await engine.Engine.GetStatusAsync();
        Assert.Equal(["ultra_hft", "fast", "tactical", "strategic", "hourly"], status.Tiers.Select(shown => shown.Name));
        var shown = status.Tiers[4];
        Assert.Equal((5, Hourly.Period, before + 3, 2, 1), (shown.Tier, shown.Period, shown.Cycles, shown.Signals, shown.FailedCycles));
        await Eventually.HoldsAsync("its cycles to be shown", async () =>
            (await engine.Store.Board.ReadHashAsync(BoardKeys.TradingStats, Stop)).ContainsKey("hourly_cycles"));
    }

    private static Echo Registered(Echo job)
    {
        TierJobRegistry.Default.Register(job);
        return job;
    }

    /// <summary>Says what it got; leaves all positions when it is asked to, and fails when nothing came.</summary>
    private sealed class Echo : ITierJob
    {
        public string Name => "echo";

        public List<string> Seen { get; } = [];

        public TierJobResult Run(TierJobInput input)
        {
            if (input.Messages.IsEmpty && Seen.Count > 0)
            {
                throw new InvalidOperationException("nothing to echo");
            }

            Seen.AddRange(input.Messages);
            return input.Messages.IsEmpty
                ? new TierJobResult()
                : new TierJobResult
                {
                    Messages = [new TierMessage("echoes", $"{input.Messages.Length} messages")],
                    Closes = [.. input.Positions.Select(entry => (entry.Id, "echo"))],
                };
        }
    }
}
