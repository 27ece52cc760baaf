using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Simulation;

/// <summary>A signal of the demonstration's strategies, with what the wire's signal of tier 2 carries.</summary>
/// <param name="SignalId">32 hexadecimal digits derived from seed, strategy, symbol and the bar's end.</param>
/// <param name="Strategy">One of <see cref="DemoStrategyNames"/>.</param>
/// <param name="Action">Buy or sell.</param>
/// <param name="Symbol">Instrument.</param>
/// <param name="EntryPrice">Price expected: the ask to buy, the bid to sell, a bar's close.</param>
/// <param name="StopLoss">Stop, on the losing side of the entry, a multiple of the tick.</param>
/// <param name="TakeProfit">Target, on the winning side, a multiple of the tick.</param>
/// <param name="Quantity">Lots, a multiple of the step.</param>
/// <param name="Confidence">0.50 to 0.95, two decimals.</param>
/// <param name="Time">When it was given, UTC: the time of the update that finished the bar.</param>
public sealed record DemoSignal(
    string SignalId,
    string Strategy,
    Side Action,
    string Symbol,
    decimal EntryPrice,
    decimal StopLoss,
    decimal TakeProfit,
    decimal Quantity,
    decimal Confidence,
    DateTimeOffset Time);

/// <summary>Names of the demonstration's strategies.</summary>
public static class DemoStrategyNames
{
    /// <summary>Fast mean crosses the slow one.</summary>
    public const string Trend = "trend_following";

    /// <summary>Price far from its mean.</summary>
    public const string MeanReversion = "mean_reversion";

    /// <summary>Price leaves the channel of the last bars.</summary>
    public const string Breakout = "breakout";
}
