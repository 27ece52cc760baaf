using CsCheck;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Random fills against a model in fractions of whole numbers, and against what must hold of any ledger.</summary>
public sealed class LegLedgerPropertyTests
{
    private const int Sequences = 10_000;

    private static readonly decimal[] Sizes = [1m, 100m, 100_000m];
    private static readonly string[] Quotes = ["USD", "JPY", "KWD"];

    private static readonly Gen<Fill> OneFill = Gen.Select(Gen.Enum<Side>(), Gen.Int[1, 40], Gen.Int[5_000, 20_000], Gen.Int[-100, 500],
        (side, quarters, price, cost) => new Fill(side, quarters / 4m, price / 100m, cost / 1_000m));

    private static readonly Gen<Fill[]> Fills = OneFill.Array[1, 30];

    private static readonly Gen<ContractTerms> AnyTerms = Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 2],
        (size, inverse, quote) => ContractTerms.Of(Sizes[size], inverse, Quotes[quote], "BTC"));

    [Fact]
    public void Ledger_equals_a_model_in_fractions() => Gen.Select(AnyTerms, Fills).Sample((terms, fills) =>
    {
        var history = new LedgerHistory(terms);
        var model = new FractionLedger(terms);
        foreach (var fill in fills)
        {
            history = fill.On(history);
            model.Count(fill.Signed, fill.Price, fill.Commission);
            Assert.Equal(
                (model.Quantity.Value, model.Realized, model.Commissions),
                (history.Ledger.Quantity, history.AllRealized, history.AllCommissions));
            Assert.InRange(history.Ledger.AverageOpen - model.Open.Value, -0.0000000000000000001m, 0.0000000000000000001m);
        }
    }, iter: Sequences);

    [Fact]
    public void Linear_money_is_conserved_within_half_a_digit_a_closing_fill() => Gen.Select(AnyTerms, Fills, Gen.Int[5_000, 20_000])
        .Sample((terms, fills, mark) =>
        {
            terms = ContractTerms.Of(terms.ContractSize, false, terms.QuoteCurrency, terms.BaseCurrency);
            var history = fills.Aggregate(new LedgerHistory(terms), (before, fill) => fill.On(before));
            var price = mark / 100m;

            // Cash in and out, and what is held at the mark: no averages, no cycles.
            var cash = -fills.Sum(fill => fill.Signed * fill.Price) * terms.ContractSize;
            var held = fills.Sum(fill => fill.Signed);
            var commissions = fills.Sum(fill => terms.Round(fill.Commission));
            var worth = cash + (held * price * terms.ContractSize) - commissions;

            Assert.Equal(held, history.Ledger.Quantity);
            Assert.Equal(commissions, history.AllCommissions);
            // Each profit is rounded once, a held rest once more; commissions are exact.
            var digit = (decimal)Math.Pow(10, -terms.MoneyDecimals);
            var bound = (fills.Length + 1) * digit / 2m;
            Assert.InRange(history.AllRealized + history.Ledger.Unrealized(terms, price) - worth, -bound, bound);
        }, iter: Sequences);

    [Fact]
    public void Flip_is_a_close_and_an_open() => Gen.Select(AnyTerms, Fills, OneFill).Sample((terms, fills, more) =>
    {
        var held = fills.Aggregate(new LedgerHistory(terms), (before, fill) => fill.On(before)).Ledger;
        if (held.Quantity == 0m)
        {
            return;
        }

        var opposite = held.Quantity > 0m ? Side.Sell : Side.Buy;
        var closing = Math.Abs(held.Quantity);
        var (flipped, ended) = held.Apply(terms, opposite, closing + more.Quantity, more.Price, more.Commission);

        var (closed, none) = held.Apply(terms, opposite, closing, more.Price, ended!.Commissions - held.Commissions);
        var (opened, _) = closed.Apply(terms, opposite, more.Quantity, more.Price, flipped.Commissions);
        Assert.Null(none);
        Assert.Equal(closed, ended);
        Assert.Equal(opened, flipped);
        Assert.Equal(terms.Round(more.Commission), ended.Commissions - held.Commissions + flipped.Commissions);
    }, iter: Sequences);

    [Fact]
    public void Short_mirrors_a_long() => Gen.Select(AnyTerms, Fills).Sample((terms, fills) =>
    {
        var one = new LedgerHistory(terms);
        var other = one;
        foreach (var fill in fills)
        {
            one = (fill with { Commission = 0m }).On(one);
            other = (fill with { Commission = 0m, Side = fill.Side == Side.Buy ? Side.Sell : Side.Buy }).On(other);
            Assert.Equal(
                (one.Ledger.Quantity, one.AllRealized, one.Cycle, one.Ledger.AverageOpen, one.Ledger.AverageClose),
                (-other.Ledger.Quantity, -other.AllRealized, other.Cycle, other.Ledger.AverageOpen, other.Ledger.AverageClose));
            Assert.Equal(one.Ledger.PriceReturn(), -other.Ledger.PriceReturn());
        }
    }, iter: Sequences);

    private sealed record Fill(Side Side, decimal Quantity, decimal Price, decimal Commission)
    {
        public decimal Signed => Side == Side.Buy ? Quantity : -Quantity;

        public LedgerHistory On(LedgerHistory history) => history.Apply(Side, Quantity, Price, Commission);
    }
}
