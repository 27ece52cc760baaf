using System.Collections.Immutable;

namespace TradingEngine.Trading.Risk;

/// <summary>What a limit counts in.</summary>
public enum LimitKind
{
    /// <summary>A fraction: 0.02 is two per cent.</summary>
    Share,

    /// <summary>A multiple.</summary>
    Factor,

    /// <summary>A whole number.</summary>
    Count,

    /// <summary>Lots.</summary>
    Lots,

    /// <summary>Money of the account's currency.</summary>
    Money,

    /// <summary>Orders a second.</summary>
    PerSecond,

    /// <summary>A time, written <c>hh:mm:ss</c> or as seconds.</summary>
    Duration,

    /// <summary>Yes or no.</summary>
    Flag,
}

/// <summary>Which of two values of a limit lets less pass.</summary>
public enum LimitStrictness
{
    /// <summary>The lower.</summary>
    Lower,

    /// <summary>The higher; of flags, the one that is set.</summary>
    Higher,
}

/// <summary>One limit: how it is written in a file, and what it may be.</summary>
/// <param name="Name">Name of the property, read in any case.</param>
/// <param name="Check">Number of the check that asks for it.</param>
/// <param name="Kind">What it counts in.</param>
/// <param name="Strictness">Which value lets less pass.</param>
/// <param name="Least">Least value, times in seconds.</param>
/// <param name="Most">Greatest value, times in seconds.</param>
/// <param name="Meaning">What it limits.</param>
/// <param name="Get">Reads it; null where it is absent.</param>
/// <param name="Set">Limits with another value.</param>
public sealed record LimitField(
    string Name, int Check, LimitKind Kind, LimitStrictness Strictness, decimal Least, decimal Most, string Meaning,
    Func<RiskLimits, decimal?> Get, Func<RiskLimits, decimal?, RiskLimits> Set)
{
    /// <summary>True where it may be taken away, which refuses: all but times, flags and those with a neutral value of their own.</summary>
    public bool IsNullable => Kind is not (LimitKind.Duration or LimitKind.Flag) && Name is not ("MinConfidence" or "RateBurst");

    /// <summary>The stricter of two values; one that is absent is the strictest.</summary>
    public decimal? Stricter(decimal? first, decimal? second) =>
        first is null || second is null ? null
        : Strictness == LimitStrictness.Lower ? Math.Min(first.Value, second.Value)
        : Math.Max(first.Value, second.Value);
}

