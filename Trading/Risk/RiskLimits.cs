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

    /// <summary>Oldest the last price may be for a tier-1 signal.</summary>
    public TimeSpan MaxHftPriceAge { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Oldest a currency's rate may be when its feed declares no slower interval.</summary>
    public TimeSpan MaxRateAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>True where an entry must carry a stop loss.</summary>
    public bool IsStopRequired { get; init; }

    /// <summary>True where nothing may be entered. Set for all and lifted for some symbols, it makes those the only ones.</summary>
    public bool IsRestricted { get; init; }

    /// <summary>No entries in the last minutes of a session.</summary>
    public TimeSpan NoEntriesBeforeClose { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Equal orders (symbol, side, quantity and price) within <see cref="LookAlikeWindow"/>.</summary>
    public int? MaxLookAlikes { get; init; }

    /// <summary>How long an order is looked back for.</summary>
    public TimeSpan LookAlikeWindow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Widest spread as a share of the middle.</summary>
    public decimal? MaxSpreadShare { get; init; }

    /// <summary>Furthest that the level of a limit or stop order may lie from the last price, as a share of it.</summary>
    public decimal? MaxLimitDistance { get; init; }

    /// <summary>Furthest that any price of an entry may lie from the last one, as a share of it.</summary>
    public decimal? MaxPriceDistance { get; init; }

    /// <summary>Furthest that the last price may lie from the lowest and the highest of the last minute, as a share of them.</summary>
    public decimal? MaxPriceMove { get; init; }

    /// <summary>Furthest that the level of an exit may lie from the last price, as a share of it.</summary>
    public decimal? MaxExitDistance { get; init; }

    /// <summary>Most lots of one order, where the instrument says no other.</summary>
    public decimal? MaxQuantity { get; init; }

    /// <summary>Most lots of one order as a share of an average day's, where that is known.</summary>
    public decimal? MaxVolumeShare { get; init; }

    /// <summary>Greatest notional of one entry as a share of equity.</summary>
    public decimal? MaxNotionalShare { get; init; }

    /// <summary>Greatest notional of one entry in the account's currency.</summary>
    public decimal? MaxNotional { get; init; }

    /// <summary>Greatest exposure of a group of symbols as a share of equity, both directions added.</summary>
    public decimal? MaxGroupShare { get; init; }

    /// <summary>Greatest exposure by signals of one tier as a share of equity, both directions added.</summary>
    public decimal? MaxTierShare { get; init; }

    /// <summary>Greatest gross exposure as a multiple of equity, whatever margin instruments ask for.</summary>
    public decimal? MaxLeverage { get; init; }

    /// <summary>Most positions that are not over.</summary>
    public int? MaxOpenPositions { get; init; }

    /// <summary>Most orders that may still trade.</summary>
    public int? MaxWorkingOrders { get; init; }

    /// <summary>Orders a second of one strategy.</summary>
    public decimal? MaxStrategyRate { get; init; }

    /// <summary>Orders a second of the account.</summary>
    public decimal? MaxAccountRate { get; init; }

    /// <summary>Orders at once as a multiple of a second's.</summary>
    public decimal RateBurst { get; init; } = 2m;

    /// <summary>Orders for each fill over ten minutes.</summary>
    public int? MaxOrdersPerFill { get; init; }

    /// <summary>Entries of a strategy without a fill or an operator between them.</summary>
    public int? MaxRepeatedEntries { get; init; }

    /// <summary>Loss since the day began at which entries end, as a share of the equity then.</summary>
    public decimal? MaxDailyLoss { get; init; }

    /// <summary>Distance from the peak at which entries end, as a share of the peak.</summary>
    public decimal? MaxDrawdown { get; init; }

    /// <summary>Distance from the peak at which the engine is killed, as a share of the peak.</summary>
    public decimal? KillDrawdown { get; init; }

    /// <summary>Losing trades in a row after which a strategy has to wait.</summary>
    public int? MaxLossesInRow { get; init; }

    /// <summary>Refusals by the venue in a row after which a strategy has to wait.</summary>
    public int? MaxRefusalsInRow { get; init; }

    /// <summary>How long it has to wait.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Longest silence of an execution agent that declares no heartbeat interval; of one that does, five seconds or three of them.</summary>
    public TimeSpan MaxVenueSilence { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>The default: small shares of equity, no leverage, a stop loss on every entry.</summary>
    public static RiskLimits Conservative { get; } = new()
    {
        Name = "conservative",
        MaxPositionShare = 0.10m,
        MaxGrossShare = 1.00m,
        MaxNetShare = 0.50m,
        IsStopRequired = true,
        MaxLookAlikes = 3,
        MaxSpreadShare = 0.01m,
        MaxLimitDistance = 0.02m,
        MaxPriceDistance = 0.05m,
        MaxPriceMove = 0.05m,
        MaxExitDistance = 0.20m,
        MaxQuantity = 1_000_000m,
        MaxVolumeShare = 0.01m,
        MaxNotionalShare = 0.02m,
        MaxNotional = 50_000m,
        MaxGroupShare = 0.25m,
        MaxTierShare = 0.25m,
        MaxLeverage = 1m,
        MaxOpenPositions = 20,
        MaxWorkingOrders = 50,
        MaxStrategyRate = 10m,
        MaxAccountRate = 50m,
        MaxOrdersPerFill = 100,
        MaxRepeatedEntries = 20,
        MaxDailyLoss = 0.02m,
        MaxDrawdown = 0.05m,
        KillDrawdown = 0.10m,
        MaxLossesInRow = 5,
        MaxRefusalsInRow = 10,
    };

    /// <summary>Structural checks only.</summary>
    public static RiskLimits Open { get; } = new() { Name = "open", IsStructuralOnly = true };

    /// <summary>No limit at all: what a file starts from that names no other. Every entry is refused.</summary>
    public static RiskLimits Empty { get; } = new() { Name = "" };
}
