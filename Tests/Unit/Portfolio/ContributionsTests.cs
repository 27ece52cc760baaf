using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
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
            ["account/default tier/2/USD"] = 100 * Money,
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
                ["account/default units_short/BTCUSD"] = Money / 4, ["account/default cost_short/BTCUSD"] = 26 * Money,
                ["account/default tier/2/USD"] = 101 * Money, ["account/default fills/trend"] = 1,
                ["account/default realized/USD"] = -Money / 2, ["account/default commissions/USD"] = Money / 2,
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
            ["account/default fills/trend"] = 2, ["account/default " + count + "/trend"] = 1,
            ["strategy/default/trend trades"] = 1, ["strategy/default/trend seconds"] = 90,
            ["strategy/default/trend " + count] = 1,
        };
        if (sum is not null)
        {
            expected["account/default realized/USD"] = pnl * Money;
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
                ["account/default refusals/trend"] = 1,
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

        var (btc, eur) = (book.Symbols["BTCUSD"], book.Symbols["BTCEUR"]);
        Assert.Equal((100m, 50m, 0.5m, 50m), (btc.Long, btc.Buying, btc.UnitsLong, btc.CostLong));
        Assert.Equal((101m, 101m, 0m), (eur.Short, eur.Selling, eur.UnitsShort));
        Assert.Equal((-1m, 1L, 2L), (book.Realized["USD"], book.OpenPositions, book.WorkingOrders));
        Assert.Equal(201m, book.Tiers[(2, "USD")]);
        Assert.Equal(new StrategyCounts(1, 0, 0, 0), book.Strategies["trend"]);
    }

    [Fact]
    public void Position_of_an_earlier_version_takes_back_what_it_gave()
    {
        var life = new Life(Given.Opening());
        life.Fill(life.Entry, 1m, 100m, "f1", commission: 1m);
        var old = life.State with { CounterForm = 0 };
        var given = Contributions.Between(null, old).Where(pair => pair.Key.Group == "account/default")
            .ToDictionary(pair => pair.Key.Field, pair => pair.Delta);

        Assert.Equal(["commissions", "long/BTCUSD", "open", "realized"], given.Keys.Order(StringComparer.Ordinal));
        var closed = PositionLifecycle.Close(old, "test", null, Given.Now).State;
        var order = closed.Orders[^1].Order;
        var (after, _) = PositionLifecycle.Apply(
            closed, Given.Report(order, OrderStatus.Filled, 1m, 110m, "f2"), Given.Now);
        var all = Contributions.Between(null, after.State).Where(pair => pair.Key.Group == "account/default");
        Assert.Equal(0, after.State.CounterForm);
        Assert.Equal(["commissions", "realized"], all.Select(pair => pair.Key.Field).Order(StringComparer.Ordinal));
        Assert.Equal(9m, ExposureBook.Of(new Dictionary<string, long> { ["realized"] = 9 * Money }).Realized[""]);
    }

    [Fact]
    public void Inverse_contract_counts_in_its_base_currency()
    {
        var terms = ContractTerms.Of(100m, true, "USD", "BTC");
        var life = new Life(Given.Opening(quantity: 5m) with { Legs = [new PositionLeg("XBTUSD", terms, new LegLedger())] });
        life.Fill(life.Entry, 5m, 100m, "f1");
        var book = ExposureBook.Of(Contributions.Between(null, life.State).Where(pair => pair.Key.Group == "account/default")
            .ToDictionary(pair => pair.Key.Field, pair => pair.Delta));
        var held = book.Symbols["XBTUSD"];

        Assert.Equal((5m, 500m, 5m), (held.Long, held.UnitsLong, held.CostLong));
        Assert.Equal(1m, held.Unrealized(true, 125m, 126m));
        Assert.Equal(5m, book.Tiers[(2, "BTC")]);
        Assert.Equal(0m, Contributions.Notional(terms, 5m, 0m));
    }

    private static Dictionary<string, long> Of(PositionState state) => Contributions.Between(null, state)
        .ToDictionary(pair => pair.Key.Group + " " + pair.Key.Field, pair => pair.Delta);
}
