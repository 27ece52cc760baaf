namespace TradingEngine.Trading.Orders;

/// <summary>What an execution agent says of an order: a state, and a fill where something traded.</summary>
public sealed record ExecutionReport
{
    /// <summary>Position the order belongs to; null when the agent names the order only.</summary>
    public string? PositionId { get; init; }

    /// <summary>Client order id; null in the original short form, where the position has one working order.</summary>
    public string? OrderId { get; init; }

    /// <summary>The order's state after this report.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>Id of the fill, unique for the order; null when nothing traded or the agent gives none.</summary>
    public string? FillId { get; init; }

    /// <summary>Lots traded in this fill; 0 when nothing traded.</summary>
    public decimal LastQuantity { get; init; }

    /// <summary>Price of this fill.</summary>
    public decimal LastPrice { get; init; }

    /// <summary>Lots traded of the order so far, where the agent says it.</summary>
    public decimal? CumulativeQuantity { get; init; }

    /// <summary>Cost of this fill in <see cref="CommissionCurrency"/>; positive costs.</summary>
    public decimal Commission { get; init; }

    /// <summary>Currency of the commission; null is the contract's settlement currency.</summary>
    public string? CommissionCurrency { get; init; }

    /// <summary>Why it was rejected or cancelled.</summary>
    public string? Text { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Time { get; init; }
}
