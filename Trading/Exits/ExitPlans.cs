using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Exits;

/// <summary>Makes plans.</summary>
public static class ExitPlans
{
    /// <summary>How a signal's position is to be left.</summary>
    public static ExitPlan Of(Signal signal) =>
        signal.Exits with { StopLoss = signal.StopLoss, TakeProfit = signal.TakeProfit };
}
