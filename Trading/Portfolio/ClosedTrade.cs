using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Portfolio;

/// <summary>What statistics need of a position that is closed.</summary>
/// <param name="Pnl">Realised P&amp;L, commissions taken off.</param>
/// <param name="Commissions">Commissions paid; positive costs.</param>
/// <param name="Notional">Notional of what was opened, at the average opening price, 0 or more.</param>
/// <param name="Duration">From the first fill to flat, 0 or more.</param>
public sealed record ClosedTrade(decimal Pnl, decimal Commissions, decimal Notional, TimeSpan Duration)
{
    /// <summary>P&amp;L over notional; null where nothing was opened at a price.</summary>
    public double? Return => Notional == 0m ? null : (double)(Pnl / Notional);

    /// <summary>The trade of a position that is closed.</summary>
    public static ClosedTrade Of(PositionState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var duration = (state.ClosedAt - state.OpenedAt) ?? TimeSpan.Zero;
        return new ClosedTrade(
            state.Realized,
            state.Legs.Sum(leg => leg.Ledger.Commissions),
            state.Legs.Sum(leg => Contributions.Notional(leg.Terms, leg.Ledger.OpenedQuantity, leg.Ledger.AverageOpen)),
            duration > TimeSpan.Zero ? duration : TimeSpan.Zero);
    }
}
