using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Portfolio;

/// <summary>What a position adds to the counters. That any path adds up is tested with the life of a position.</summary>
public sealed class ContributionsTests
{
    private const long Money = 100_000_000;

    [Fact]
    public void Opening_position_counts_its_working_order() => Assert.Equal(
        new Dictionary<string, long>
        {
            ["account/default buying/BTCUSD"] = 100 * Money, ["account/default open"] = 1, ["account/default working"] = 1,
            ["totals active"] = 1, ["totals long"] = 1, ["totals orders"] = 1,
        },
        Of(new Life(Given.Opening()).State));

    [Fact]
    public void Partly_filled_position_counts_what_is_held_and_what_is_working()
    {
        var life = new Life(Given.Opening(Side.Sell));
        life.Fill(life.Entry, 0.25m, 104m, "f1", commission: 0.5m);

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["account/default selling/BTCUSD"] = 75 * Money, ["account/default short/BTCUSD"] = 26 * Money,
                ["account/default open"] = 1, ["account/default working"] = 1,
                ["account/default realized"] = -Money / 2, ["account/default commissions"] = Money / 2,
                ["totals active"] = 1, ["totals short"] = 1, ["totals orders"] = 1, ["totals opened"] = 1,
                ["totals realized"] = -Money / 2,
            },
            Of(life.State));
    }

    [Theory]
    [InlineData(105, 5, "wins", "won")]
    [InlineData(95, -5, "losses", "lost")]
    [InlineData(100, 0, "losses", null)]
    public void Closed_position_counts_as_a_trade_and_holds_nothing(int exit, int pnl, string count, string? sum)
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1");
        life.Now += TimeSpan.FromSeconds(90);
        life.Close();
        life.Fill(life.LastClose, 1m, exit, "f2");

        var expected = new Dictionary<string, long>
        {
            ["totals orders"] = 2, ["totals opened"] = 1, ["totals closed"] = 1,
            ["strategy/default/trend trades"] = 1, ["strategy/default/trend seconds"] = 90,
            ["strategy/default/trend " + count] = 1,
        };
        if (sum is not null)
        {
            expected["account/default realized"] = pnl * Money;
            expected["totals realized"] = pnl * Money;
            expected["strategy/default/trend pnl"] = pnl * Money;
            expected["strategy/default/trend " + sum] = Math.Abs(pnl) * Money;
        }

        Assert.Equal(expected, Of(life.State));
    }

    [Fact]
    public void Rejected_position_counts_as_a_refusal()
    {
        var life = new Life(Given.Opening());
        life.Say(life.Entry, OrderStatus.Rejected);

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["totals orders"] = 1, ["totals rejected"] = 1, ["strategy/default/trend rejected"] = 1,
            },
            Of(life.State));
    }

    [Fact]
    public void Fill_at_an_absurd_price_overflows_no_counter()
    {
        var life = new Life(Given.Opening(quantity: 1_000_000m));
        var counters = new Dictionary<CounterKey, decimal>();
        life.Fill(life.Entry, 1_000_000m, 100_000_000_000m, "f1");
        life.Close();
        life.Fill(life.LastClose, 1_000_000m, 1m, "f2");

        foreach (var (before, after) in life.Steps)
        {
            foreach (var (key, delta) in Contributions.Between(before, after))
            {
                counters[key] = counters.GetValueOrDefault(key) + delta;
            }
        }

        Assert.Equal(0m, counters[new CounterKey("account/default", ExposureFields.Of("BTCUSD", Side.Buy))]);
        Assert.True(counters[new CounterKey(Contributions.TotalsGroup, "realized")] < 0m);
    }

    [Fact]
    public void Nothing_that_stays_is_written() =>
        Assert.Empty(Contributions.Between(new Life(Given.Opening()).State, new Life(Given.Opening()).State));

    [Fact]
    public void Exposure_is_read_back_from_the_counters()
    {
        var life = new Life(Given.Arbitrage());
        life.Fill(life.Sent[0], 0.5m, 100m, "f1", commission: 1m);
        var counters = Contributions.Between(null, life.State).Where(pair => pair.Key.Group == "account/default")
            .ToDictionary(pair => pair.Key.Field, pair => pair.Delta);

        var book = ExposureBook.Of(counters);

        Assert.Equal((100m, 101m, -1m, 1L, 2L), (book.Long, book.Short, book.Realized, book.OpenPositions, book.WorkingOrders));
        Assert.Equal(new Exposure(100m, 100m, 101m), book.Worst("BTCUSD", []));
        var inFlight = new EntryRequest
        {
            Signal = Given.Signal(), Instrument = null, Price = PriceView.None, IsSessionOpen = true,
            BuyNotional = 10m, SellNotional = 300m,
        };
        Assert.Equal(new Exposure(300m, 110m, 401m), book.Worst("BTCUSD", [inFlight]));
        Assert.Equal(new Exposure(101m, 110m, 401m), book.Worst("BTCEUR", [inFlight]));
    }

    private static Dictionary<string, long> Of(PositionState state) => Contributions.Between(null, state)
        .ToDictionary(pair => pair.Key.Group + " " + pair.Key.Field, pair => pair.Delta);
}
