using System.Collections.Immutable;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Simulation;

/// <summary>Which level ended a position.</summary>
public enum BarExitKind
{
    /// <summary>The stop loss.</summary>
    StopLoss = 1,

    /// <summary>The take profit.</summary>
    TakeProfit = 2,
}

/// <summary>An exit inside a bar.</summary>
/// <param name="Kind">The level that was met first.</param>
/// <param name="Price">Price of the exit: the level, or the open beyond it.</param>
/// <param name="IsGap">True when the bar opened at or beyond the level.</param>
public readonly record struct BarExit(BarExitKind Kind, decimal Price, bool IsGap);

/// <summary>
/// The order in which a bar's prices are taken to have come, to a position's disadvantage: open, adverse extreme,
/// favourable extreme, close. So a bar that holds both stop and target is a stop.
/// </summary>
public static class BarPath
{
    /// <summary>The four prices of a bar in the order they are taken to have come for a position of that side.</summary>
    public static ImmutableArray<decimal> Prices(Side side, Bar bar)
    {
        ArgumentNullException.ThrowIfNull(bar);
        return side switch
        {
            Side.Buy => [bar.Open, bar.Low, bar.High, bar.Close],
            Side.Sell => [bar.Open, bar.High, bar.Low, bar.Close],
            _ => throw new ArgumentOutOfRangeException(nameof(side), side, "Not a side."),
        };
    }

    /// <summary>
    /// The exit of a position that was open before the bar; null when neither level was met. A level is met when touched.
    /// </summary>
    /// <param name="side">The position's side.</param>
    /// <param name="stopLoss">Stop, or null.</param>
    /// <param name="takeProfit">Target, or null.</param>
    /// <param name="bar">The bar.</param>
    public static BarExit? FirstExit(Side side, decimal? stopLoss, decimal? takeProfit, Bar bar)
    {
        // A short position is a long one in a mirror: negated prices, levels and comparison.
        var sign = side switch
        {
            Side.Buy => 1m,
            Side.Sell => -1m,
            _ => throw new ArgumentOutOfRangeException(nameof(side), side, "Not a side."),
        };
        var path = Prices(side, bar);
        var (open, adverse, favourable) = (sign * path[0], sign * path[1], sign * path[2]);
        if (stopLoss is { } gapped && open <= sign * gapped)
        {
            return new(BarExitKind.StopLoss, bar.Open, true);
        }

        if (takeProfit is { } beyond && open >= sign * beyond)
        {
            return new(BarExitKind.TakeProfit, bar.Open, true);
        }

        return stopLoss is { } stop && adverse <= sign * stop ? new(BarExitKind.StopLoss, stop, false)
            : takeProfit is { } target && favourable >= sign * target ? new(BarExitKind.TakeProfit, target, false)
            : null;
    }
}
