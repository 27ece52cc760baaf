using System.Collections.Immutable;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Api.Contracts;

internal sealed record PositionEntry(
    string PositionId, string Account, string Strategy, string Symbol, string Side, string Status, decimal Quantity, decimal? EntryPrice,
    decimal? Mark, decimal? Unrealized, decimal? StopLoss, decimal? TakeProfit, bool IsArmed, DateTimeOffset CreatedAt, DateTimeOffset? OpenedAt)
{
    public static PositionEntry Of(PositionView view) => new(
        view.Entry.Id, view.Entry.Account, view.Entry.Strategy, view.Entry.Symbol, Words.Of(view.Entry.Side), Words.Of(view.Entry.Phase),
        Math.Abs(view.Entry.Quantity), view.Entry.Quantity == 0m ? null : view.Entry.AverageOpen, view.Mark, view.Unrealized,
        view.Entry.StopLoss, view.Entry.TakeProfit, view.IsArmed, view.Entry.CreatedAt, view.Entry.OpenedAt);
}

internal sealed record LegEntry(string Symbol, decimal Quantity, decimal? EntryPrice, decimal? ExitPrice, decimal Realized, decimal Commissions)
{
    public static LegEntry Of(PositionLeg leg) => new(
        leg.Symbol, leg.Ledger.Quantity, leg.Ledger.AverageOpen == 0m ? null : leg.Ledger.AverageOpen,
        leg.Ledger.AverageClose == 0m ? null : leg.Ledger.AverageClose, leg.Ledger.Realized, leg.Ledger.Commissions);
}

internal sealed record PositionDetail(
    string PositionId, string Account, string Strategy, string SignalId, int Tier, string Side, string Status, ImmutableArray<LegEntry> Legs,
    decimal? StopLoss, decimal? TakeProfit, decimal Realized, string? Reason, DateTimeOffset CreatedAt, DateTimeOffset? OpenedAt,
    DateTimeOffset? ClosedAt, ImmutableArray<OrderEntry> Orders)
{
    public static PositionDetail Of(PositionState state) => new(
        state.Id, state.Account, state.Strategy, state.SignalId, state.Tier, Words.Of(state.Side), Words.Of(state.Phase),
        [.. state.Legs.Select(LegEntry.Of)], state.Exits.StopLoss, state.Exits.TakeProfit, state.Legs.Sum(leg => leg.Ledger.Realized),
        state.CloseReason ?? (state.Reject == RejectReason.None ? null : state.Reject.Code()), state.CreatedAt, state.OpenedAt,
        state.ClosedAt, [.. state.Orders.Select(order => OrderEntry.Of(new OrderView(order.Order, order)))]);
}

internal sealed record OrderEntry(
    string OrderId, string PositionId, string SignalId, string Account, string Strategy, string Symbol, string Intent, string Side, string Type,
    decimal Quantity, decimal Price, string? Status, decimal? Filled, decimal? AveragePrice, DateTimeOffset CreatedAt, string? Reason)
{
    public static OrderEntry Of(OrderView view) => new(
        view.Order.OrderId, view.Order.PositionId, view.Order.SignalId, view.Order.Account, view.Order.Strategy, view.Order.Symbol,
        Words.Of(view.Order.Intent), Words.Of(view.Order.Side), Words.Of(view.Order.Type), view.Order.Quantity, view.Order.Price,
        view.State is null ? null : Words.Of(view.State.Status), view.State?.CumulativeQuantity,
        view.State is null or { AveragePrice: 0m } ? null : view.State.AveragePrice, view.Order.Time, view.Order.Reason ?? view.State?.Text);
}

internal sealed record FillEntry(
    string OrderId, string PositionId, string Strategy, string Symbol, string Side, decimal Quantity, decimal Price, int Fills, DateTimeOffset OrderedAt)
{
    /// <summary>What an order traded, all its fills together; null where it traded nothing, or is no longer kept.</summary>
    public static FillEntry? Of(OrderView view) => view.State is not { CumulativeQuantity: > 0m } state || view.Order.Intent == OrderIntent.Cancel
        ? null
        : new(
            view.Order.OrderId, view.Order.PositionId, view.Order.Strategy, view.Order.Symbol, Words.Of(view.Order.Side),
            state.CumulativeQuantity, state.AveragePrice, Math.Max(1, state.FillIds.Length), view.Order.Time);
}

internal sealed record TradeEntry(
    string PositionId, string Account, string Strategy, string Symbol, string Side, decimal Quantity, decimal EntryPrice, decimal ExitPrice,
    decimal Pnl, decimal Commission, string Reason, DateTimeOffset OpenedAt, DateTimeOffset ClosedAt)
{
    public static TradeEntry Of(TradeView trade) => new(
        trade.PositionId, trade.Account, trade.Strategy, trade.Symbol, Words.Of(trade.Side), trade.Quantity, trade.EntryPrice, trade.ExitPrice,
        trade.Pnl, trade.Commission, trade.Reason, trade.OpenedAt, trade.ClosedAt);
}

internal sealed record StrategyEntry(
    string Account, string Strategy, long Trades, long Wins, long Losses, long Rejected, decimal Pnl, decimal? WinRate, decimal? ProfitFactor,
    decimal? Expectancy, decimal? MaxDrawdown, double? Sharpe, double? Sortino, double? AverageDurationSeconds, decimal Weight)
{
    public static StrategyEntry Of(StrategyView view, decimal weight)
    {
        var statistics = view.Statistics;
        return new(
            view.Account, view.Strategy, statistics.Trades, statistics.Wins, statistics.Losses, statistics.Rejected, statistics.Pnl,
            statistics.WinRate, statistics.ProfitFactor, statistics.Expectancy, statistics.MaxDrawdown, statistics.Sharpe, statistics.Sortino,
            statistics.AverageDuration?.TotalSeconds, weight);
    }
}

internal sealed record InstrumentEntry(
    string Symbol, string AssetClass, decimal? TickSize, decimal? LotStep, string? QuoteCurrency, decimal? Bid, decimal? Ask, decimal? Mid,
    DateTimeOffset? PriceAt, double? AgeMilliseconds, bool IsStale)
{
    public static InstrumentEntry Of(string symbol, PriceView price, Instrument? instrument, TimeSpan maxAge, DateTimeOffset now) => new(
        symbol, Words.Of(instrument?.AssetClass ?? price.AssetClass), instrument?.TickSize, instrument?.LotStep, instrument?.QuoteCurrency,
        price.IsKnown ? price.Bid : null, price.IsKnown ? price.Ask : null, price.IsKnown ? price.Mid : null,
        price.IsKnown ? price.Time : null, price.IsKnown ? Math.Max(0, (now - price.Time).TotalMilliseconds) : null, price.IsStale(maxAge, now));
}

internal sealed record PriceEntry(string Symbol, decimal Bid, decimal Ask, decimal Mid, DateTimeOffset At);

internal sealed record CandleEntry(DateTimeOffset At, decimal Open, decimal High, decimal Low, decimal Close);

internal sealed record EquityEntry(DateTimeOffset At, decimal Equity, decimal? Drawdown);

internal sealed record LimitEntry(string Limit, string Scope, decimal? Value, decimal? Use, string Unit, decimal? Share);

internal sealed record RiskEntry(string Limits, IReadOnlyList<LimitEntry> Items, IReadOnlyList<HaltEntry> Halts);
