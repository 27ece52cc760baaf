using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Client.Output;

/// <summary>Positions and orders for people.</summary>
internal static class BookPage
{
    /// <summary>Positions that are not over.</summary>
    public static TextTable Positions(ImmutableArray<PositionView> positions, DateTimeOffset now)
    {
        var table = new TextTable(
            new Column("Id"), new Column("Strategy", 5), new Column("Symbol"), new Column("Side"),
            new Column("Quantity", IsNumber: true), new Column("Average open", 2, IsNumber: true),
            new Column("Stop", 3, IsNumber: true), new Column("Target", 3, IsNumber: true),
            new Column("Mark", 4, IsNumber: true), new Column("Unrealized", 2, IsNumber: true),
            new Column("Armed", 4), new Column("Phase", 3), new Column("Age", 5, IsNumber: true));
        foreach (var view in positions)
        {
            var entry = view.Entry;
            table.Add(
                entry.Id, entry.Strategy, entry.Symbol, SideOf(entry.Side), Words.Number(entry.Quantity),
                entry.AverageOpen == 0m ? Words.Nothing : Words.Number(entry.AverageOpen),
                Words.Number(entry.StopLoss), Words.Number(entry.TakeProfit), Words.Number(view.Mark),
                new Cell(Words.Money(view.Unrealized, isSigned: true), StatusPage.Gain(view.Unrealized)),
                new Cell(Words.YesNo(view.IsArmed), view.IsArmed ? null : "yellow"),
                Words.Member(entry.Phase), Words.Age(now - entry.CreatedAt));
        }

        return table;
    }

    /// <summary>The newest orders.</summary>
    public static TextTable Orders(ImmutableArray<OrderView> orders, DateTimeOffset now)
    {
        var table = new TextTable(
            new Column("Order"), new Column("Position", 5), new Column("Strategy", 6), new Column("Symbol"),
            new Column("Intent", 2), new Column("Side"), new Column("Quantity", IsNumber: true),
            new Column("Price", 3, IsNumber: true), new Column("Status", 2), new Column("Filled", 3, IsNumber: true),
            new Column("Average", 4, IsNumber: true), new Column("Reason", 4), new Column("Age", 5, IsNumber: true));
        foreach (var (order, state) in orders)
        {
            table.Add(
                order.OrderId, order.PositionId, order.Strategy, order.Symbol, Words.Member(order.Intent),
                SideOf(order.Side), Words.Number(order.Quantity), Words.Number(order.Price),
                state is null ? Words.Nothing : Status(state.Status), Words.Number(state?.CumulativeQuantity),
                state is null or { AveragePrice: 0m } ? Words.Nothing : Words.Number(state.AveragePrice),
                state?.Text ?? order.Reason ?? "", Words.Age(now - order.Time));
        }

        return table;
    }

    private static Cell SideOf(Side side) => new(Words.Member(side), side == Side.Buy ? "green" : "red");

    private static Cell Status(OrderStatus status) => new(Words.Member(status), status switch
    {
        OrderStatus.Rejected or OrderStatus.CancelRejected => "red",
        OrderStatus.Unknown or OrderStatus.Expired => "yellow",
        OrderStatus.Sent or OrderStatus.Accepted or OrderStatus.PartiallyFilled or OrderStatus.Filled
            or OrderStatus.Cancelled => null,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not an order status."),
    });
}
