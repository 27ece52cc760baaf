using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Client.Certification;

/// <summary>Makes orders as an engine does: ids of their own form, derived, and never those of an earlier run.</summary>
/// <param name="options">What the orders name.</param>
/// <param name="run">Name of this run.</param>
internal sealed class ExecutorOrders(ExecutorOptions options, string run)
{
    public const string StrangeSymbol = "NO.SUCH.SYMBOL";

    private const string Strategy = "certification";
    private int _made;

    /// <summary>An opening; every other one sells, so that little is held in the end.</summary>
    public Order Open()
    {
        var signal = string.Create(CultureInfo.InvariantCulture, $"{run}-{++_made}");
        var position = ClientOrderId.ForPosition(options.Account, Strategy, signal);
        return new Order
        {
            OrderId = ClientOrderId.ForOrder(position, signal, 0, OrderIntent.Open, 0),
            SignalId = signal,
            PositionId = position,
            Account = options.Account,
            Strategy = Strategy,
            Intent = OrderIntent.Open,
            Side = _made % 2 == 1 ? Side.Buy : Side.Sell,
            Symbol = options.Symbol,
            Quantity = options.Quantity,
            Price = options.Price,
            Time = TimeProvider.System.GetUtcNow(),
        };
    }

    /// <summary>So many openings.</summary>
    public ImmutableArray<Order> Open(int count) => [.. Enumerable.Range(0, count).Select(_ => Open())];

    /// <summary>Closes what an opening opened.</summary>
    public static Order Close(Order opening) => opening with
    {
        OrderId = ClientOrderId.ForOrder(opening.PositionId, opening.SignalId, 0, OrderIntent.Close, 0),
        Intent = OrderIntent.Close,
        Side = opening.Side == Side.Buy ? Side.Sell : Side.Buy,
        Reason = "signal",
    };

    /// <summary>Withdraws an order.</summary>
    public static Order Cancel(Order target) => target with
    {
        OrderId = ClientOrderId.ForOrder(target.PositionId, target.SignalId, 0, OrderIntent.Cancel, 0),
        Intent = OrderIntent.Cancel,
        Reason = "command",
        TargetOrderId = target.OrderId,
    };

    /// <summary>The order's bytes on the wire.</summary>
    public byte[] Write(Order order) => OrderWriter.Write(order, closesAsOpposite: options.ClosesAsOpposite);
}
