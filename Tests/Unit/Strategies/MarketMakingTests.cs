using System.Globalization;
using System.IO.Compression;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Strategies;

/// <summary>Quotes: replaced by the next signal, cancelled when stale, bounded and skewed by inventory.</summary>
public sealed class MarketMakingTests
{
    private static readonly QuoteTerms s_terms = new(TimeSpan.FromSeconds(5), 2m, 10m, 0.01m);

    private static readonly TierOneTerms s_quoting = new() { MaxInventory = 0.3m, SkewBps = 0.1m };

    private static readonly PaperVenueOptions s_venue = new()
    {
        Latency = TimeSpan.FromMilliseconds(50), PartialFillRate = 0.3, RejectRate = 0.01, CommissionBps = 0.1m,
    };

    [Fact]
    public void Next_signal_cancels_first_and_quotes_when_both_cancels_are_confirmed()
    {
        var life = Quoting();
        Requote(life, "s2", 98m, 100m);
        Assert.Equal([OrderIntent.Cancel, OrderIntent.Cancel], life.Sent.Skip(2).Select(order => order.Intent));

        life.Say(life.Sent[0], OrderStatus.Cancelled);
        Assert.Equal(4, life.Sent.Count);
        life.Say(life.Sent[1], OrderStatus.Cancelled);

        Assert.Equal([(Side.Buy, 98m, "s2"), (Side.Sell, 100m, "s2")],
            life.Sent.Skip(4).Select(order => (order.Side, order.LimitPrice!.Value, order.SignalId)));
        Assert.Equal(PositionPhase.Opening, life.State.Phase);
    }

    [Fact]
    public void Newest_signal_wins_and_each_signal_counts_once()
    {
        var life = Quoting();
        Requote(life, "s2", 98m, 100m);
        Requote(life, "s3", 97m, 99m);
        Assert.False(Requote(life, "s3", 97m, 99m).HasChanged);
        life.Say(life.Sent[0], OrderStatus.Cancelled);
        life.Say(life.Sent[1], OrderStatus.Cancelled);

        Assert.Equal([97m, 99m], life.Sent.Skip(4).Select(order => order.Price));
        Assert.Equal(6, life.State.SentOrders);
    }

    [Fact]
    public void Refused_cancel_is_asked_again_until_the_quote_is_done()
    {
        var life = Quoting();
        Requote(life, "s2", 98m, 100m);
        life.Say(life.Sent[1], OrderStatus.Cancelled);
        life.Say(life.Sent[2], OrderStatus.CancelRejected);
        Assert.Equal(4, life.Sent.Count);
        Assert.Equal(life.Now.AddSeconds(2), PositionLifecycle.NextDeadline(life.State, Given.Unanswered));

        life.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal((OrderIntent.Cancel, life.Sent[0].OrderId), (life.Sent[4].Intent, life.Sent[4].TargetOrderId));
        life.Fill(life.Sent[0], 1m, 99m, "f1");

        // Long one lot of two: both are quoted 5 bps of 99 lower, the bid rounded down and the ask up.
        Assert.Equal([(Side.Buy, 97.95m), (Side.Sell, 99.96m)], life.Sent.Skip(5).Select(order => (order.Side, order.Price)));
    }

    [Fact]
    public void Quotes_that_waited_too_long_are_not_sent()
    {
        var life = Quoting();
        Requote(life, "s2", 98m, 100m);
        life.Pass(TimeSpan.FromSeconds(5));
        life.Say(life.Sent[0], OrderStatus.Cancelled);
        life.Say(life.Sent[1], OrderStatus.Cancelled);

        Assert.Equal((PositionPhase.Rejected, 4), (life.State.Phase, life.Sent.Count));
    }

    [Fact]
    public void Stale_quotes_are_cancelled_and_inventory_stays()
    {
        var life = Quoting();
        life.Fill(life.Sent[0], 1m, 99m, "f1");
        life.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal((OrderIntent.Cancel, "stale_quote"), (life.Sent[2].Intent, life.Sent[2].Reason));
        life.Say(life.Sent[1], OrderStatus.Cancelled);

        Assert.Equal((PositionPhase.Open, 1m), (life.State.Phase, life.Quantity));
        Requote(life, "s2", 98m, 100m);
        Assert.Equal(5, life.Sent.Count);
    }

    [Fact]
    public void Side_that_would_grow_beyond_the_limit_is_not_quoted()
    {
        var life = Quoting();
        life.Fill(life.Sent[0], 1m, 99m, "f1");
        Requote(life, "s2", 98m, 100m, s_terms with { MaxInventory = 1.5m, SkewBps = 0m });
        life.Say(life.Sent[1], OrderStatus.Cancelled);

        Assert.Equal([(Side.Sell, 100m)], life.Sent.Skip(3).Select(order => (order.Side, order.Price)));
    }

    [Theory]
    [InlineData(0, 99.0, 101.0)]
    [InlineData(1, 98.95, 100.95)]
    [InlineData(2, null, 100.9)]
    [InlineData(-1, 99.05, 101.05)]
    [InlineData(-2, 99.1, null)]
    public void Prices_lean_against_inventory(int inventory, double? bid, double? ask)
    {
        Assert.Equal((decimal?)bid, s_terms.PriceOf(Side.Buy, 1m, 99m, 100m, inventory));
        Assert.Equal((decimal?)ask, s_terms.PriceOf(Side.Sell, 1m, 101m, 100m, inventory));
    }

