using CsCheck;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Quantity and money of one instrument.</summary>
public sealed class LegLedgerTests
{
    private const decimal Tolerance = 0.000001m;

    private static readonly ContractTerms Cents = new(1m, false, 2);

    private static readonly Gen<Side> Sides = Gen.Enum<Side>();

    // Quarters of lots, prices of two decimals, commissions of cents.
    private static readonly Gen<(Side Side, decimal Quantity, decimal Price, decimal Commission)> Fills =
        Gen.Select(Sides, Gen.Int[1, 40], Gen.Int[5_000, 20_000], Gen.Int[0, 500],
            (side, quarters, price, cost) => (side, quarters / 4m, price / 100m, cost / 100m));

    private static readonly Gen<ContractTerms> Terms = Gen.Select(Gen.Int[0, 2].Select(i => new[] { 1m, 100m, 100_000m }[i]), Gen.Bool,
        (size, inverse) => new ContractTerms(size, inverse));

    [Fact]
    public void Buy_opens_at_its_price_and_costs_its_commission()
    {
        var ledger = Apply(new LegLedger(), Side.Buy, 100_000m, 1.00001m, 2m);

        Assert.Equal(
            (100_000m, 1.00001m, -2m, 2m), (ledger.Quantity, ledger.AverageOpen, ledger.Realized, ledger.Commissions));
        Assert.Equal(49.00m, ledger.Unrealized(Cents, 1.0005m));
    }

    [Fact]
    public void Buy_then_sell_of_the_same_is_flat_with_the_difference_realized()
    {
        var ledger = Apply(new LegLedger(), Side.Buy, 150_000m, 1.00001m, 2m);
        ledger = Apply(ledger, Side.Sell, 150_000m, 1.00011m, 0m);

        Assert.Equal((0m, 1.00001m, 1.00011m, 13.00m),
            (ledger.Quantity, ledger.AverageOpen, ledger.AverageClose, ledger.Realized));
        Assert.Equal(0m, ledger.Unrealized(Cents, 2m));
    }

    [Fact]
    public void Two_buys_average_and_one_sell_realizes_both()
    {
        var ledger = Apply(new LegLedger(), Side.Buy, 100_000m, 1.0m, 2m);
        ledger = Apply(ledger, Side.Buy, 100_000m, 1.00001m, 2m);
        ledger = Apply(ledger, Side.Sell, 200_000m, 1.0001m, 2m);

        Assert.Equal((0m, 1.000005m, 13.00m, 6m, 200_000m, 200_000m),
            (ledger.Quantity, ledger.AverageOpen, ledger.Realized, ledger.Commissions, ledger.OpenedQuantity, ledger.ClosedQuantity));
    }

    [Fact]
    public void Short_gains_when_the_price_falls()
    {
        var ledger = Apply(new LegLedger(), Side.Sell, 2m, 100m, 0m);

        Assert.Equal((-2m, 20m), (ledger.Quantity, ledger.Unrealized(Cents, 90m)));
        Assert.Equal(20m, Apply(ledger, Side.Buy, 2m, 90m, 0m).Realized);
    }

    [Fact]
    public void Reduction_keeps_the_open_price_and_averages_the_close_price()
    {
        var ledger = Apply(new LegLedger(), Side.Buy, 3m, 100m, 0m);
        ledger = Apply(ledger, Side.Sell, 1m, 110m, 0m);
        ledger = Apply(ledger, Side.Sell, 1m, 120m, 0m);

        Assert.Equal((1m, 100m, 115m, 30m), (ledger.Quantity, ledger.AverageOpen, ledger.AverageClose, ledger.Realized));
    }

    [Fact]
    public void Fill_after_flat_begins_a_new_cycle()
    {
        var ledger = Apply(new LegLedger(), Side.Buy, 1m, 100m, 1m);
        ledger = Apply(ledger, Side.Sell, 1m, 110m, 1m);
        ledger = Apply(ledger, Side.Sell, 2m, 50m, 0.5m);

        Assert.Equal((-2m, 50m, 0m, 2m, 0m, -0.5m, 0.5m),
            (ledger.Quantity, ledger.AverageOpen, ledger.AverageClose, ledger.OpenedQuantity, ledger.ClosedQuantity,
                ledger.Realized, ledger.Commissions));
    }

