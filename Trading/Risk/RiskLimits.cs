using System.Collections.Immutable;

namespace TradingEngine.Trading.Risk;

/// <summary>Limits of an account. A limit that is absent refuses: nothing is unlimited by accident.</summary>
public sealed record RiskLimits
{
    /// <summary>Name shown in the banner: <c>conservative</c>, <c>open</c>, or a file's.</summary>
    public required string Name { get; init; }

    /// <summary>Only structure, mode, store, duplicates and instrument are checked: for load tests.</summary>
    public bool IsStructuralOnly { get; init; }

    /// <summary>Greatest worst-case notional of one symbol as a share of equity.</summary>
    public decimal? MaxPositionShare { get; init; }

    /// <summary>Greatest worst-case notional of all symbols as a share of equity.</summary>
    public decimal? MaxGrossShare { get; init; }

    /// <summary>Greatest difference of long and short notional as a share of equity.</summary>
    public decimal? MaxNetShare { get; init; }

    /// <summary>Oldest a tier-1 signal may be.</summary>
    public TimeSpan MaxHftSignalAge { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Oldest a tier-2 signal may be.</summary>
    public TimeSpan MaxSignalAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How far ahead of the engine's clock a signal's time may lie: what clocks of two machines differ by. Held under any
    /// limits, since a signal from far ahead would outlive the memory that knows it was handled.
    /// </summary>
    public TimeSpan MaxSignalLead { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Least confidence of an entry, 0 to 1. By default 0: agents were never held to one, and many send none.</summary>
    public decimal MinConfidence { get; init; }

    /// <summary>Least confidence by strategy, in lower case; where absent, <see cref="MinConfidence"/>.</summary>
    public ImmutableDictionary<string, decimal> MinConfidences { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    /// <summary>Oldest the last price may be when the feed declares no slower interval.</summary>
    public TimeSpan MaxPriceAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True where an entry must carry a stop loss.</summary>
    public bool IsStopRequired { get; init; }

    /// <summary>The default: 10 % of equity a symbol, 100 % gross, 50 % net, a stop loss on every entry.</summary>
    public static RiskLimits Conservative { get; } = new()
    {
        Name = "conservative",
        MaxPositionShare = 0.10m,
        MaxGrossShare = 1.00m,
        MaxNetShare = 0.50m,
        IsStopRequired = true,
    };

    /// <summary>Structural checks only.</summary>
    public static RiskLimits Open { get; } = new() { Name = "open", IsStructuralOnly = true };
}
