using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client.Output;

/// <summary>Strategies, closed positions and single ones for people.</summary>
internal static class HistoryPage
{
    private const string TooFew = "not enough data";

    /// <summary>Strategies with their statistics.</summary>
    public static TextTable Strategies(ImmutableArray<StrategyView> strategies)
    {
        var table = new TextTable(
            new Column("Strategy"), new Column("Account", 6), new Column("Trades", IsNumber: true),
            new Column("Win %", 2, IsNumber: true), new Column("P&L", IsNumber: true),
            new Column("Average win", 5, IsNumber: true), new Column("Average loss", 5, IsNumber: true),
            new Column("Profit factor", 3, IsNumber: true), new Column("Expectancy", 4, IsNumber: true),
            new Column("Max drawdown", 3, IsNumber: true), new Column("Sharpe", 4, IsNumber: true),
            new Column("Sortino", 5, IsNumber: true), new Column("Average time", 6, IsNumber: true),
            new Column("Longest", 7, IsNumber: true), new Column("Best", 7, IsNumber: true),
            new Column("Worst", 7, IsNumber: true), new Column("Commissions", 6, IsNumber: true),
            new Column("Rejected", 6, IsNumber: true));
        foreach (var (account, strategy, found) in strategies)
        {
            table.Add(
                strategy, account, Words.Count(found.Trades), Number(found.WinRate),
                new Cell(Words.Money(found.Pnl, isSigned: true), StatusPage.Gain(found.Pnl)),
                Money(found.AverageWin), Money(found.AverageLoss), Number(found.ProfitFactor), Money(found.Expectancy, isSigned: true),
                Money(found.MaxDrawdown), Ratio(found.Sharpe), Ratio(found.Sortino), Time(found.AverageDuration),
                Time(found.LongestDuration), Money(found.Best, isSigned: true), Money(found.Worst, isSigned: true),
                Words.Money(found.Commissions), Words.Count(found.Rejected));
        }

        return table;
    }

    /// <summary>Closed positions.</summary>
    public static TextTable Trades(ImmutableArray<TradeView> trades)
    {
        var table = new TextTable(
            new Column("Closed"), new Column("Position", 4), new Column("Strategy", 2), new Column("Symbol"),
            new Column("Side"), new Column("Quantity", 2, IsNumber: true), new Column("Entry", 3, IsNumber: true),
            new Column("Exit", 3, IsNumber: true), new Column("P&L", IsNumber: true),
            new Column("Commission", 5, IsNumber: true), new Column("Reason", 2), new Column("Time", 5, IsNumber: true));
        foreach (var trade in trades)
        {
            table.Add(
                Moment(trade.ClosedAt), trade.PositionId, trade.Strategy, trade.Symbol, Words.Member(trade.Side),
                Words.Number(trade.Quantity), Words.Number(trade.EntryPrice), Words.Number(trade.ExitPrice),
                new Cell(Words.Money(trade.Pnl, isSigned: true), StatusPage.Gain(trade.Pnl)), Words.Money(trade.Commission),
                trade.Reason, Words.Age(trade.ClosedAt - trade.OpenedAt));
        }

        return table;
    }

    /// <summary>One position, without its orders.</summary>
    public static Facts Position(PositionState state)
    {
        var facts = new Facts()
            .Add("position", state.Id)
            .Add("phase", Words.Member(state.Phase))
            .Add("account", state.Account)
            .Add("strategy", state.Strategy)
            .Add("signal", $"{state.SignalId}, tier {state.Tier}")
            .Add("side", Words.Member(state.Side));
        foreach (var (symbol, _, ledger) in state.Legs)
        {
            facts.Add(symbol, $"{Words.Number(ledger.Quantity)} held, opened at {Price(ledger.AverageOpen)}, "
                + $"closed at {Price(ledger.AverageClose)}, realized {Words.Money(ledger.Realized, isSigned: true)}, "
                + $"commissions {Words.Money(ledger.Commissions)}");
        }

        return facts
            .Add("stop", Words.Number(state.Exits.StopLoss))
            .Add("target", Words.Number(state.Exits.TakeProfit))
            .Add("realized", new Cell(Words.Money(state.Realized, isSigned: true), StatusPage.Gain(state.Realized)))
            .Add("reason", ReasonOf(state) ?? Words.Nothing)
            .Add("created", Moment(state.CreatedAt))
            .Add("opened", state.OpenedAt is { } opened ? Moment(opened) : Words.Nothing)
            .Add("closed", state.ClosedAt is { } closed ? Moment(closed) : Words.Nothing);
    }

    /// <summary>Why it was rejected or is left; null while neither is so.</summary>
    public static string? ReasonOf(PositionState state) => state.Reject != RejectReason.None
        ? Words.Member(state.Reject).ToUpperInvariant()
        : state.CloseReason;

    private static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Price(decimal price) => price == 0m ? Words.Nothing : Words.Number(price);

    private static string Number(decimal? value) => value is null ? TooFew : Words.Number(Math.Round(value.Value, 2));

    private static string Money(decimal? value, bool isSigned = false) => value is null ? TooFew : Words.Money(value, isSigned);

    private static string Ratio(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? TooFew;

    private static string Time(TimeSpan? value) => value is { } time ? Words.Age(time) : TooFew;
}
