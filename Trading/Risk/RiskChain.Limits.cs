namespace TradingEngine.Trading.Risk;

public static partial class RiskChain
{
    private static RejectReason Quantity(in RiskOrder order, in RiskFacts facts, RiskLimits limits)
    {
        var most = facts.Instrument!.MaxQuantity ?? limits.MaxQuantity;
        if (facts.DailyVolume > 0m && limits.MaxVolumeShare is { } share)
        {
            most = Math.Min(most ?? decimal.MaxValue, share * facts.DailyVolume);
        }

        return most is null || order.Quantity > most ? RejectReason.MaxQty : RejectReason.None;
    }

    private static RejectReason Notional(in RiskOrder order, in RiskFacts facts, RiskLimits limits)
    {
        if (order.BuyNotional is not { } buys || order.SellNotional is not { } sells || facts.Equity is not { } equity)
        {
            return RejectReason.NoRate;
        }

        var added = Math.Max(buys, sells);
        return limits.MaxNotionalShare is not { } share || added > share * equity
            || limits.MaxNotional is not { } most || added > most
                ? RejectReason.MaxNotional
                : RejectReason.None;
    }

    private static RejectReason SmallNotional(in RiskOrder order, in RiskFacts facts) =>
        order.OwnNotional < facts.Instrument!.MinNotional ? RejectReason.MinNotional : RejectReason.None;

    private static RejectReason Position(in RiskOrder order, in RiskFacts facts, RiskLimits limits)
    {
        var added = Math.Max(order.SymbolBuys ?? order.BuyNotional!.Value, order.SymbolSells ?? order.SellNotional!.Value);
        return limits.MaxPositionShare is not { } share || facts.Exposure.Symbol + added > share * facts.Equity!.Value
            ? RejectReason.PositionLimit
            : RejectReason.None;
    }

    private static RejectReason Gross(in RiskOrder order, in RiskFacts facts, RiskLimits limits)
    {
        var equity = facts.Equity!.Value;
        var longs = facts.Exposure.Long + order.BuyNotional!.Value;
        var shorts = facts.Exposure.Short + order.SellNotional!.Value;
        return limits.MaxGrossShare is not { } gross || longs + shorts > gross * equity ? RejectReason.GrossLimit
            : limits.MaxNetShare is not { } net || Math.Abs(longs - shorts) > net * equity ? RejectReason.NetLimit
            : RejectReason.None;
    }

    private static RejectReason Budget(in RiskOrder order, in RiskFacts facts, RiskLimits limits)
    {
        var equity = facts.Equity!.Value;
        var both = order.BuyNotional!.Value + order.SellNotional!.Value;
        return limits.MaxGroupShare is not { } group || (facts.Exposure.IsGrouped && facts.Exposure.Group + both > group * equity)
                ? RejectReason.GroupLimit
            : limits.MaxTierShare is not { } tier || facts.Exposure.Tier + both > tier * equity ? RejectReason.TierBudget
            : RejectReason.None;
    }

    private static RejectReason Margin(in RiskOrder order, in RiskFacts facts, RiskLimits limits)
    {
        var equity = facts.Equity!.Value;
        var both = order.BuyNotional!.Value + order.SellNotional!.Value;
        var gross = facts.Exposure.Long + facts.Exposure.Short + both;
        return limits.MaxLeverage is not { } leverage || gross > leverage * equity
            || facts.Exposure.Margin + (order.Margin ?? (both * facts.Instrument!.MarginRate)) > equity
                ? RejectReason.InsufficientMargin
                : RejectReason.None;
    }

    private static RejectReason Positions(in RiskOrder order, in RiskFacts facts, RiskLimits limits) =>
        limits.MaxOpenPositions is not { } most || (order.OpensPosition && facts.OpenPositions >= most)
            ? RejectReason.MaxPositions
            : RejectReason.None;

    private static RejectReason Working(in RiskOrder order, in RiskFacts facts, RiskLimits limits) =>
        limits.MaxWorkingOrders is not { } most || facts.WorkingOrders + order.Orders > most
            ? RejectReason.MaxWorking
            : RejectReason.None;
}
