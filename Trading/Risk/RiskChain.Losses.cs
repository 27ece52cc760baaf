using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Risk;

public static partial class RiskChain
{
    private static RejectReason Stop(in RiskOrder order, RiskLimits limits)
    {
        if (order.IsHedged)
        {
            return RejectReason.None;
        }

        if (order.StopLoss is not { } stop)
        {
            return limits.IsStopRequired ? RejectReason.StopRequired : RejectReason.None;
        }

        return (order.Side == Side.Buy ? stop >= order.Price : stop <= order.Price) ? RejectReason.WrongSide : RejectReason.None;
    }

    private static RejectReason DailyLoss(in RiskFacts facts, RiskLimits limits) =>
        limits.MaxDailyLoss is not { } share || facts.DayStart is not { } start
        || start - facts.Equity!.Value >= share * start
            ? RejectReason.DailyLoss
            : RejectReason.None;

    private static RejectReason Drawdown(in RiskFacts facts, RiskLimits limits) =>
        limits.MaxDrawdown is not { } share || facts.Peak is not { } peak || peak - facts.Equity!.Value >= share * peak
            ? RejectReason.MaxDrawdown
            : RejectReason.None;

    private static RejectReason Streak(RiskLimits limits, StrategyFlow? flow, DateTimeOffset now) =>
        limits.MaxLossesInRow is null || limits.MaxRefusalsInRow is null || flow?.CooldownUntil > now
            ? RejectReason.Cooldown
            : RejectReason.None;
}
