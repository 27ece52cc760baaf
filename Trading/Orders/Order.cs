namespace TradingEngine.Trading.Orders;

/// <summary>Direction of an order or a position.</summary>
public enum Side
{
    /// <summary>Buy; long.</summary>
    Buy = 1,

    /// <summary>Sell; short.</summary>
    Sell = 2,
}

/// <summary>How an order is to be executed.</summary>
public enum OrderType
{
    /// <summary>At the best price now.</summary>
    Market = 1,

    /// <summary>At <see cref="Order.LimitPrice"/> or better.</summary>
    Limit = 2,

    /// <summary>At market once <see cref="Order.StopPrice"/> is touched.</summary>
    Stop = 3,
}

/// <summary>What an order is for; decides which modes and checks it must pass.</summary>
public enum OrderIntent
{
    /// <summary>Opens or adds to a position: takes risk.</summary>
    Open = 1,

    /// <summary>Reduces or closes a position.</summary>
    Close = 2,

    /// <summary>One leg of an arbitrage group.</summary>
    ArbitrageLeg = 3,

    /// <summary>A market-making bid or ask.</summary>
    Quote = 4,

    /// <summary>Withdraws a working order.</summary>
    Cancel = 5,
}

/// <summary>An order as the engine sends it to the execution agent.</summary>
public sealed record Order
{
    /// <summary>Client order id: derived, so that a retry repeats it.</summary>
    public required string OrderId { get; init; }

    /// <summary>Signal that caused it; for an exit the signal that opened the position.</summary>
    public required string SignalId { get; init; }

    /// <summary>Position it belongs to.</summary>
    public required string PositionId { get; init; }

    /// <summary>Account it trades for.</summary>
    public required string Account { get; init; }

    /// <summary>Strategy it trades for.</summary>
    public required string Strategy { get; init; }

    /// <summary>What it is for.</summary>
    public required OrderIntent Intent { get; init; }

    /// <summary>Buy or sell.</summary>
    public required Side Side { get; init; }

    /// <summary>Instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Quantity in lots, positive.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Reference price of the decision: the expected one for a market order.</summary>
    public required decimal Price { get; init; }

    /// <summary>When it was decided, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How to execute it.</summary>
    public OrderType Type { get; init => field = value == 0 ? OrderType.Market : value; } = OrderType.Market;

    /// <summary>Limit of a limit order.</summary>
    public decimal? LimitPrice { get; init; }

    /// <summary>Trigger of a stop order.</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>How long it works; null leaves it to the venue.</summary>
    public TimeInForce? TimeInForce { get; init; }

    /// <summary>Stop loss of the position, for the agent's information.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Take profit of the position, for the agent's information.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>Why a position is closed: <c>stop_loss</c>, <c>take_profit</c>, <c>command</c> …; null for an opening.</summary>
    public string? Reason { get; init; }

    /// <summary>Orders that belong together share it; null for a single one.</summary>
    public string? GroupId { get; init; }

    /// <summary>Venue to send it to, where the signal named one.</summary>
    public string? Venue { get; init; }

    /// <summary>Index of the position's leg, 0 for the only one.</summary>
    public int Leg { get; init; }

    /// <summary>The risk decision it carries: checks made, limits' name and hash; null in records of earlier versions.</summary>
    public string? Risk { get; init; }

    /// <summary>Context of its signal's trace, as W3C writes it; null where that is not sampled.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Order to cancel, for <see cref="OrderIntent.Cancel"/>.</summary>
    public string? TargetOrderId { get; init; }
}

/// <summary>Where an order stands.</summary>
public enum OrderStatus
{
    /// <summary>Committed and on its way; no answer yet.</summary>
    Sent = 1,

    /// <summary>The venue has it.</summary>
    Accepted = 2,

    /// <summary>Some of it traded.</summary>
    PartiallyFilled = 3,

    /// <summary>All of it traded.</summary>
    Filled = 4,

    /// <summary>Withdrawn; what had traded stays.</summary>
    Cancelled = 5,

    /// <summary>Refused by the venue.</summary>
    Rejected = 6,

    /// <summary>Its time in force ended.</summary>
    Expired = 7,

    /// <summary>No answer in time: it may live at the venue.</summary>
    Unknown = 8,

    /// <summary>The venue refused to cancel it: said of an order in a report, never where an order stands.</summary>
    CancelRejected = 9,

    /// <summary>Decided, and not sent before what it replaces is done; the venue has not heard of it.</summary>
    Pending = 10,
}
