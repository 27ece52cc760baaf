using System.Collections.Immutable;

namespace TradingEngine.Trading.Exits;

/// <summary>How a position is to be left. Every exit that is given counts; the first one reached closes the position.</summary>
/// <param name="StopLoss">Price at which a loss is taken; null for none.</param>
/// <param name="TakeProfit">Price at which a profit is taken; null for none.</param>
public sealed record ExitPlan(decimal? StopLoss, decimal? TakeProfit)
{
    /// <summary>No exits: only a command or a signal closes it.</summary>
    public static ExitPlan None { get; } = new(null, null);

    /// <summary>A stop that follows the best price since the opening; null for none.</summary>
    public TrailingStop? Trailing { get; init; }

    /// <summary>The move of the stop to the average open price; null for none.</summary>
    public BreakEven? BreakEven { get; init; }

    /// <summary>Longest life from the first fill, positive; null for no bound.</summary>
    public TimeSpan? TimeStop { get; init; }

    /// <summary>True to leave shortly before the market's session ends; null or false to stay.</summary>
    public bool? EndOfSession { get; init; }

    /// <summary>An exit that looks at bars; null for none.</summary>
    public StrategyExit? Strategy { get; init; }

    /// <summary>True when nothing but stop and target is given.</summary>
    public bool IsPlain =>
        Trailing is null && BreakEven is null && TimeStop is null && EndOfSession != true && Strategy is null;

    /// <summary>True when there is no exit at all.</summary>
    public bool IsEmpty => StopLoss is null && TakeProfit is null && IsPlain;

    /// <summary>True when the best price since the opening decides.</summary>
    public bool NeedsExtreme => Trailing is not null || BreakEven is not null;
}

/// <summary>What a trailing stop's distance is counted in.</summary>
public enum TrailingUnit
{
    /// <summary>Price.</summary>
    Price = 1,

    /// <summary>Percent of the best price, between 0 and 100.</summary>
    Percent = 2,

    /// <summary>Average true ranges of 14 one-minute bars, as of the opening.</summary>
    AverageTrueRange = 3,
}

/// <summary>A stop at a distance from the best price since the opening, which begins with the average open price.</summary>
/// <param name="Unit">What the distance is counted in.</param>
/// <param name="Distance">Positive.</param>
public sealed record TrailingStop(TrailingUnit Unit, decimal Distance);

/// <summary>Once the price is <paramref name="Trigger"/> in favour, the stop goes to the average open price.</summary>
/// <param name="Trigger">Distance in price from the average open price, positive.</param>
/// <param name="Offset">Profit kept, in price: below <paramref name="Trigger"/>; negative leaves room for a loss.</param>
public sealed record BreakEven(decimal Trigger, decimal Offset);

/// <summary>An exit of <see cref="Rules.ExitRegistry"/>, by name.</summary>
/// <param name="Name">Name it is registered under.</param>
/// <param name="Parameters">Its parameters; those left out have the rule's defaults.</param>
public sealed record StrategyExit(string Name, ImmutableSortedDictionary<string, decimal> Parameters);
