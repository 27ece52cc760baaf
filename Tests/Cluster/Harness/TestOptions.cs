using System.Collections.Immutable;
using TradingEngine.Grains.Hosting;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>The engine's options as the silo sets them.</summary>
internal static class TestOptions
{
    /// <summary>Strategy whose positions are netted.</summary>
    public const string NetStrategy = "netting";

    /// <summary>Strategy whose positions are reversed.</summary>
    public const string ReverseStrategy = "reversing";

    /// <summary>Conservative exposure limits, without those of single orders and their flow, which have tests of their own.</summary>
    public static RiskLimits Roomy { get; } = RiskLimits.Conservative with
    {
        MaxNotionalShare = 1m,
        // A little more than a tenth: equity has the spread of what is open taken off.
        MaxPositionShare = 0.1002m,
        MaxGroupShare = 1m,
        MaxTierShare = 1m,
        MaxLookAlikes = 500,
        MaxStrategyRate = 10_000m,
        MaxAccountRate = 10_000m,
        MaxOpenPositions = 1_000,
        MaxWorkingOrders = 1_000,
        MaxRepeatedEntries = 10_000,
        MaxOrdersPerFill = 10_000,
    };

    public static EngineOptions Create(RiskLimits limits, ImmutableArray<TierDefinition> tiers = default, bool isLockStep = false) => new()
    {
        Trading = new ConfigurationBoard(TradingConfiguration.Default with
        {
            Risk = new RiskProfile(limits),
            PositionModes = ImmutableSortedDictionary<string, PositionMode>.Empty
                .Add(NetStrategy, PositionMode.Net).Add(ReverseStrategy, PositionMode.Reverse),
        }),
        IsLockStep = isLockStep,
        Tiers = tiers.IsDefault ? [] : tiers,
        IsSessionOpen = SessionCalendar.Default.IsOpen,
        SessionEnd = SessionCalendar.Default.NextClose,
        ReadsSharedPrices = true,
        Feed = "test",
        Execution = "test",
        Version = "test",
    };
}