/// <summary>Every limit that a file may set, in the order of the checks.</summary>
public static class LimitFields
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<LimitField> All { get; } =
    [
        new("MaxLookAlikes", 5, LimitKind.Count, LimitStrictness.Lower, 1m, 500m,
            "equal orders (symbol, side, quantity, price) within the window",
            l => l.MaxLookAlikes, (l, v) => l with { MaxLookAlikes = (int?)v }),
        new("LookAlikeWindow", 5, LimitKind.Duration, LimitStrictness.Higher, 0m, 3_600m,
            "window of equal orders",
            l => (decimal)l.LookAlikeWindow.TotalSeconds, (l, v) => l with { LookAlikeWindow = Time(v) }),
        new("MaxHftSignalAge", 6, LimitKind.Duration, LimitStrictness.Lower, 0m, 86_400m,
            "age of a tier-1 signal",
            l => (decimal)l.MaxHftSignalAge.TotalSeconds, (l, v) => l with { MaxHftSignalAge = Time(v) }),
        new("MaxSignalAge", 6, LimitKind.Duration, LimitStrictness.Lower, 0m, 86_400m,
            "age of a tier-2 signal",
            l => (decimal)l.MaxSignalAge.TotalSeconds, (l, v) => l with { MaxSignalAge = Time(v) }),
        new("MaxSignalLead", 4, LimitKind.Duration, LimitStrictness.Lower, 0m, 86_400m,
            "how far ahead a signal's time may lie",
            l => (decimal)l.MaxSignalLead.TotalSeconds, (l, v) => l with { MaxSignalLead = Time(v) }),
        new("MinConfidence", 6, LimitKind.Share, LimitStrictness.Higher, 0m, 1m,
            "least confidence of a signal",
            l => l.MinConfidence, (l, v) => l with { MinConfidence = v ?? 0m }),
        new("IsRestricted", 7, LimitKind.Flag, LimitStrictness.Higher, 0m, 1m,
            "no entries",
            l => l.IsRestricted ? 1m : 0m, (l, v) => l with { IsRestricted = v == 1m }),
        new("NoEntriesBeforeClose", 9, LimitKind.Duration, LimitStrictness.Higher, 0m, 86_400m,
            "no entries this long before a session ends",
            l => (decimal)l.NoEntriesBeforeClose.TotalSeconds, (l, v) => l with { NoEntriesBeforeClose = Time(v) }),
        new("MaxPriceAge", 10, LimitKind.Duration, LimitStrictness.Lower, 0m, 86_400m,
            "age of the last price, or 1.5 × its feed's interval",
            l => (decimal)l.MaxPriceAge.TotalSeconds, (l, v) => l with { MaxPriceAge = Time(v) }),
        new("MaxHftPriceAge", 10, LimitKind.Duration, LimitStrictness.Lower, 0m, 86_400m,
            "the same for tier 1",
            l => (decimal)l.MaxHftPriceAge.TotalSeconds, (l, v) => l with { MaxHftPriceAge = Time(v) }),
        new("MaxSpreadShare", 11, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "spread as a share of the middle",
            l => l.MaxSpreadShare, (l, v) => l with { MaxSpreadShare = v }),
        new("MaxLimitDistance", 12, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "a level's distance from the last price",
            l => l.MaxLimitDistance, (l, v) => l with { MaxLimitDistance = v }),
        new("MaxPriceDistance", 12, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "any price's distance from the last one",
            l => l.MaxPriceDistance, (l, v) => l with { MaxPriceDistance = v }),
        new("MaxPriceMove", 12, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "the last price's distance from lowest and highest of the last minute",
            l => l.MaxPriceMove, (l, v) => l with { MaxPriceMove = v }),
        new("MaxExitDistance", 12, LimitKind.Share, LimitStrictness.Lower, 0.05m, 10m,
            "an exit level's distance from the last price",
            l => l.MaxExitDistance, (l, v) => l with { MaxExitDistance = v }),
        new("MaxQuantity", 13, LimitKind.Lots, LimitStrictness.Lower, 0m, 1_000_000_000m,
            "lots of one order, where the instrument says no other",
            l => l.MaxQuantity, (l, v) => l with { MaxQuantity = v }),
        new("MaxVolumeShare", 13, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "lots of one order as a share of an average day's, where known",
            l => l.MaxVolumeShare, (l, v) => l with { MaxVolumeShare = v }),
        new("MaxNotionalShare", 14, LimitKind.Share, LimitStrictness.Lower, 0m, 1_000m,
            "notional of one entry as a share of equity",
            l => l.MaxNotionalShare, (l, v) => l with { MaxNotionalShare = v }),
        new("MaxNotional", 14, LimitKind.Money, LimitStrictness.Lower, 0m, 10_000_000_000m,
            "notional of one entry",
            l => l.MaxNotional, (l, v) => l with { MaxNotional = v }),
        new("MaxRateAge", 14, LimitKind.Duration, LimitStrictness.Lower, 0m, 604_800m,
            "age of a currency's rate, or 1.5 × its feed's interval",
            l => (decimal)l.MaxRateAge.TotalSeconds, (l, v) => l with { MaxRateAge = Time(v) }),
        new("MaxPositionShare", 16, LimitKind.Share, LimitStrictness.Lower, 0m, 1_000m,
            "exposure of a symbol as a share of equity",
            l => l.MaxPositionShare, (l, v) => l with { MaxPositionShare = v }),
        new("MaxGrossShare", 17, LimitKind.Share, LimitStrictness.Lower, 0m, 1_000m,
            "gross exposure as a share of equity",
            l => l.MaxGrossShare, (l, v) => l with { MaxGrossShare = v }),
        new("MaxNetShare", 17, LimitKind.Share, LimitStrictness.Lower, 0m, 1_000m,
            "net exposure as a share of equity",
            l => l.MaxNetShare, (l, v) => l with { MaxNetShare = v }),
        new("MaxGroupShare", 18, LimitKind.Share, LimitStrictness.Lower, 0m, 1_000m,
            "exposure of a group of symbols as a share of equity",
            l => l.MaxGroupShare, (l, v) => l with { MaxGroupShare = v }),
        new("MaxTierShare", 18, LimitKind.Share, LimitStrictness.Lower, 0m, 1_000m,
            "exposure by signals of one tier as a share of equity",
            l => l.MaxTierShare, (l, v) => l with { MaxTierShare = v }),
        new("MaxLeverage", 19, LimitKind.Factor, LimitStrictness.Lower, 0m, 1_000m,
            "gross exposure as a multiple of equity",
            l => l.MaxLeverage, (l, v) => l with { MaxLeverage = v }),
        new("MaxOpenPositions", 20, LimitKind.Count, LimitStrictness.Lower, 0m, 1_000_000m,
            "open positions",
            l => l.MaxOpenPositions, (l, v) => l with { MaxOpenPositions = (int?)v }),
        new("MaxWorkingOrders", 21, LimitKind.Count, LimitStrictness.Lower, 0m, 1_000_000m,
            "working orders",
            l => l.MaxWorkingOrders, (l, v) => l with { MaxWorkingOrders = (int?)v }),
        new("MaxStrategyRate", 22, LimitKind.PerSecond, LimitStrictness.Lower, 0m, 1_000_000m,
            "orders a second of a strategy",
            l => l.MaxStrategyRate, (l, v) => l with { MaxStrategyRate = v }),
        new("MaxAccountRate", 22, LimitKind.PerSecond, LimitStrictness.Lower, 0m, 1_000_000m,
            "orders a second of the account",
            l => l.MaxAccountRate, (l, v) => l with { MaxAccountRate = v }),
        new("RateBurst", 22, LimitKind.Factor, LimitStrictness.Lower, 1m, 100m,
            "orders at once as a multiple of a second's",
            l => l.RateBurst, (l, v) => l with { RateBurst = v ?? 0m }),
        new("MaxOrdersPerFill", 23, LimitKind.Count, LimitStrictness.Lower, 0m, 1_000_000m,
            "orders for each fill over ten minutes",
            l => l.MaxOrdersPerFill, (l, v) => l with { MaxOrdersPerFill = (int?)v }),
        new("MaxRepeatedEntries", 24, LimitKind.Count, LimitStrictness.Lower, 0m, 1_000_000m,
            "entries without a fill or an operator between them",
            l => l.MaxRepeatedEntries, (l, v) => l with { MaxRepeatedEntries = (int?)v }),
        new("IsStopRequired", 28, LimitKind.Flag, LimitStrictness.Higher, 0m, 1m,
            "entries carry a stop loss",
            l => l.IsStopRequired ? 1m : 0m, (l, v) => l with { IsStopRequired = v == 1m }),
        new("MaxDailyLoss", 29, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "loss since the day began at which entries end",
            l => l.MaxDailyLoss, (l, v) => l with { MaxDailyLoss = v }),
        new("MaxDrawdown", 30, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "distance from the peak at which entries end",
            l => l.MaxDrawdown, (l, v) => l with { MaxDrawdown = v }),
        new("KillDrawdown", 30, LimitKind.Share, LimitStrictness.Lower, 0m, 1m,
            "distance from the peak at which the engine is killed",
            l => l.KillDrawdown, (l, v) => l with { KillDrawdown = v }),
        new("MaxLossesInRow", 31, LimitKind.Count, LimitStrictness.Lower, 1m, 1_000_000m,
            "losing trades in a row before a cooldown",
            l => l.MaxLossesInRow, (l, v) => l with { MaxLossesInRow = (int?)v }),
        new("MaxRefusalsInRow", 31, LimitKind.Count, LimitStrictness.Lower, 1m, 1_000_000m,
            "venue refusals in a row before a cooldown",
            l => l.MaxRefusalsInRow, (l, v) => l with { MaxRefusalsInRow = (int?)v }),
        new("Cooldown", 31, LimitKind.Duration, LimitStrictness.Higher, 0m, 604_800m,
            "how long a cooldown lasts",
            l => (decimal)l.Cooldown.TotalSeconds, (l, v) => l with { Cooldown = Time(v) }),
        new("MaxVenueSilence", 33, LimitKind.Duration, LimitStrictness.Lower, 0m, 86_400m,
            "silence of an execution agent that declares no heartbeat interval",
            l => (decimal)l.MaxVenueSilence.TotalSeconds, (l, v) => l with { MaxVenueSilence = Time(v) }),
    ];

    /// <summary>The limit of that name in any case, or null.</summary>
    public static LimitField? Find(string name) =>
        All.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static TimeSpan Time(decimal? seconds) => TimeSpan.FromTicks((long)decimal.Round((seconds ?? 0m) * TimeSpan.TicksPerSecond));
}
