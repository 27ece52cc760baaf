using System.Globalization;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

public static partial class PositionLifecycle
{
    /// <summary>
    /// Counts a fill. Lots that an order's end spoke of before their fill came are counted already: they get its price and
    /// commission.
    /// </summary>
    private static void ApplyFill(Step step, OrderState order, ExecutionReport report, decimal quantity)
    {
        var isNamed = report.LastQuantity > 0m;
        var beyond = Math.Clamp((report.CumulativeQuantity ?? 0m) - order.CumulativeQuantity, 0m, quantity);
        var known = isNamed ? Math.Min(quantity - beyond, order.UnnamedQuantity ?? 0m) : 0m;
        var more = quantity - known;
        var price = report.LastPrice > 0m ? report.LastPrice : known > 0m ? order.UnnamedPrice!.Value : order.Order.Price;
        var paid = step.State.Legs[order.Order.Leg].Terms.CommissionOf(report.Commission, report.CommissionCurrency, price);

        var counted = Counted(order, report, more, price);
        // An end that says how much had traded is no fill's own report: that may have been overtaken, and come yet.
        counted = isNamed ? Named(counted, known, price)
            : report.Status is OrderStatus.Cancelled or OrderStatus.Rejected or OrderStatus.Expired ? Unnamed(counted, more, price)
            : counted;
        step.Replace(counted);
        if (known > 0m)
        {
            var commission = (paid ?? 0m) * (known / quantity);
            step.Reprice(order.Order, known, order.UnnamedPrice!.Value, price, commission);
            step.Say(FactKind.FillRepriced, order.Order.OrderId, known, price, side: order.Order.Side, symbol: order.Order.Symbol,
                commission: commission, counted: order.UnnamedPrice.Value);
            paid -= commission;
        }

        if (more > 0m)
        {
            step.Trade(order.Order, more, price, paid ?? 0m);
            SayFilled(step, order, counted, more, price, paid ?? 0m);
        }

        if (paid is null)
        {
            step.Say(FactKind.CommissionUnknown, order.Order.OrderId, quantity, price,
                string.Create(CultureInfo.InvariantCulture, $"{report.Commission} {report.CommissionCurrency}"), order.Order.Side);
        }

        if (counted.IsDone)
        {
            step.EndCancelsOf(order.Order.OrderId, OrderStatus.Rejected);
        }
    }

    private static void SayFilled(
        Step step, OrderState before, OrderState after, decimal quantity, decimal price, decimal commission)
    {
        var order = before.Order;
        step.Say(FactKind.OrderFilled, order.OrderId, quantity, price, order.Reason, order.Side, symbol: order.Symbol,
            commission: commission);
        if (before.IsDone && before.Status != OrderStatus.Filled)
        {
            step.Say(FactKind.LateFill, order.OrderId, quantity, price, before.Status.ToString().ToLowerInvariant(),
                order.Side, symbol: order.Symbol);
        }

        if (after.CumulativeQuantity > order.Quantity)
        {
            step.Say(FactKind.Overfill, order.OrderId, after.CumulativeQuantity - order.Quantity, price,
                OverfillReason, order.Side, symbol: order.Symbol);
        }
    }

    private static OrderState Counted(OrderState order, ExecutionReport report, decimal more, decimal price)
    {
        var cumulative = order.CumulativeQuantity + more;
        return order with
        {
            Status = cumulative >= order.Order.Quantity ? OrderStatus.Filled
                : order.IsDone ? order.Status
                : report.Status is OrderStatus.Cancelled or OrderStatus.Rejected or OrderStatus.Expired ? report.Status
                : OrderStatus.PartiallyFilled,
            CumulativeQuantity = cumulative,
            AveragePrice = ((order.AveragePrice * order.CumulativeQuantity) + (price * more)) / cumulative,
            FillIds = FillKey(report) is { } key ? order.FillIds.Add(key) : order.FillIds,
        };
    }

    /// <summary>The order with lots that its end alone spoke of.</summary>
    private static OrderState Unnamed(OrderState order, decimal lots, decimal price)
    {
        var (before, at) = (order.UnnamedQuantity ?? 0m, order.UnnamedPrice ?? 0m);
        return order with
        {
            UnnamedQuantity = before + lots,
            UnnamedPrice = ((before * at) + (lots * price)) / (before + lots),
        };
    }

    /// <summary>The order with such lots named by their fill.</summary>
    private static OrderState Named(OrderState order, decimal lots, decimal price)
    {
        if (lots == 0m)
        {
            return order;
        }

        var left = order.UnnamedQuantity!.Value - lots;
        return order with
        {
            AveragePrice = order.AveragePrice + ((price - order.UnnamedPrice!.Value) * lots / order.CumulativeQuantity),
            UnnamedQuantity = left == 0m ? null : left,
            UnnamedPrice = left == 0m ? null : order.UnnamedPrice,
        };
    }
}
