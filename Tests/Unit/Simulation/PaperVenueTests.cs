using CsCheck;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Simulation;
using Xunit;

namespace TradingEngine.Tests.Unit.Simulation;

public sealed class PaperVenueTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 19, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Side.Buy, 101)]
    [InlineData(Side.Sell, 99)]
    public void Market_order_buys_at_the_ask_and_sells_at_the_bid(Side side, int price)
    {
        var fill = Assert.Single(With(Quote(0, 99m, 101m)).OnOrder(OrderOf("A", side), s_start));
        Assert.Equal((OrderStatus.Filled, "A-1", 2m, (decimal)price, (decimal?)2m),
            (fill.Status, fill.FillId, fill.LastQuantity, fill.LastPrice, fill.CumulativeQuantity));
        Assert.Equal(("A", "P-A", s_start), (fill.OrderId, fill.PositionId, fill.Time));
    }

    [Theory]
    [InlineData(Side.Buy, "101.11")]
    [InlineData(Side.Sell, "98.90")]
    public void Slippage_is_to_the_traders_disadvantage_and_rounds_that_way(Side side, string price)
    {
        var venue = With(new PaperVenueOptions { SlippageBps = 10m }, Quote(0, 99m, 101m));
        var fill = Assert.Single(venue.OnOrder(OrderOf("A", side), s_start));
        Assert.Equal(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), fill.LastPrice);
    }

    [Theory]
    [InlineData(95, 95)]
    [InlineData(90, 90)]
    [InlineData(110, 110)]
    [InlineData(80, 90)]
    [InlineData(120, 110)]
    public void Exit_in_a_bar_trades_at_its_price_or_the_nearest_end(int price, int expected)
    {
        var venue = With(new PaperVenueOptions { SlippageBps = 5m }, BarOf(0, 100, 110, 90, 105));
        var order = OrderOf("A", Side.Sell) with { Intent = OrderIntent.Close, Price = price };
        Assert.Equal(expected, Assert.Single(venue.OnOrder(order, s_start)).LastPrice);
    }

    [Fact]
    public void Entry_on_bars_trades_at_the_close()
    {
        var order = OrderOf("A", Side.Buy) with { Price = 95m };
        Assert.Equal(105m, Assert.Single(With(BarOf(0, 100, 110, 90, 105)).OnOrder(order, s_start)).LastPrice);
    }

    [Fact]
    public void Order_with_latency_trades_at_the_price_in_force_when_it_ends()
    {
        var venue = With(new PaperVenueOptions { Latency = TimeSpan.FromMilliseconds(50) }, Quote(0, 99m, 101m));
        Assert.Equal(OrderStatus.Accepted, Assert.Single(venue.OnOrder(OrderOf("A", Side.Buy), s_start)).Status);
        Assert.Equal(s_start.AddMilliseconds(50), venue.NextDue);
        Assert.Empty(venue.OnMarket(Quote(0.04, 109m, 111m), s_start.AddMilliseconds(40)));
        var fill = Assert.Single(venue.OnMarket(Quote(0.06, 199m, 201m), s_start.AddMilliseconds(60)));
        Assert.Equal((111m, s_start.AddMilliseconds(50)), (fill.LastPrice, fill.Time));
        Assert.Null(venue.NextDue);
    }

    [Fact]
    public void Order_with_latency_trades_without_a_new_price()
    {
        var venue = With(new PaperVenueOptions { Latency = TimeSpan.FromSeconds(1) }, Quote(0, 99m, 101m));
        venue.OnOrder(OrderOf("A", Side.Buy), s_start);
        Assert.Empty(venue.Advance(s_start.AddSeconds(0.99)));
        Assert.Equal(OrderStatus.Filled, Assert.Single(venue.Advance(s_start.AddSeconds(1))).Status);
        Assert.Equal(0, venue.WorkingCount);
    }

    [Fact]
    public void Order_without_a_price_waits_for_the_first_one()
    {
        var venue = new PaperVenue(new PaperVenueOptions());
        Assert.Equal(OrderStatus.Accepted, Assert.Single(venue.OnOrder(OrderOf("A", Side.Buy), s_start)).Status);
        Assert.Empty(venue.OnMarket(Quote(1, 1m, 2m) with { Symbol = "ETHUSD" }, s_start.AddSeconds(1)));
        Assert.Empty(venue.OnMarket(Quote(1, 1m, 2m) with { IsHistory = true }, s_start.AddSeconds(1)));
        Assert.Equal(101m, Assert.Single(venue.OnMarket(Quote(2, 99m, 101m), s_start.AddSeconds(2))).LastPrice);
    }

    [Fact]
    public void Order_that_never_gets_a_price_is_refused_at_the_bound()
    {
        var venue = new PaperVenue(new PaperVenueOptions());
        venue.OnOrder(OrderOf("A", Side.Buy), s_start);
        Assert.Empty(venue.Advance(s_start.AddSeconds(29)));
        var refusal = Assert.Single(venue.Advance(s_start.AddSeconds(31)));
        Assert.Equal((OrderStatus.Rejected, "no price", s_start.AddSeconds(30)), (refusal.Status, refusal.Text, refusal.Time));
        Assert.Empty(venue.OnMarket(Quote(40, 99m, 101m), s_start.AddSeconds(40)));
    }

    [Fact]
    public void Resting_order_that_has_met_a_price_is_not_refused_for_want_of_one()
    {
        var venue = new PaperVenue(new PaperVenueOptions());
        venue.OnOrder(OrderOf("A", Side.Buy) with { Type = OrderType.Limit, LimitPrice = 50m }, s_start);
        Assert.Empty(venue.OnMarket(Quote(1, 99m, 101m), s_start.AddSeconds(1)));
        Assert.Empty(venue.Advance(s_start.AddDays(1)));
        Assert.Equal(1, venue.WorkingCount);
    }

    [Theory]
    [InlineData(OrderType.Limit, Side.Buy, 95, 94, 94.5, 95)]
    [InlineData(OrderType.Limit, Side.Sell, 105, 106, 107, 105)]
    [InlineData(OrderType.Stop, Side.Buy, 105, 105, 106, 106)]
    [InlineData(OrderType.Stop, Side.Sell, 95, 94, 95, 94)]
    public void Resting_order_trades_when_a_quote_reaches_its_level(
        OrderType type, Side side, int level, double bid, double ask, double price)
    {
        var venue = With(Quote(0, 99m, 101m));
        var order = OrderOf("A", side) with { Type = type, LimitPrice = level, StopPrice = level };
        Assert.Equal(OrderStatus.Accepted, Assert.Single(venue.OnOrder(order, s_start)).Status);
        Assert.Empty(venue.OnMarket(Quote(1, 98m, 102m), s_start.AddSeconds(1)));
        var fill = Assert.Single(venue.OnMarket(Quote(2, (decimal)bid, (decimal)ask), s_start.AddSeconds(2)));
        Assert.Equal((OrderStatus.Filled, (decimal)price), (fill.Status, fill.LastPrice));
        Assert.Empty(venue.OnMarket(Quote(3, (decimal)bid, (decimal)ask), s_start.AddSeconds(3)));
    }

    [Theory]
    [InlineData(OrderType.Limit, Side.Buy, 95, 100, 95)]
    [InlineData(OrderType.Limit, Side.Buy, 95, 93, 93)]
    [InlineData(OrderType.Limit, Side.Sell, 107, 100, 107)]
    [InlineData(OrderType.Stop, Side.Buy, 107, 100, 107)]
    [InlineData(OrderType.Stop, Side.Buy, 107, 109, 109)]
    [InlineData(OrderType.Stop, Side.Sell, 95, 93, 93)]
    public void Resting_order_trades_in_a_bar_at_its_level_or_the_open_beyond(
        OrderType type, Side side, int level, int open, int price)
    {
        var venue = With(BarOf(0, 100, 101, 99, 100));
        var order = OrderOf("A", side) with { Type = type, LimitPrice = level, StopPrice = level };
        Assert.Equal(OrderStatus.Accepted, Assert.Single(venue.OnOrder(order, s_start)).Status);
        Assert.Equal(price, Assert.Single(venue.OnMarket(BarOf(60, open, 110, 90, 100), s_start.AddSeconds(60))).LastPrice);
    }

    [Fact]
    public void Range_of_a_bar_before_the_order_does_not_fill_it()
    {
        var venue = With(BarOf(0, 100, 110, 90, 100));
        var order = OrderOf("A", Side.Buy) with { Type = OrderType.Limit, LimitPrice = 95m };
        Assert.Equal(OrderStatus.Accepted, Assert.Single(venue.OnOrder(order, s_start)).Status);
        var met = OrderOf("B", Side.Buy) with { Type = OrderType.Limit, LimitPrice = 105m };
        Assert.Equal(100m, Assert.Single(venue.OnOrder(met, s_start)).LastPrice);
    }

    [Fact]
    public void Repeated_order_gives_the_same_reports_and_trades_once()
    {
        var venue = With(new PaperVenueOptions { PartialFillRate = 1 }, Quote(0, 99m, 101m));
        var order = OrderOf("A", Side.Buy);
        var reports = venue.OnOrder(order, s_start);
        Assert.Equal(2, reports.Count);
        venue.OnMarket(Quote(1, 199m, 201m), s_start.AddSeconds(1));
        Assert.Equal(reports, venue.OnOrder(order, s_start.AddSeconds(2)));
        Assert.Equal(0, venue.WorkingCount);
    }

    [Fact]
    public void Cancel_ends_a_working_order_once()
    {
        var venue = With(Quote(0, 99m, 101m));
        venue.OnOrder(OrderOf("A", Side.Buy) with { Type = OrderType.Limit, LimitPrice = 50m }, s_start);
        var cancelled = Assert.Single(venue.OnCancel("A", s_start));
        Assert.Equal((OrderStatus.Cancelled, "A", (decimal?)0m), (cancelled.Status, cancelled.OrderId, cancelled.CumulativeQuantity));
        Assert.Empty(venue.OnMarket(Quote(1, 40m, 41m), s_start.AddSeconds(1)));
        Assert.Equal(OrderStatus.CancelRejected, Assert.Single(venue.OnCancel("A", s_start.AddSeconds(1))).Status);
        Assert.Equal(OrderStatus.CancelRejected, Assert.Single(venue.OnCancel("never", s_start.AddSeconds(1))).Status);
    }

    [Fact]
    public void Cancel_order_ends_its_target_and_a_repeated_one_answers_alike()
    {
        var venue = With(new PaperVenueOptions { Latency = TimeSpan.FromSeconds(1) }, Quote(0, 99m, 101m));
        venue.OnOrder(OrderOf("A", Side.Buy), s_start);
        var cancel = OrderOf("C", Side.Buy) with { Intent = OrderIntent.Cancel, TargetOrderId = "A" };
        var answer = Assert.Single(venue.OnOrder(cancel, s_start));
        Assert.Equal((OrderStatus.Cancelled, "A"), (answer.Status, answer.OrderId));
        Assert.Equal([answer], venue.OnOrder(cancel, s_start));
        Assert.Empty(venue.Advance(s_start.AddSeconds(5)));
        var late = Assert.Single(venue.OnOrder(cancel with { OrderId = "D" }, s_start.AddSeconds(5)));
        Assert.Equal((OrderStatus.CancelRejected, "D"), (late.Status, late.OrderId));
    }

    [Fact]
    public void Commission_is_of_lots_times_contract_size_times_price()
    {
        var venue = With(new PaperVenueOptions { CommissionBps = 0.3m }, Quote(0, 1.08m, 1.081m) with { Symbol = "EURUSD" });
        var fill = Assert.Single(venue.OnOrder(OrderOf("A", Side.Buy) with { Symbol = "EURUSD", Quantity = 0.5m }, s_start));
        Assert.Equal((0.5m * 100_000m * 1.081m * 0.00003m, "USD"), (fill.Commission, fill.CommissionCurrency));
    }

    [Fact]
    public void Order_that_cannot_be_executed_is_refused_with_the_reason()
    {
        var venue = With(new PaperVenueOptions { MaxWorking = 1 }, Quote(0, 99m, 101m));
        string? Refusal(Order order)
        {
            var report = Assert.Single(venue.OnOrder(order, s_start));
            Assert.Equal(OrderStatus.Rejected, report.Status);
            return report.Text;
        }

        Assert.Equal("quantity is not positive", Refusal(OrderOf("A", Side.Buy) with { Quantity = 0m }));
        Assert.Equal("limit order without a limit price", Refusal(OrderOf("B", Side.Buy) with { Type = OrderType.Limit }));
        Assert.Equal("stop order without a stop price", Refusal(OrderOf("C", Side.Buy) with { Type = OrderType.Stop }));
        Assert.Equal("unknown symbol", Refusal(OrderOf("D", Side.Buy) with { Symbol = "FOOBAR" }));
        venue.OnOrder(OrderOf("E", Side.Buy) with { Type = OrderType.Limit, LimitPrice = 1m }, s_start);
        Assert.Equal("too many working orders", Refusal(OrderOf("F", Side.Buy)));
    }

    [Fact]
    public void Rejects_and_partial_fills_come_at_their_rates_and_hang_on_the_id_alone()
    {
        var options = new PaperVenueOptions { RejectRate = 0.2, PartialFillRate = 0.5, Seed = 9 };
        var ids = Enumerable.Range(0, 2_000).Select(i => $"O{i}").ToList();
        Dictionary<string, int> Outcomes(IEnumerable<string> order)
        {
            var venue = With(options, Quote(0, 99m, 101m));
            return order.ToDictionary(id => id, id => venue.OnOrder(OrderOf(id, Side.Buy), s_start) is var reports
                && reports[0].Status == OrderStatus.Rejected ? 0 : reports.Count);
        }

        var outcomes = Outcomes(ids);
        Assert.Equal(outcomes, Outcomes(ids.AsEnumerable().Reverse()));
        Assert.InRange(outcomes.Count(outcome => outcome.Value == 0), 340, 460);
        Assert.InRange(outcomes.Count(outcome => outcome.Value == 2), 720, 880);
    }

    [Fact]
    public void Finished_orders_are_remembered_up_to_the_bound()
    {
        var venue = With(new PaperVenueOptions { MaxRemembered = 2 }, Quote(0, 99m, 101m));
        var first = venue.OnOrder(OrderOf("A", Side.Buy), s_start);
        venue.OnOrder(OrderOf("B", Side.Buy), s_start);
        Assert.Equal(first, venue.OnOrder(OrderOf("A", Side.Buy), s_start.AddSeconds(1)));
        venue.OnOrder(OrderOf("C", Side.Buy), s_start);
        Assert.NotEqual(first, venue.OnOrder(OrderOf("A", Side.Buy), s_start.AddSeconds(1)));
    }

    [Fact]
    public void Any_run_fills_each_order_once_and_exactly() =>
        Gen.Select(
            Gen.Select(Gen.Int[0, 2], Gen.Int[1, 500], Gen.Int[80, 120], Gen.Int[0, 3]).Array[1, 40],
            Gen.Int[0, 3], Gen.ULong).Sample((steps, latency, seed) =>
        {
            var options = new PaperVenueOptions
            {
                Latency = TimeSpan.FromSeconds(latency), PartialFillRate = 0.5, RejectRate = 0.1, Seed = seed, CommissionBps = 1m,
            };
            var (venue, again) = (new PaperVenue(options), new PaperVenue(options));
            var sent = new Dictionary<string, Order>();
            var reports = new List<ExecutionReport>();
            for (var i = 0; i < steps.Length; i++)
            {
                var (kind, lots, level, type) = steps[i];
                var now = s_start.AddSeconds(i);
                IReadOnlyList<ExecutionReport> Do(PaperVenue to) => kind switch
                {
                    0 => to.OnMarket(Quote(i, level - 1m, level + 1m), now),
                    1 => to.OnMarket(BarOf(i, level, level + 5, level - 5, level + 2), now),
                    _ => to.OnOrder(sent[$"O{i}"], now),
                };
                if (kind == 2)
                {
                    sent[$"O{i}"] = OrderOf($"O{i}", lots % 2 == 0 ? Side.Buy : Side.Sell) with
                    {
                        Quantity = lots / 10_000m, Type = (OrderType)Math.Max(1, type), LimitPrice = level, StopPrice = level,
                        Intent = type == 0 ? OrderIntent.Close : OrderIntent.Open, Price = level,
                    };
                }

                var said = Do(venue);
                Assert.Equal(said, Do(again));
                reports.AddRange(said);
            }

            reports.AddRange(venue.Advance(s_start.AddDays(1)));
            Assert.Equal(reports.Count(report => report.FillId is not null), reports.Select(report => report.FillId).OfType<string>().Distinct().Count());
            foreach (var (id, order) in sent)
            {
                var own = reports.Where(report => report.OrderId == id).ToList();
                var filled = own.Sum(report => report.LastQuantity);
                var isFilled = own.Any(report => report.Status == OrderStatus.Filled);
                Assert.Equal(isFilled, filled == order.Quantity);
                Assert.True(isFilled || filled == 0m || (order.Type == OrderType.Limit && filled < order.Quantity));
                Assert.InRange(own.Count(report => report.Status is OrderStatus.Filled or OrderStatus.Rejected), 0, 1);
                Assert.Equal(own, venue.OnOrder(order, s_start.AddDays(1)));
                Assert.All(own.Where(report => report.FillId is not null), report => Assert.Equal(
                    Math.Round(report.LastQuantity * report.LastPrice / 10_000m, 8), report.Commission));
            }
        });

    [Fact]
    public void Waiting_limit_order_that_fills_in_parts_keeps_its_rest_at_work()
    {
        var venue = With(new PaperVenueOptions { PartialFillRate = 1 }, Quote(0, 99m, 101m));
        venue.OnOrder(OrderOf("A", Side.Buy) with { Type = OrderType.Limit, LimitPrice = 98m }, s_start);
        var first = Assert.Single(venue.OnMarket(Quote(1, 97m, 98m), s_start.AddSeconds(1)));
        Assert.Equal((OrderStatus.PartiallyFilled, 1), (first.Status, venue.WorkingCount));
        var rest = Assert.Single(venue.OnMarket(Quote(2, 96m, 97m), s_start.AddSeconds(2)));
        Assert.Equal((OrderStatus.Filled, (decimal?)2m, 2m - first.LastQuantity), (rest.Status, rest.CumulativeQuantity, rest.LastQuantity));
    }

    [Theory]
    [InlineData(TimeInForce.Ioc, OrderStatus.Cancelled)]
    [InlineData(TimeInForce.Fok, OrderStatus.Cancelled)]
    [InlineData(TimeInForce.Gtc, OrderStatus.Accepted)]
    public void Immediate_order_does_not_wait(TimeInForce timeInForce, OrderStatus expected)
    {
        var venue = With(Quote(0, 99m, 101m));
        var order = OrderOf("A", Side.Buy) with { Type = OrderType.Limit, LimitPrice = 98m, TimeInForce = timeInForce };
        Assert.Equal(expected, Assert.Single(venue.OnOrder(order, s_start)).Status);
        Assert.Equal(OrderStatus.Filled, Assert.Single(
            venue.OnOrder(order with { OrderId = "B", LimitPrice = 101m }, s_start)).Status);
    }

    [Fact]
    public void Option_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new PaperVenue(new PaperVenueOptions { RejectRate = 1.1 }));
        Assert.Throws<ArgumentException>(() => new PaperVenue(new PaperVenueOptions { Latency = TimeSpan.FromTicks(-1) }));
    }

    private static PaperVenue With(MarketUpdate update) => With(new PaperVenueOptions(), update);

    private static PaperVenue With(PaperVenueOptions options, MarketUpdate update)
    {
        var venue = new PaperVenue(options);
        Assert.Empty(venue.OnMarket(update, update.Time));
        return venue;
    }

    private static MarketUpdate Quote(double seconds, decimal bid, decimal ask) =>
        new("BTCUSD", AssetClass.Crypto, s_start.AddSeconds(seconds), bid, ask, null, "test");

    private static MarketUpdate BarOf(int seconds, int open, int high, int low, int close) => new(
        "BTCUSD", AssetClass.Crypto, s_start.AddSeconds(seconds), close, close,
        new Bar(open, high, low, close, 0m, TimeSpan.FromMinutes(1)), "test");

    private static Order OrderOf(string id, Side side) => new()
    {
        OrderId = id, SignalId = "S", PositionId = "P-" + id, Account = "default", Strategy = "generic",
        Intent = OrderIntent.Open, Side = side, Symbol = "BTCUSD", Quantity = 2m, Price = 100m, Time = s_start,
    };
}
