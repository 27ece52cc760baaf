namespace TradingEngine.Trading.Exits;

/// <summary>How a position is to be left.</summary>
/// <param name="StopLoss">Price at which a loss is taken; null for none.</param>
/// <param name="TakeProfit">Price at which a profit is taken; null for none.</param>
public sealed record ExitPlan(decimal? StopLoss, decimal? TakeProfit)
{
    /// <summary>No exits: only a command or a signal closes it.</summary>
    public static ExitPlan None { get; } = new(null, null);
}
