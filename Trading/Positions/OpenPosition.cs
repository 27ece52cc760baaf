using System.Collections.Immutable;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Positions;

/// <summary>An order that opens a position, before it has an id.</summary>
/// <param name="Leg">Index of the leg it trades.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Quantity">Lots, positive.</param>
/// <param name="Price">Expected price, the limit of a limit order, or the trigger of a stop order.</param>
/// <param name="Type">Market, limit or stop.</param>
/// <param name="Intent">Open, arbitrage leg or quote.</param>
/// <param name="Venue">Where to trade; null leaves it open.</param>
/// <param name="TimeInForce">How long it works; null leaves it to the venue.</param>
public sealed record PlannedOrder(
    int Leg, Side Side, decimal Quantity, decimal Price, OrderType Type, OrderIntent Intent, string? Venue = null,
    TimeInForce? TimeInForce = null);

/// <summary>The command to open a position for a signal.</summary>
/// <param name="PositionId">Its id.</param>
/// <param name="Signal">The signal.</param>
/// <param name="Legs">Its instruments.</param>
/// <param name="Orders">The orders to send, all in one commit.</param>
/// <param name="Exits">How it is to be left.</param>
public sealed record OpenPosition(
    string PositionId,
    Signal Signal,
    ImmutableArray<PositionLeg> Legs,
    ImmutableArray<PlannedOrder> Orders,
    ExitPlan Exits)
{
    /// <summary>How long the legs of an arbitrage may take to fill, all of them; null for what is no group.</summary>
    public TimeSpan? GroupTimeout { get; init; }

    /// <summary>The risk decision that its orders carry.</summary>
    public string? Risk { get; init; }

    /// <summary>How it quotes; null for what is no market making.</summary>
    public QuoteTerms? Quoting { get; init; }
}
