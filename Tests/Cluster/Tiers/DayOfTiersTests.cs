using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Tests.Cluster.Harness;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Tiers;
using Xunit;

namespace TradingEngine.Tests.Cluster.Tiers;

/// <summary>
/// A simulated day of all tiers, in the way a replay beats them: prices each minute, trades of two strategies, agents that are silent, late,
/// and answer by script.
/// </summary>
public sealed class DayOfTiersTests
{
    private const string Loser = "breakout_loser";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private static readonly Count Job = Registered(new Count());
    private static readonly TierDefinition Hourly = new(5, "hourly", TimeSpan.FromHours(1), null, ["count_hours"]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Day_runs_every_job_as_often_as_it_should_and_answers_are_used()
    {
        await using var engine = await TestEngine.StartInLockStepAsync(Hourly);
        engine.Fills = true;
        var beats = await engine.BeatsAsync();
        var script = new Script(engine);
        await script.SeeAsync("intelligence");

        for (var i = 1; i <= 24 * 120; i++)
        {
            engine.Clock.SetUtcNow(TestEngine.Started + (i * Step));
            await script.TradeAsync(i);
            await beats.BeatAsync(engine.Clock.GetUtcNow());
            await script.AnswerAsync(i);
        }

        var status = await engine.Engine.GetStatusAsync();
        Assert.Equal(
            [("tactical", 2880L, 0L), ("strategic", 288L, 0L), ("hourly", 24L, 0L)],
            status.Tiers.Skip(2).Select(tier => (tier.Name, tier.Cycles, tier.FailedCycles)));
        Assert.Equal(24, Job.Ran);

        // Each cycle asked once, and no id was used twice.
        Assert.Equal(2880, script.Asked[BoardKeys.MarketAnalysisRequests].Distinct().Count());
        Assert.Equal(2880, script.Asked[BoardKeys.CoordinationMessages].Distinct().Count());
        Assert.Equal(2880, script.Asked[BoardKeys.RiskAssessmentRequests].Distinct().Count());
        Assert.Equal(288, script.Asked[BoardKeys.OptimizationRequests].Distinct().Count());

        var decisions = (await engine.ListAsync(BoardKeys.TierDecisions)).Reverse()
            .Select(node => (Time: (decimal)node["timestamp"]!, Tier: (string)node["tier"]!, What: (string)node["decision"]!, Why: (string)node["reason"]!)).ToList();

        // The scripted regime stood from its answer on, for as long as it may, and the own measure counts again.
        var told = Assert.Single(decisions, decision => decision.What.Contains("-> volatile", StringComparison.Ordinal) && decision.Why.StartsWith("regime_change", StringComparison.Ordinal));
        Assert.Contains("parameter set range -> storm", told.What, StringComparison.Ordinal);
        var back = decisions.First(decision => decision.Time > told.Time && decision.What.StartsWith("regime volatile ->", StringComparison.Ordinal));
        Assert.StartsWith("own measure, ", back.Why, StringComparison.Ordinal);
        Assert.Equal(30 * 60m, back.Time - told.Time);
        Assert.Equal((0.02m, 0.005m), (script.LotsBefore, script.LotsInStorm));

        // The answer of the optimiser took the place of the own step; the one that came too late did not.
        Assert.Contains(decisions, decision => decision is { Tier: "strategic", Why: "answer of risk_management, targets trend_following 2" });
        Assert.Contains(decisions, decision => decision.Why.StartsWith("it came after 11 s", StringComparison.Ordinal));
        Assert.Contains(decisions, decision => decision.Tier == "strategic" && decision.Why.StartsWith("RiskParity", StringComparison.Ordinal));
        var weights = await engine.Store.Board.ReadHashAsync(BoardKeys.StrategyWeights, Stop);
        Assert.Equal([Loser, "reversion", "trend_following"], weights.Keys.Order(StringComparer.Ordinal));
        Assert.All(weights.Values, text => Assert.InRange((decimal)JsonNode.Parse(text)!["weight"]!, 0.25m, 2m));

        // The agent that fell silent changed nothing but its own health.
        Assert.Equal(
            ["agent intelligence is late", "agent intelligence is dead"],
            decisions.Where(decision => decision.What.Contains("intelligence", StringComparison.Ordinal)).Select(decision => decision.What));

        // The one that only lost was suspended after the twentieth trade, and says why; the others keep their limits.
        Assert.Equal("profit factor 0 of 20 trades, at least 0.5", Assert.Single(
            decisions, decision => decision.What == $"strategy {Loser} normal -> suspended").Why);
        Assert.Equal([HaltScopes.Strategy(Loser)], status.Halts.Select(halt => halt.Scope));
        Assert.Equal(20, engine.Orders.Count(order => order.Type == "open" && order.SignalId.StartsWith("l-", StringComparison.Ordinal)));

        var measured = JsonNode.Parse((await engine.Store.Board.ReadHashAsync(BoardKeys.MarketAnalysis, Stop))["BTCUSD"])!;
        Assert.Equal(240, (int)measured["samples"]!);
        Assert.InRange((double)measured["volatility"]!, 0.01, 10);
        var risk = await engine.Store.Board.ReadHashAsync(BoardKeys.PortfolioRisk, Stop);
        Assert.Equal("", risk["unvalued"]);
    }

    [Fact]
    public async Task Weights_and_regime_outlast_a_restart()
    {
        await using var engine = await TestEngine.StartAsync();
        await engine.PushAsync(StreamNames.TacticalSignals, """{"action":"regime_change","new_regime":"volatile","confidence":0.9}""");

        await engine.RestartAsync();
        await engine.Cluster.GetGrain<ITacticalTierGrain>(StreamNames.DefaultPartition).BeatAsync();
        await engine.SignalAsync(SentSignal.Buy("s-1") with { Quantity = 0.02m });

        Assert.Equal(0.01m, Assert.Single(engine.Orders).Quantity);
    }

    private static Count Registered(Count job)
    {
        TierJobRegistry.Default.Register(job);
        return job;
    }

    private sealed class Count : ITierJob
    {
        public string Name => "count_hours";

        public int Ran { get; private set; }

        public TierJobResult Run(TierJobInput input)
        {
            Ran++;
            return new TierJobResult();
        }
    }

    /// <summary>What agents do in the course of the day, by half minutes.</summary>
    private sealed class Script(TestEngine engine)
    {
        private const int RegimeAt = 8 * 120;
        private const int OptimiseAt = 10 * 120;
        private const int LateAt = 12 * 120;

        private readonly Random _random = new(5);
        private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
        private decimal _price = 50_000m;

        public Dictionary<string, List<string>> Asked { get; } = new(StringComparer.Ordinal)
        {
            [BoardKeys.MarketAnalysisRequests] = [], [BoardKeys.CoordinationMessages] = [], [BoardKeys.RiskAssessmentRequests] = [],
            [BoardKeys.OptimizationRequests] = [],
        };

        public decimal LotsBefore { get; private set; }

        public decimal LotsInStorm { get; private set; }

        public async Task SeeAsync(string agent) => await engine.Store.Board.SetHashAsync(
            BoardKeys.AgentStats + agent,
            new Dictionary<string, string>
            {
                ["status"] = "running",
                ["last_heartbeat"] = engine.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            },
            Stop);

        public async Task TradeAsync(int i)
        {
            if (i % 2 != 0)
            {
                return;
            }

            // To and fro, with little that lasts: it ranges.
            _price = Math.Round(50_000m + (0.9m * (_price - 50_000m)) + (decimal)(100 * (_random.NextDouble() - 0.5)), 2);
            await engine.PriceAsync(_price - 1m, _price + 1m);
            if (i % 20 == 0)
            {
                // One strategy wins and loses small, the other three times as much.
                await RoundTripAsync($"r-{i}", "reversion", (decimal)(200 * (_random.NextDouble() - 0.4)));
                await RoundTripAsync($"t-{i}", SentSignal.DefaultStrategy, (decimal)(600 * (_random.NextDouble() - 0.4)));
                await RoundTripAsync($"l-{i}", Loser, -6_000m);
                await engine.PriceAsync(_price - 1m, _price + 1m);
            }
        }

        public async Task AnswerAsync(int i)
        {
            foreach (var (key, asked) in Asked)
            {
                var newest = await engine.Store.Board.ReadListAsync(key, 1, Stop);
                if (newest.Count == 0 || newest[0] == _seen.GetValueOrDefault(key))
                {
                    continue;
                }

                _seen[key] = newest[0];
                asked.Add((string)JsonNode.Parse(newest[0])!["request_id"]!);
            }

            var analysis = Asked[BoardKeys.MarketAnalysisRequests];
            if (i == RegimeAt)
            {
                LotsBefore = await LotsAsync("before");
                await engine.PushAsync(
                    StreamNames.TacticalAnswers,
                    $$"""{"request_id":"{{analysis[^1]}}","agent":"market_conditions","regime":"volatile","confidence":0.9,"symbols":[{"symbol":"BTCUSD","volatility":1.5}]}""");
                LotsInStorm = await LotsAsync("storm");
            }
            else if (i is OptimiseAt or LateAt)
            {
                if (i == LateAt)
                {
                    engine.Clock.Advance(TimeSpan.FromSeconds(11));
                }

                await engine.PushAsync(
                    StreamNames.StrategicAnswers,
                    $$$"""{"request_id":"{{{Asked[BoardKeys.OptimizationRequests][^1]}}}","agent":"risk_management","weights":{"trend_following":2,"unheard_of":3}}""");
            }
        }

        /// <summary>Lots of an order of a family whose size the storm quarters, whatever its weight is: of a strategy without one.</summary>
        private async Task<decimal> LotsAsync(string id)
        {
            await engine.SignalAsync(new SentSignal { SignalId = id, Strategy = "reversion_of_nobody", Quantity = 0.02m, EntryPrice = _price });
            return engine.Orders[^1].Quantity;
        }

        private async Task RoundTripAsync(string id, string strategy, decimal outcome)
        {
            await engine.SignalAsync(new SentSignal { SignalId = id, Strategy = strategy, Quantity = 0.02m, EntryPrice = _price });
            await engine.PriceAsync(Math.Round(_price + outcome, 2), Math.Round(_price + outcome, 2));
            await engine.SignalAsync(new SentSignal { SignalId = id + "-x", Strategy = strategy, Action = "close", Quantity = 0.02m });
        }
    }
}
