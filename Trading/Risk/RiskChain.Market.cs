using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Risk;

public static partial class RiskChain
{
    private static RejectReason Fields(in RiskOrder order) =>
        order.Quantity <= 0m || order.Price <= 0m || !order.IsOnStep
        || order.OwnNotional is < 0m or > MaxNotional
            ? RejectReason.InvalidField
            : RejectReason.None;

    private static RejectReason Duplicate(in RiskOrder order, in RiskFacts facts, RiskLimits limits, DateTimeOffset now)
    {
        if (facts.IsDuplicate)
        {
            return RejectReason.Duplicate;
        }

        if (order.Class != OrderClass.Entry)
        {
            return RejectReason.None;
        }

        var age = now - order.SignalTime;
        return age < -limits.MaxSignalLead ? RejectReason.FutureSignal
            : age > SignalWindow ? RejectReason.ExpiredSignal
            : RejectReason.None;
    }

    private static RejectReason LookAlike(in RiskOrder order, RiskLimits limits, RiskMemory memory, DateTimeOffset now) =>
        limits.MaxLookAlikes is not { } most || memory.LookAlikes(order, limits.LookAlikeWindow, now) >= most
            ? RejectReason.DuplicatePattern
            : RejectReason.None;

    private static RejectReason Expiry(in RiskOrder order, RiskLimits limits, DateTimeOffset now)
    {
        var oldest = order.Tier == 1 ? limits.MaxHftSignalAge : limits.MaxSignalAge;
        return now - order.SignalTime > oldest ? RejectReason.ExpiredSignal
            : order.Confidence < limits.MinConfidence ? RejectReason.LowConfidence
            : RejectReason.None;
    }

    private static RejectReason Known(in RiskFacts facts, RiskLimits limits) =>
        facts.Instrument is not { } instrument ? RejectReason.UnknownSymbol
        : instrument.AssetClass == AssetClass.Unknown ? RejectReason.UnknownAssetClass
        : limits.IsRestricted && !limits.IsStructuralOnly ? RejectReason.Restricted
        : RejectReason.None;

    private static RejectReason Halts(Halted halted) =>
        (halted & Halted.Symbol) != 0 ? RejectReason.SymbolHalted
        : (halted & Halted.Strategy) != 0 ? RejectReason.StrategyHalted
        : (halted & Halted.Tier) != 0 ? RejectReason.TierHalted
        : RejectReason.None;

    private static RejectReason Session(in RiskFacts facts, RiskLimits limits, DateTimeOffset now) =>
        !facts.IsSessionOpen || facts.SessionEnd - now < limits.NoEntriesBeforeClose
            ? RejectReason.MarketClosed
            : RejectReason.None;

    private static RejectReason PriceAge(in RiskOrder order, in RiskFacts facts, RiskLimits limits, DateTimeOffset now) =>
        facts.Price is not { } price || price.IsStale(order.Tier == 1 ? limits.MaxHftPriceAge : limits.MaxPriceAge, now)
            ? RejectReason.StaleData
            : RejectReason.None;

    private static RejectReason Market(in RiskFacts facts, RiskLimits limits)
    {
        // A price that is not known was refused as stale.
        var price = facts.Price!;
        return price.Ask < price.Bid || limits.MaxSpreadShare is not { } spread || price.Ask - price.Bid > spread * price.Mid
            ? RejectReason.BadMarket
            : RejectReason.None;
    }

    private static RejectReason Collar(in RiskOrder order, in RiskFacts facts, RiskLimits limits)
    {
        if (order.Class == OrderClass.Exit)
        {
            // The price of an exit at market is what it is worth, not what it asks for.
            return order.IsPriced && facts.Price is { IsKnown: true } known
                && IsBeyond(order.Price, known.Mid, limits.MaxExitDistance) ? RejectReason.PriceCollar : RejectReason.None;
        }

        var price = facts.Price!;
        return (order.IsPriced && IsBeyond(order.Price, price.Mid, limits.MaxLimitDistance))
            || IsBeyond(order.Price, price.Mid, limits.MaxPriceDistance)
            || (price.WindowLow > 0m && IsBeyond(price.Mid, price.WindowLow, limits.MaxPriceMove))
            || (price.WindowHigh > 0m && IsBeyond(price.Mid, price.WindowHigh, limits.MaxPriceMove))
                ? RejectReason.PriceCollar
                : RejectReason.None;
    }

    /// <summary>True where a price is further from another than a share of it, or no share is set.</summary>
    private static bool IsBeyond(decimal price, decimal from, decimal? share) =>
        share is not { } most || Math.Abs(price - from) > most * from;
}
