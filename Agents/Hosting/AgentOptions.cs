using TradingEngine.Grains.Interfaces;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Agents.Hosting;

/// <summary>Which agents run inside the cluster; each can be an external one instead.</summary>
public sealed class AgentOptions
{
    /// <summary>A simulated feed.</summary>
    public bool SimulatesFeed { get; init; }

    /// <summary>Partition they work in.</summary>
    public string Partition { get; init; } = StreamNames.DefaultPartition;

    /// <summary>File that is replayed instead; null for none.</summary>
    public string? ReplaysFile { get; init; }

    /// <summary>Speed of the replay, times the market's; null is as fast as possible.</summary>
    public double? ReplaySpeed { get; init; }

    /// <summary>Executes orders on paper.</summary>
    public bool ExecutesOnPaper { get; init; }

    /// <summary>How the paper executor fills.</summary>
    public PaperVenueOptions Venue { get; init; } = new();

    /// <summary>Where a replay writes its orders; null for none.</summary>
    public string? JournalFile { get; init; }

    /// <summary>Strategies that run inside the cluster, on whatever feed; empty for none.</summary>
    public StrategyRegistry Strategies { get; init; } = new();

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Equity the strategies size by.</summary>
    public decimal Equity { get; init; } = 100_000m;
}
