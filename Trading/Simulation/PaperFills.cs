using System.Globalization;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Simulation;

/// <summary>Makes the reports of an order that trades.</summary>
internal static class PaperFills
{
    /// <summary>One fill, or two that sum to the order's quantity; their ids are the order's with <c>-1</c>, <c>-2</c>.</summary>
    internal static IEnumerable<ExecutionReport> Of(
        Order order, decimal price, Instrument instrument, PaperVenueOptions options, DateTimeOffset time)
    {
        var first = FirstPart(order, instrument, options);
        var cumulative = 0m;
        var number = 0;
        foreach (var quantity in first < order.Quantity ? [first, order.Quantity - first] : new[] { order.Quantity })
        {
            cumulative += quantity;
            number++;
            yield return new ExecutionReport
            {
                PositionId = order.PositionId,
                OrderId = order.OrderId,
                Status = cumulative < order.Quantity ? OrderStatus.PartiallyFilled : OrderStatus.Filled,
                FillId = string.Create(CultureInfo.InvariantCulture, $"{order.OrderId}-{number}"),
                LastQuantity = quantity,
                LastPrice = price,
                CumulativeQuantity = cumulative,
                Commission = Commission(quantity, price, instrument, options.CommissionBps),
                CommissionCurrency = instrument.IsInverse ? instrument.BaseCurrency : instrument.QuoteCurrency,
                Time = time,
            };
        }
    }

    /// <summary>Basis points of lots × contract size × price, in quote currency, to 8 decimals; divided by price when inverse.</summary>
    internal static decimal Commission(decimal quantity, decimal price, Instrument instrument, decimal bps)
    {
        var units = quantity * instrument.ContractSize;
        return Math.Round((instrument.IsInverse ? units / price : units * price) * bps / 10_000m, 8);
    }

    /// <summary>Quantity of the first fill: all of it, or a fifth to four fifths in whole steps.</summary>
    private static decimal FirstPart(Order order, Instrument instrument, PaperVenueOptions options)
    {
        var draw = SeededHash.Of(options.Seed, order.OrderId);
        if (SeededHash.Unit(SeededHash.Of(draw, 1L)) >= options.PartialFillRate)
        {
            return order.Quantity;
        }

        var share = 0.2 + (0.6 * SeededHash.Unit(SeededHash.Of(draw, 2L)));
        var part = instrument.FloorToStep(order.Quantity * (decimal)share);
        return part > 0m ? part
            : order.Quantity > instrument.LotStep ? instrument.LotStep
            : order.Quantity;
    }
}
