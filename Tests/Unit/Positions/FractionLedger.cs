using TradingEngine.Trading.Positions;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>
/// The ledger once more, on its own: one lot-weighted cost in fractions; a flip is not split, what is left over is simply held
/// at the new price. Money is rounded where the ledger says it rounds, and nowhere else.
/// </summary>
internal sealed class FractionLedger(ContractTerms terms)
{
    public Fraction Quantity { get; private set; } = Fraction.Zero;

    public Fraction Open { get; private set; } = Fraction.Zero;

    public decimal Realized { get; private set; }

    public decimal Commissions { get; private set; }

    public decimal Unrealized(decimal mark) => Quantity.Sign == 0 ? 0m : Gain(Quantity, Fraction.Of(mark));

    public void Count(decimal signedLots, decimal atPrice, decimal commission)
    {
        var signed = Fraction.Of(signedLots);
        var price = Fraction.Of(atPrice);
        var cost = Fraction.Of(commission).Rounded(terms.MoneyDecimals);
        Commissions += cost;
        Realized -= cost;
        var after = Quantity + signed;
        if (Quantity.Sign * signed.Sign >= 0)
        {
            Open = ((Open * Quantity) + (price * signed)) / after;
        }
        else
        {
            Realized += Gain(after.Sign == Quantity.Sign ? Fraction.Zero - signed : Quantity, price);
            Open = after.Sign == -Quantity.Sign ? price : Open;
        }

        Quantity = after;
    }

    private decimal Gain(Fraction lots, Fraction price)
    {
        var one = Fraction.Of(1m);
        var gain = terms.IsInverse ? (one / Open) - (one / price) : price - Open;
        return (lots * Fraction.Of(terms.ContractSize) * gain).Rounded(terms.MoneyDecimals);
    }
}
