using System.Collections.Immutable;

namespace TradingEngine.Trading.Exits;

/// <summary>
/// What the exits of a symbol have seen and no position's record holds: best prices since each opening, and the true
/// ranges that stops were armed with.
/// </summary>
public sealed record ExitMemory
{
    /// <summary>Highest bids, oldest first, for longs.</summary>
    public ImmutableArray<ExtremeStep> Highs { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Lowest asks, oldest first and with a minus sign, for shorts.</summary>
    public ImmutableArray<ExtremeStep> Lows { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Average true range by position id, for those that trail by it.</summary>
    public ImmutableDictionary<string, decimal> Ranges { get; init => field = value ?? ImmutableDictionary<string, decimal>.Empty; } =
        ImmutableDictionary<string, decimal>.Empty;
}
