using System.Collections.Immutable;

namespace TradingEngine.Trading.Exits;

/// <summary>
/// What the exits of a symbol have seen and no position's record holds: best prices since each opening, and the true
/// ranges that stops were armed with.
/// </summary>
public sealed record ExitMemory
{
    /// <summary>Highest bids, oldest first, for longs.</summary>
    public ImmutableArray<ExtremeStep> Highs { get; init; } = [];

    /// <summary>Lowest asks, oldest first and with a minus sign, for shorts.</summary>
    public ImmutableArray<ExtremeStep> Lows { get; init; } = [];

    /// <summary>Average true range by position id, for those that trail by it.</summary>
    public ImmutableDictionary<string, decimal> Ranges { get; init; } = ImmutableDictionary<string, decimal>.Empty;
}
