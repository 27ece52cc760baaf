using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Strategies;

/// <summary>A signal of a strategy, with what the wire's signal of tier 2 carries.</summary>
public sealed record StrategySignal
{
    /// <summary>Id; the same id twice is one signal. Derived from what caused it, so that a replay repeats it.</summary>
    public required string SignalId { get; init; }

    /// <summary>Name of the strategy, as it was registered.</summary>
    public required string Strategy { get; init; }

    /// <summary>Buy, sell or close; a close leaves all that the strategy holds of the symbol.</summary>
    public required SignalAction Action { get; init; }

    /// <summary>Instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Price expected: the ask to buy, the bid to sell, a bar's close. Null takes the last known one.</summary>
    public decimal? EntryPrice { get; init; }

    /// <summary>Stop, on the losing side of the entry, a multiple of the tick; null for none, which risk may refuse.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Target, on the winning side, a multiple of the tick; null for none.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>Lots, a multiple of the step, positive; 0 for a close.</summary>
    public decimal Quantity { get; init; }

    /// <summary>0 to 1, default 0.5.</summary>
    public decimal Confidence { get; init; } = 0.5m;

    /// <summary>When it was given, UTC: the time of the update that caused it.</summary>
    public required DateTimeOffset Time { get; init; }
}
