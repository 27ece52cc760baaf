using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Client.Output;

// As in Documents.cs: names are a contract.

internal sealed record TradeDocument(
    string PositionId, string Account, string Strategy, string Symbol, string Side, decimal Quantity, decimal EntryPrice,
    decimal ExitPrice, decimal Pnl, decimal Commission, string Reason, DateTimeOffset OpenedAt, DateTimeOffset ClosedAt)
{
    public static TradeDocument Of(TradeView trade) => new(
        trade.PositionId, trade.Account, trade.Strategy, trade.Symbol, Words.Member(trade.Side), trade.Quantity,
        trade.EntryPrice, trade.ExitPrice, trade.Pnl, trade.Commission, trade.Reason, trade.OpenedAt, trade.ClosedAt);
}

internal sealed record HistoryDocument(ImmutableArray<TradeDocument> Trades);

internal sealed record StrategyDocument(
    string Account, string Strategy, long Trades, long Wins, long Losses, long Rejected, decimal? WinRate, decimal Pnl,
    decimal Commissions, decimal? AverageWin, decimal? AverageLoss, decimal? ProfitFactor, decimal? Expectancy,
    double? AverageSeconds, long Window, decimal? Best, decimal? Worst, double? LongestSeconds, decimal? MaxDrawdown,
    double? Sharpe, double? Sortino)
{
    public static StrategyDocument Of(StrategyView view)
    {
        var found = view.Statistics;
        return new(
            view.Account, view.Strategy, found.Trades, found.Wins, found.Losses, found.Rejected, found.WinRate, found.Pnl,
            found.Commissions, found.AverageWin, found.AverageLoss, found.ProfitFactor, found.Expectancy,
            found.AverageDuration?.TotalSeconds, found.Window, found.Best, found.Worst, found.LongestDuration?.TotalSeconds,
            found.MaxDrawdown, found.Sharpe, found.Sortino);
    }
}

internal sealed record StrategiesDocument(ImmutableArray<StrategyDocument> Strategies);

internal sealed record LegDocument(
    string Symbol, decimal Quantity, decimal AverageOpen, decimal? AverageClose, decimal Realized, decimal Commissions)
{
    public static LegDocument Of(PositionLeg leg) => new(
        leg.Symbol, leg.Ledger.Quantity, leg.Ledger.AverageOpen,
        leg.Ledger.AverageClose == 0m ? null : leg.Ledger.AverageClose, leg.Ledger.Realized, leg.Ledger.Commissions);
}

internal sealed record PositionDetailDocument(
    string Id, string Account, string Strategy, string SignalId, int Tier, string Side, string Phase,
    ImmutableArray<LegDocument> Legs, decimal? StopLoss, decimal? TakeProfit, decimal Realized, string? Reason,
    DateTimeOffset CreatedAt, DateTimeOffset? OpenedAt, DateTimeOffset? ClosedAt, ImmutableArray<OrderDocument> Orders)
{
    public static PositionDetailDocument Of(PositionState state) => new(
        state.Id, state.Account, state.Strategy, state.SignalId, state.Tier, Words.Member(state.Side),
        Words.Member(state.Phase), [.. state.Legs.Select(LegDocument.Of)], state.Exits.StopLoss, state.Exits.TakeProfit,
        state.Realized, HistoryPage.ReasonOf(state), state.CreatedAt, state.OpenedAt, state.ClosedAt,
        [.. state.Orders.Select(order => OrderDocument.Of(new OrderView(order.Order, order)))]);
}
