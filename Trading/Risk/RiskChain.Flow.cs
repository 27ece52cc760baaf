using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Risk;

public static partial class RiskChain
{
    private static RejectReason Rate(
        in RiskOrder order, RiskLimits limits, RiskMemory memory, StrategyFlow? flow, DateTimeOffset now)
    {
        if (limits.MaxStrategyRate is not { } strategy || limits.MaxAccountRate is not { } account
            || (flow is null && memory.IsFull(now)))
        {
            return RejectReason.RateLimit;
        }

        var ofStrategy = flow?.Rate ?? default;
        return ofStrategy.Lets(order.Orders, strategy, limits.RateBurst, now)
            && memory.Rate.Lets(order.Orders, account, limits.RateBurst, now)
                ? RejectReason.None
                : RejectReason.RateLimit;
    }

    private static RejectReason MessageRatio(in RiskOrder order, RiskLimits limits, StrategyFlow? flow, DateTimeOffset now)
    {
        var (messages, fills) = flow?.Counts(now) ?? (0, 0);
        return limits.MaxOrdersPerFill is not { } most || messages + order.Orders > most * Math.Max(1, fills)
            ? RejectReason.OtrLimit
            : RejectReason.None;
    }

    private static RejectReason Repetition(RiskLimits limits, StrategyFlow? flow) =>
        limits.MaxRepeatedEntries is not { } most || (flow is not null && (flow.IsThrottled || flow.Repeated >= most))
            ? RejectReason.RaeThrottle
            : RejectReason.None;

    /// <summary>Children never exceed their parent; a strategy that once tried enters no more, and exits all the same.</summary>
    private static RejectReason Parent(in RiskOrder order, StrategyFlow? flow)
    {
        var isEntry = order.Class == OrderClass.Entry;
        return order.ParentDone + order.ChildQuantity > order.ParentQuantity || (isEntry && order.ParentQuantity <= 0m)
            || (isEntry && flow is { IsOverrun: true })
                ? RejectReason.ParentOverrun
                : RejectReason.None;
    }

    private static RejectReason SelfTrade(in RiskOrder order, in RiskFacts facts) =>
        !order.IsQuote
        && (order.Side == Side.Buy
            ? facts.OwnAsk > 0m && order.Price >= facts.OwnAsk
            : facts.OwnBid > 0m && order.Price <= facts.OwnBid)
            ? RejectReason.SelfTrade
            : RejectReason.None;

    private static RejectReason ReduceOnly(in RiskOrder order)
    {
        if (order.Class != OrderClass.Exit)
        {
            return RejectReason.None;
        }

        var room = order.Side == Side.Sell ? order.Held : -order.Held;
        return order.Quantity > room ? RejectReason.ReduceOnlyIncreases : RejectReason.None;
    }
}
