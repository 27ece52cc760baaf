using System.Collections.Immutable;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Signals;

/// <summary>What a signal asks for.</summary>
public enum SignalAction
{
    /// <summary>Open or add long.</summary>
    Buy = 1,

    /// <summary>Open or add short.</summary>
    Sell = 2,

    /// <summary>Close the positions of that account, strategy and symbol, or the one named.</summary>
    Close = 3,

    /// <summary>Nothing: acknowledged and forgotten.</summary>
    Hold = 4,

    /// <summary>Send all legs together.</summary>
    Arbitrage = 5,

    /// <summary>Quote a bid and an ask.</summary>
    MarketMaking = 6,
}

/// <summary>Family of a strategy; decides how its positions are left.</summary>
public enum StrategyKind
{
    /// <summary>Stop, target and commands only.</summary>
    Generic = 0,

    /// <summary>Trend following.</summary>
    Trend = 1,

    /// <summary>Mean reversion.</summary>
    MeanReversion = 2,

    /// <summary>Breakout.</summary>
    Breakout = 3,

    /// <summary>Arbitrage between venues or instruments.</summary>
    Arbitrage = 4,

    /// <summary>Market making.</summary>
    MarketMaking = 5,
}

/// <summary>One leg of an arbitrage, or one side of a quote.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Side">Buy or sell.</param>
/// <param name="Quantity">Lots, positive.</param>
/// <param name="Price">Expected price; null takes the last known one.</param>
/// <param name="Venue">Where to trade; null leaves it to the execution agent.</param>
public sealed record SignalLeg(string Symbol, Side Side, decimal Quantity, decimal? Price, string? Venue);

/// <summary>A valid trading signal: every field has been read, ranged and normalised.</summary>
public sealed record Signal
{
    /// <summary>Id; the same id twice is one signal.</summary>
    public required string Id { get; init; }

    /// <summary>Tier that handles it, 1 or 2.</summary>
    public required int Tier { get; init; }

    /// <summary>Account it trades for.</summary>
    public string Account { get; init; } = "default";

    /// <summary>Strategy's name as sent, lower case.</summary>
    public required string Strategy { get; init; }

    /// <summary>Family the name maps to.</summary>
    public required StrategyKind Kind { get; init; }

    /// <summary>What it asks for.</summary>
    public required SignalAction Action { get; init; }

    /// <summary>Instrument; for several legs the first one's.</summary>
    public required string Symbol { get; init; }

    /// <summary>Lots, positive.</summary>
    public decimal Quantity { get; init; }

    /// <summary>Expected price; null takes the last known one.</summary>
    public decimal? EntryPrice { get; init; }

    /// <summary>How its order is executed, for buy and sell.</summary>
    public OrderType OrderType { get; init; } = OrderType.Market;

    /// <summary>Limit of a limit order; null takes <see cref="EntryPrice"/>.</summary>
    public decimal? LimitPrice { get; init; }

    /// <summary>Trigger of a stop order; null takes <see cref="EntryPrice"/>.</summary>
    public decimal? StopPrice { get; init; }

    /// <summary>How long its orders work; null leaves it to the venue.</summary>
    public TimeInForce? TimeInForce { get; init; }

    /// <summary>Price at which a loss is taken.</summary>
    public decimal? StopLoss { get; init; }

    /// <summary>Price at which a profit is taken.</summary>
    public decimal? TakeProfit { get; init; }

    /// <summary>Exits beyond stop and target.</summary>
    public ExitPlan Exits { get; init; } = ExitPlan.None;

    /// <summary>0 to 1.</summary>
    public decimal Confidence { get; init; } = 0.5m;

    /// <summary>The signal's own time, else when it came in; UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Position to close, for <see cref="SignalAction.Close"/>; null means all of strategy and symbol.</summary>
    public string? PositionId { get; init; }

    /// <summary>Legs of an arbitrage, bid and ask of a quote; empty otherwise.</summary>
    public ImmutableArray<SignalLeg> Legs { get; init; } = [];

    /// <summary>Context of the trace it belongs to, as W3C writes it; null where there is none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The message as sent, for orders that repeat it; null where they do not.</summary>
    public string? Raw { get; init; }
}
