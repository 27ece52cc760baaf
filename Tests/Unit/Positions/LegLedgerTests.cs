using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Positions;

/// <summary>Quantity and money of one instrument.</summary>
public sealed class LegLedgerTests
{
    private static readonly ContractTerms Cents = new(1m, false, 2);

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
    public void Inverse_contract_averages_prices_by_quantity()
    {
        var terms = ContractTerms.Of(100m, true, "USD", "BTC");
        var (ledger, _) = new LegLedger().Apply(terms, Side.Sell, 1m, 100m, 0m);
        (ledger, _) = ledger.Apply(terms, Side.Sell, 3m, 200m, 0m);

        // (100 + 600) / 4 = 175; short 400 USD: 400 / 140 − 400 / 175 = 2.857142857… − 2.285714285… of a coin.
        Assert.Equal(175m, ledger.AverageOpen);
        Assert.Equal(0.57142857m, ledger.Unrealized(terms, 140m));
        (ledger, var ended) = ledger.Apply(terms, Side.Buy, 6m, 140m, 0.03m);

        // Two thirds of the commission close, one third opens.
        Assert.Equal((0.57142857m - 0.02m, 140m), (ended!.Realized, ended.AverageClose));
        Assert.Equal((2m, 140m, -0.01m), (ledger.Quantity, ledger.AverageOpen, ledger.Realized));
    }

    [Fact]
    public void Average_of_thirds_leaves_no_nines()
    {
        var ledger = Apply(new LegLedger(), Side.Buy, 1m, 1m, 0m);
        ledger = Apply(ledger, Side.Buy, 2m, 1.01m, 0m);

        // 3.02 / 3; a profit within the error of the average of half a cent is half a cent, and goes to the even one.
        Assert.Equal(1.00666666666666666667m, ledger.AverageOpen);
        Assert.Equal(0.00m, ledger.Unrealized(Cents, 1.00833333333333333334m));
        Assert.Equal(0.02m, ledger.Unrealized(Cents, 1.01166666666666666666m));
        Assert.Equal(0.01m, ledger.Unrealized(Cents, 1.00834m));
    }

    [Theory]
    [InlineData(Side.Buy, 9.999900000998888e-5)]
    [InlineData(Side.Sell, -9.999900000998888e-5)]
    public void Return_is_of_the_average_prices_and_turned_for_a_short(Side side, double expected)
    {
        var ledger = Apply(new LegLedger(), side, 150_000m, 1.00001m, 2m);
        Assert.Null(ledger.PriceReturn());

        ledger = Apply(ledger, side == Side.Buy ? Side.Sell : Side.Buy, 150_000m, 1.00011m, 0m);
        Assert.Equal(expected, ledger.PriceReturn());
    }

    [Fact]
    public void History_counts_cycles_and_a_flip_ends_one()
    {
        var history = new LedgerHistory(Cents).Apply(Side.Buy, 1m, 100m, 1m);
        history = history.Apply(Side.Sell, 3m, 110m, 0.30m);
        Assert.Equal((2, -2m, -0.20m, 8.90m), (history.Cycle, history.Ledger.Quantity, history.Ledger.Realized, history.Flipped!.Realized));

        history = history.Apply(Side.Buy, 2m, 105m, 0m).Apply(Side.Buy, 1m, 1m, 0.05m);
        Assert.Equal((3, null, 18.65m, 1.35m), (history.Cycle, history.Flipped, history.AllRealized, history.AllCommissions));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    public void Fill_of_nothing_or_for_nothing_is_a_broken_invariant(int quantity, int price) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LegLedger().Apply(Cents, Side.Buy, quantity, price, 0m));

    private static LegLedger Apply(LegLedger ledger, Side side, decimal quantity, decimal price, decimal commission)
    {
        var (next, ended) = ledger.Apply(Cents, side, quantity, price, commission);
        Assert.Null(ended);
        return next;
    }
}