    [Fact]
    public void Contract_size_multiplies_the_profit()
    {
        var terms = new ContractTerms(100_000m, false, 2);
        var (ledger, _) = new LegLedger().Apply(terms, Side.Buy, 0.1m, 1.10m, 0m);

        Assert.Equal(10.00m, ledger.Unrealized(terms, 1.101m));
    }

    [Fact]
    public void Inverse_contract_pays_in_the_base_currency()
    {
        var terms = new ContractTerms(100m, true, 8);
        var (ledger, _) = new LegLedger().Apply(terms, Side.Buy, 10m, 50_000m, 0m);
        (ledger, _) = ledger.Apply(terms, Side.Sell, 10m, 62_500m, 0m);

        // 10 contracts of 100 USD: 1000 / 50000 - 1000 / 62500 of a bitcoin.
        Assert.Equal(0.004m, ledger.Realized);
    }

    [Fact]
    public void Inverse_contract_averages_what_the_contracts_are_worth()
    {
        var terms = new ContractTerms(100m, true, 8);
        var (ledger, _) = new LegLedger().Apply(terms, Side.Buy, 1m, 100m, 0m);
        (ledger, _) = ledger.Apply(terms, Side.Buy, 1m, 200m, 0m);

        // 100/100 + 100/200 = 1.5 coins for 200 USD.
        Assert.Equal(133.33333333m, Math.Round(ledger.AverageOpen, 8));
        Assert.Equal(0.5m, ledger.Unrealized(terms, 200m));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    public void Fill_of_nothing_or_for_nothing_is_a_broken_invariant(int quantity, int price) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LegLedger().Apply(Cents, Side.Buy, quantity, price, 0m));

    [Fact]
    public void Flip_is_a_close_and_an_open() => Gen.Select(Terms, Fills, Fills).Sample((terms, first, second) =>
    {
        var (held, _) = new LegLedger().Apply(terms, first.Side, first.Quantity, first.Price, first.Commission);
        var opposite = first.Side == Side.Buy ? Side.Sell : Side.Buy;
        var quantity = first.Quantity + second.Quantity;

        var (flipped, ended) = held.Apply(terms, opposite, quantity, second.Price, second.Commission);

        var closingCost = Math.Round(second.Commission * first.Quantity / quantity, terms.MoneyDecimals);
        var (closed, none) = held.Apply(terms, opposite, first.Quantity, second.Price, closingCost);
        var (opened, _) = closed.Apply(terms, opposite, second.Quantity, second.Price, second.Commission - closingCost);
        Assert.Null(none);
        Assert.Equal(closed, ended);
        Assert.Equal(opened, flipped);
    });

    [Fact]
    public void Quantity_is_the_sum_of_fills_and_money_is_conserved() =>
        Gen.Select(Terms, Fills.Array[1, 30], Gen.Int[5_000, 20_000]).Sample((terms, fills, mark) =>
        {
            var ledger = new LegLedger();
            decimal banked = 0m, quantity = 0m, worth = 0m, commissions = 0m;
            var price = mark / 100m;
            foreach (var fill in fills)
            {
                var wasFlat = ledger.Quantity == 0m;
                var before = ledger;
                (ledger, var ended) = ledger.Apply(terms, fill.Side, fill.Quantity, fill.Price, fill.Commission);
                banked += ended?.Realized ?? (wasFlat ? before.Realized : 0m);
                var signed = fill.Side == Side.Buy ? fill.Quantity : -fill.Quantity;
                quantity += signed;
                commissions += fill.Commission;
                worth += terms.IsInverse
                    ? signed * terms.ContractSize * ((1m / fill.Price) - (1m / price))
                    : signed * terms.ContractSize * (price - fill.Price);
                Assert.Equal(quantity, ledger.Quantity);
                Assert.Equal(Math.Abs(quantity), ledger.OpenedQuantity - ledger.ClosedQuantity);
            }

            // Whatever the path, what was realised and what is held at the mark are what the fills are worth at the mark.
            var total = banked + ledger.Realized + ledger.Unrealized(terms, price);
            Assert.InRange(total - (worth - commissions), -Tolerance, Tolerance);
        });

    private static LegLedger Apply(LegLedger ledger, Side side, decimal quantity, decimal price, decimal commission)
    {
        var (next, ended) = ledger.Apply(Cents, side, quantity, price, commission);
        Assert.Null(ended);
        return next;
    }
}
