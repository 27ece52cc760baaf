using System.Collections.Immutable;

namespace TradingEngine.Trading.Orders;

/// <summary>An order with what became of it.</summary>
public sealed record OrderState
{
    /// <summary>The order as sent.</summary>
    public required Order Order { get; init; }

    /// <summary>Where it stands.</summary>
    public OrderStatus Status { get; init => field = value == 0 ? OrderStatus.Sent : value; } = OrderStatus.Sent;

    /// <summary>Lots traded so far.</summary>
    public decimal CumulativeQuantity { get; init; }

    /// <summary>Quantity-weighted price of its fills; 0 while there is none.</summary>
    public decimal AveragePrice { get; init; }

    /// <summary>Ids of the fills already counted.</summary>
    public ImmutableArray<string> FillIds { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// Lots counted because the order's end said how much had traded in all, whose own fills were not reported yet; null for
    /// none. They count at <see cref="UnnamedPrice"/> until those come.
    /// </summary>
    public decimal? UnnamedQuantity { get; init; }

    /// <summary>Price at which <see cref="UnnamedQuantity"/> was counted; null for none.</summary>
    public decimal? UnnamedPrice { get; init; }

    /// <summary>What the venue said when it refused.</summary>
    public string? Text { get; init; }

    /// <summary>Lots that may still trade, pending ones included; 0 once the order is done.</summary>
    public decimal LeavesQuantity =>
        IsDone || Order.Intent == OrderIntent.Cancel ? 0m : Math.Max(0m, Order.Quantity - CumulativeQuantity);

    /// <summary>True when nothing more is expected of it. An unknown order may still live at the venue and is not done.</summary>
    public bool IsDone => Status is OrderStatus.Filled or OrderStatus.Cancelled or OrderStatus.Rejected
        or OrderStatus.Expired;

    /// <summary>True when it may trade at the venue now: an unknown order may, a pending one may not.</summary>
    public bool IsWorking => Status != OrderStatus.Pending && LeavesQuantity > 0m;

    /// <summary>True for an order that takes risk.</summary>
    public bool IsEntry => Order.Intent is OrderIntent.Open or OrderIntent.ArbitrageLeg or OrderIntent.Quote;
}
