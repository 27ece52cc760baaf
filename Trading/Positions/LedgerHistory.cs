using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Positions;

/// <summary>
/// The ledger of a sequence of fills with the sums over its cycles: each cycle goes from open to flat, and a flip ends one
/// and begins the next. Immutable; thread safe.
/// </summary>
/// <param name="Terms">Contract terms, the same for all fills.</param>
public sealed record LedgerHistory(ContractTerms Terms)
{
    /// <summary>The current cycle; the last one while flat.</summary>
    public LegLedger Ledger { get; init; } = new();

    /// <summary>Number of the current cycle from 1; 0 before the first fill.</summary>
    public int Cycle { get; init; }

    /// <summary>The cycle that the last fill ended by going beyond flat; else null.</summary>
    public LegLedger? Flipped { get; init; }

    /// <summary>Realised P&amp;L of the cycles before the current one.</summary>
    public decimal EarlierRealized { get; init; }

    /// <summary>Commissions of the cycles before the current one; positive costs.</summary>
    public decimal EarlierCommissions { get; init; }

    /// <summary>Realised P&amp;L of all cycles, commissions taken off.</summary>
    public decimal AllRealized => EarlierRealized + Ledger.Realized;

    /// <summary>Commissions of all cycles; positive costs.</summary>
    public decimal AllCommissions => EarlierCommissions + Ledger.Commissions;

    /// <summary>Counts a fill; see <see cref="LegLedger.Apply"/>.</summary>
    public LedgerHistory Apply(Side side, decimal quantity, decimal price, decimal commission)
    {
        var (ledger, flipped) = Ledger.Apply(Terms, side, quantity, price, commission);
        var ended = Ledger.Quantity == 0m ? Ledger : flipped;
        return this with
        {
            Ledger = ledger,
            Cycle = ended is null ? Cycle : Cycle + 1,
            Flipped = flipped,
            EarlierRealized = EarlierRealized + (ended?.Realized ?? 0m),
            EarlierCommissions = EarlierCommissions + (ended?.Commissions ?? 0m),
        };
    }
}
