using Orleans.Concurrency;

namespace TradingEngine.Grains.Interfaces.Tiers;

/// <summary>One tier of a partition: owns its cadence, its queue and its statistics. Keyed by partition.</summary>
[GrainInterfaceType("te.tier"), Alias("te.ITierGrain")]
public interface ITierGrain : IGrainWithStringKey
{
    /// <summary>Wakes the tier; harmless when it is awake.</summary>
    [AlwaysInterleave, Alias("Wake")]
    Task WakeAsync();

    /// <summary>Runs one cycle now, as the beat does; a replay beats in virtual time.</summary>
    [Alias("Beat")]
    Task BeatAsync();

    /// <summary>Its figures since it woke.</summary>
    [AlwaysInterleave, ReadOnly, Alias("GetStatistics")]
    Task<TierStatistics> GetStatisticsAsync();
}

/// <summary>Tier 1, 1 ms: arbitrage and market making.</summary>
[GrainInterfaceType("te.ultra-hft-tier"), Alias("te.IUltraHftTierGrain")]
public interface IUltraHftTierGrain : ITierGrain;

/// <summary>Tier 2, 100 ms: strategy signals.</summary>
[GrainInterfaceType("te.fast-tier"), Alias("te.IFastTierGrain")]
public interface IFastTierGrain : ITierGrain;

/// <summary>Tier 3, 30 s: market analysis, agent health, portfolio risk.</summary>
[GrainInterfaceType("te.tactical-tier"), Alias("te.ITacticalTierGrain")]
public interface ITacticalTierGrain : ITierGrain;

/// <summary>Tier 4, 5 min: portfolio optimisation, strategy review.</summary>
[GrainInterfaceType("te.strategic-tier"), Alias("te.IStrategicTierGrain")]
public interface IStrategicTierGrain : ITierGrain;

/// <summary>A tier of the configuration. Keyed by partition, <c>/</c> and its name.</summary>
[GrainInterfaceType("te.custom-tier"), Alias("te.ICustomTierGrain")]
public interface ICustomTierGrain : ITierGrain;

/// <summary>A tier's figures.</summary>
[GenerateSerializer, Immutable, Alias("te.TierStatistics")]
public sealed record TierStatistics
{
    /// <summary>1 to 4, and from 5 those of the configuration.</summary>
    [Id(0)] public required int Tier { get; init; }

    /// <summary>Name, such as <c>ultra_hft</c>.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Period of its beat.</summary>
    [Id(2)] public required TimeSpan Period { get; init; }

    /// <summary>Beats handled.</summary>
    [Id(3)] public long Cycles { get; init; }

    /// <summary>Cycles in which something failed.</summary>
    [Id(4)] public long FailedCycles { get; init; }

    /// <summary>Beats that were due and could not be handled in time.</summary>
    [Id(5)] public long Overruns { get; init; }

    /// <summary>Signals handled.</summary>
    [Id(6)] public long Signals { get; init; }

    /// <summary>Signals that became orders or changes.</summary>
    [Id(7)] public long Accepted { get; init; }

    /// <summary>Signals refused with a code.</summary>
    [Id(8)] public long Rejected { get; init; }

    /// <summary>Signals seen before.</summary>
    [Id(9)] public long Duplicates { get; init; }

    /// <summary>Messages that could not be understood.</summary>
    [Id(10)] public long DeadLetters { get; init; }

    /// <summary>Microseconds from a signal's arrival in the silo to its commit.</summary>
    [Id(11)] public Percentiles Latency { get; init; } = Percentiles.None;

    /// <summary>Microseconds between beats.</summary>
    [Id(12)] public Percentiles BeatPeriod { get; init; } = Percentiles.None;
}

/// <summary>Percentiles of a measure.</summary>
/// <param name="Count">Values seen; 0 means that there is nothing to say yet.</param>
/// <param name="P50">Median.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">Greatest.</param>
[GenerateSerializer, Immutable, Alias("te.Percentiles")]
public sealed record Percentiles(
    [property: Id(0)] long Count, [property: Id(1)] long P50, [property: Id(2)] long P99, [property: Id(3)] long Max)
{
    /// <summary>Nothing seen yet.</summary>
    public static Percentiles None { get; } = new(0, 0, 0, 0);
}
