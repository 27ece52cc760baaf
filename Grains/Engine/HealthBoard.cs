using System.Globalization;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Health;

namespace TradingEngine.Grains.Engine;

/// <summary>Shows how agents, tiers, queues, store and memory are. What cannot be said is empty.</summary>
internal sealed class HealthBoard(ITradingStore store, IPartitionStore partition)
{
    private readonly AgentBoard _agents = new(store);

    /// <summary>Shows it under the keys of the wire.</summary>
    public async Task ShowAsync(IEnumerable<TierStatistics> tiers, DateTimeOffset now)
    {
        var agents = await _agents.ReadAsync(now);
        var healthy = agents.Count(agent => agent.Condition is AgentCondition.Fresh or AgentCondition.Late);
        var health = await store.GetStatusAsync();
        var letters = (await partition.ReadCountersAsync(DeadLetters.CounterGroup))?.Fields.Values.Sum() ?? 0L;
        var fields = new Dictionary<string, string>
        {
            ["total_agents"] = Text(agents.Length),
            ["healthy_agents"] = Text(healthy),
            ["health_percentage"] = Text(Math.Round(100m * healthy / agents.Length, 1)),
            ["store"] = health.Connected ? "connected" : "away",
            ["store_latency_ms"] = health.Latency is { } latency ? Text((decimal)Math.Round(latency.TotalMilliseconds, 3)) : "",
            ["dead_letters"] = Text(letters),
            ["memory_mb"] = Text(Math.Round(Environment.WorkingSet / 1_048_576m, 1)),
            ["managed_memory_mb"] = Text(Math.Round(GC.GetTotalMemory(forceFullCollection: false) / 1_048_576m, 1)),
            ["last_check"] = Text(TradeWriter.Seconds(now)),
        };
        foreach (var condition in Enum.GetValues<AgentCondition>())
        {
            fields["agents_" + AgentHealth.NameOf(condition)] = Text(agents.Count(agent => agent.Condition == condition));
        }

        foreach (var (queue, depth) in health.QueueDepths)
        {
            fields["queue_depth:" + queue] = Text(depth);
        }

        foreach (var tier in tiers)
        {
            fields[tier.Name + "_success_rate"] =
                tier.Cycles == 0 ? "" : Text(Math.Round(100m * (tier.Cycles - tier.FailedCycles) / tier.Cycles, 2));
            fields[tier.Name + "_overruns"] = Text(tier.Overruns);
            fields[tier.Name + "_jitter_ms"] = tier.BeatPeriod.Count == 0
                ? ""
                : Text(Math.Round(Math.Abs(tier.BeatPeriod.P99 - (decimal)tier.Period.TotalMicroseconds) / 1000m, 3));
        }

        await store.Board.SetHashAsync(BoardKeys.SystemHealth, fields);
        await store.Board.SetHashAsync(
            BoardKeys.AgentHealth, agents.ToDictionary(agent => agent.Name, TierWriter.Health, StringComparer.Ordinal));
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
