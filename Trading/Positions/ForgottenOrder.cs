using System.Globalization;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

/// <summary>
/// What a position keeps of an order that is done and no longer kept whole: enough to count a late fill once, on its side
/// and at its price, and to know a repeated one. A line of text and no object, since a quoting position writes hundreds of
/// them with every commit.
/// </summary>
/// <remarks>
/// <c>own id|leg|side intent status|quantity|price|traded|average price|unnamed lots|unnamed price|venue|fill ids…</c>; the own
/// id is what follows the position's in the order's. Names of the wire hold no <c>|</c>.
/// </remarks>
internal static class ForgottenOrder
{
    private const char Separator = '|';
    private const int FillsAt = 10;

    /// <summary>The line of an order that is done.</summary>
    public static string Write(OrderState order, string positionId) => string.Join(Separator,
        [
            OwnId(order.Order.OrderId, positionId),
            Text(order.Order.Leg),
            $"{(int)order.Order.Side} {(int)order.Order.Intent} {(int)order.Status}",
            Text(order.Order.Quantity),
            Text(order.Order.Price),
            Text(order.CumulativeQuantity),
            Text(order.AveragePrice),
            order.UnnamedQuantity is { } lots ? Text(lots) : "",
            order.UnnamedPrice is { } price ? Text(price) : "",
            order.Order.Venue ?? "",
            .. order.FillIds,
        ]);

    /// <summary>True for the line of that order.</summary>
    public static bool IsOf(string line, string orderId, string positionId)
    {
        var own = OwnId(orderId, positionId);
        return line.Length > own.Length && line[own.Length] == Separator && line.StartsWith(own, StringComparison.Ordinal);
    }

    /// <summary>True when the order counted that fill.</summary>
    public static bool HasFill(string line, string fillId) => line.Split(Separator).Skip(FillsAt).Contains(fillId);

    /// <summary>The order again, as far as it is remembered.</summary>
    public static OrderState Read(string line, string orderId, PositionState state)
    {
        var fields = line.Split(Separator);
        var leg = int.Parse(fields[1], CultureInfo.InvariantCulture);
        var codes = fields[2].Split(' ');
        return new OrderState
        {
            Order = new Order
            {
                OrderId = orderId,
                SignalId = state.SignalId,
                PositionId = state.Id,
                Account = state.Account,
                Strategy = state.Strategy,
                Side = (Side)Code(codes[0]),
                Intent = (OrderIntent)Code(codes[1]),
                Symbol = state.Legs[leg].Symbol,
                Quantity = Number(fields[3]),
                Price = Number(fields[4]),
                Time = state.CreatedAt,
                Leg = leg,
                Venue = fields[9].Length == 0 ? null : fields[9],
            },
            Status = (OrderStatus)Code(codes[2]),
            CumulativeQuantity = Number(fields[5]),
            AveragePrice = Number(fields[6]),
            UnnamedQuantity = fields[7].Length == 0 ? null : Number(fields[7]),
            UnnamedPrice = fields[8].Length == 0 ? null : Number(fields[8]),
            FillIds = [.. fields[FillsAt..]],
        };
    }

    private static string OwnId(string orderId, string positionId) =>
        orderId.StartsWith(positionId[1..], StringComparison.Ordinal) ? orderId[(positionId.Length - 1)..] : orderId;

    private static string Text(decimal number) => number.ToString("G29", CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int Code(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