    [Fact]
    public void Close_drops_what_waits_cancels_what_works_and_leaves_what_is_held()
    {
        var life = Quoting();
        life.Fill(life.Sent[0], 1m, 99m, "f1");
        Requote(life, "s2", 98m, 100m);
        life.Close();
        life.Say(life.Sent[1], OrderStatus.Cancelled);
        life.Fill(life.LastClose, 1m, 98m, "f2");

        Assert.Equal((PositionPhase.Closed, -1m, 4), (life.State.Phase, life.State.Realized, life.Sent.Count));
    }

    [Fact]
    public void Quotes_wait_in_vain_where_no_entry_passes()
    {
        var life = Quoting();
        Requote(life, "s2", 98m, 100m);
        life.Say(life.Sent[0], OrderStatus.Cancelled);
        var (transition, _) = PositionLifecycle.Apply(
            life.State, Given.Report(life.Sent[1], OrderStatus.Cancelled), life.Now, maySend: true, mayEnter: false);

        Assert.Empty(transition.Orders);
        Assert.Equal(PositionPhase.Rejected, transition.State.Phase);
    }

    [Fact]
    public void Fifty_thousand_quotes_keep_to_two_orders_the_limit_and_the_ledger()
    {
        var run = new QuotingRun("EURUSD", s_venue, s_quoting, TimeSpan.FromSeconds(1), halfSpreadTicks: 1);
        var random = new Random(20140501);
        var (time, mid) = (Given.Now, 138_681);
        while (run.Signals < 50_000)
        {
            // Like the real ones: bursts and pauses, mostly small moves, a spread of 8 to 14 ticks.
            time = time.AddMilliseconds(random.Next(12) == 0 ? random.Next(4_000, 9_000) : random.Next(1, 900));
            mid = Math.Max(100_000, mid + (random.Next(10) == 0 ? random.Next(-8, 9) : random.Next(-1, 2)));
            var half = random.Next(4, 8);
            run.OnMarket(time, (mid - half) / 100_000m, (mid + half) / 100_000m);
        }

        run.Finish(time.AddSeconds(1));
        Expect(run, fills: 2_000);
    }

    /// <summary>
    /// The same on the real ticks, 50,000 signals a second or more apart: <c>TRADINGENGINE_MARKET_DATA</c> names the folder of
    /// <c>forex_tick_quotes.csv.gz</c>. Build, then <c>TRADINGENGINE_MARKET_DATA=folder dotnet
    /// artifacts/bin/Tests.Unit/release/TradingEngine.Tests.Unit.dll -class '*MarketMakingTests' -explicit only -diagnostics</c>.
    /// </summary>
    [Fact(Explicit = true)]
    public void Fifty_thousand_real_quotes_keep_to_two_orders_the_limit_and_the_ledger()
    {
        var folder = Environment.GetEnvironmentVariable("TRADINGENGINE_MARKET_DATA");
        Assert.False(string.IsNullOrEmpty(folder), "TRADINGENGINE_MARKET_DATA names no folder.");
        using var lines = new StreamReader(new GZipStream(
            File.OpenRead(Path.Combine(folder!, "forex_tick_quotes.csv.gz")), CompressionMode.Decompress));
        var run = new QuotingRun("EURUSD", s_venue, s_quoting, TimeSpan.FromSeconds(1), halfSpreadTicks: 1);
        var last = Given.Now;
        lines.ReadLine();
        while (run.Signals < 50_000 && lines.ReadLine() is { } line)
        {
            var fields = line.Split(',');
            Assert.Equal("EURUSD", fields[1]);
            last = DateTimeOffset.Parse(fields[0], CultureInfo.InvariantCulture);
            run.OnMarket(last, decimal.Parse(fields[3], CultureInfo.InvariantCulture), decimal.Parse(fields[4], CultureInfo.InvariantCulture));
        }

        run.Finish(last.AddSeconds(1));
        Expect(run, fills: 1_500);
    }

    /// <summary>What the run did not refuse at a step: that all it is about did occur.</summary>
    private static void Expect(QuotingRun run, int fills)
    {
        TestContext.Current.SendDiagnosticMessage(run.ToString());
        Assert.Equal((50_000, 2), (run.Signals, run.MostWorking));
        Assert.Equal((s_quoting.MaxInventory, s_quoting.MaxInventory), (run.MostLong, run.MostShort));
        Assert.True(run.Fills > fills && run.OneSided > 100 && run.LateCancels > 10, run.ToString());
        Assert.InRange(run.MostOrdersKept, 2, 48);
    }

    private static Life Quoting() => new(Given.Quote() with { Quoting = s_terms });

    private static Transition Requote(Life life, string id, decimal bid, decimal ask, QuoteTerms? terms = null) => life.Quote(
        Given.Signal(SignalAction.MarketMaking, id: id),
        new QuotePlan(
            [
                new PlannedOrder(0, Side.Buy, 1m, bid, OrderType.Limit, OrderIntent.Quote),
                new PlannedOrder(0, Side.Sell, 1m, ask, OrderType.Limit, OrderIntent.Quote),
            ],
            terms ?? s_terms));
}
