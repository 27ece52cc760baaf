using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Portfolio;

/// <summary>What statistics need of a position that is closed.</summary>
/// <param name="PositionId">Its id. A late fill opens a closed position again: its last closing replaces the earlier ones.</param>
/// <param name="Pnl">Realised P&amp;L, commissions taken off.</param>
/// <param name="Commissions">Commissions paid; positive costs.</param>
/// <param name="Notional">Worth of what was opened at the average opening price, in the currency of the P&amp;L; 0 or more.</param>
/// <param name="Duration">From the first fill to flat, 0 or more.</param>
public sealed record ClosedTrade(string PositionId, decimal Pnl, decimal Commissions, decimal Notional, TimeSpan Duration)
{
    /// <summary>P&amp;L over notional; null where nothing was opened at a price.</summary>
    public double? Return => Notional == 0m ? null : (double)(Pnl / Notional);

    /// <summary>The trade of a position that is closed.</summary>
    public static ClosedTrade Of(PositionState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var duration = (state.ClosedAt - state.OpenedAt) ?? TimeSpan.Zero;
        return new ClosedTrade(
            state.Id,
            state.Realized,
            state.Legs.Sum(leg => leg.Ledger.Commissions),
            state.Legs.Sum(NotionalOf),
            duration > TimeSpan.Zero ? duration : TimeSpan.Zero);
    }

    private static decimal NotionalOf(PositionLeg leg)
    {
        var (lots, open) = (leg.Ledger.OpenedQuantity, leg.Ledger.AverageOpen);
        return open == 0m ? 0m
            : leg.Terms.IsInverse ? lots * leg.Terms.ContractSize / open
            : Contributions.Notional(leg.Terms, lots, open);
    }
}
