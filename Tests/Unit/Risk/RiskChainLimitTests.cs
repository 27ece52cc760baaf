using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>Each limit one below, at, and one above it.</summary>
public sealed class RiskChainLimitTests
{
    private const decimal Equity = GivenRisk.Equity;
    private const decimal Epsilon = 0.00000001m;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly DateTimeOffset Now = GivenRisk.Now;

    private static RiskOrder Entry => GivenRisk.Entry;

    private static RiskFacts Facts => GivenRisk.Facts;

    private static RiskLimits Limits => GivenRisk.Limits;

    private static RiskLimits Conservative => RiskLimits.Conservative;

    public static TheoryData<int> Around => [-1, 0, 1];

    [Theory, MemberData(nameof(Around))]
    public void Tier_two_signal_is_at_most_a_minute_old(int over) => Same(over, RejectReason.ExpiredSignal,
        GivenRisk.Judge(Entry with { SignalTime = Now - TimeSpan.FromSeconds(60) - (over * Tick) }));

    [Theory, MemberData(nameof(Around))]
    public void Tier_one_signal_is_at_most_two_seconds_old(int over) => Same(over, RejectReason.ExpiredSignal,
        GivenRisk.Judge(Entry with { Tier = 1, SignalTime = Now - TimeSpan.FromSeconds(2) - (over * Tick) }));

    [Theory, MemberData(nameof(Around))]
    public void Signal_is_at_most_five_seconds_ahead_under_any_limits(int over)
    {
        var order = Entry with { SignalTime = Now + TimeSpan.FromSeconds(5) + (over * Tick) };

        Same(over, RejectReason.FutureSignal, GivenRisk.Judge(order));
        Same(over, RejectReason.FutureSignal, GivenRisk.Judge(order, limits: RiskLimits.Open));
    }

    [Theory, MemberData(nameof(Around))]
    public void Signal_is_at_most_as_old_as_the_window_under_any_limits(int over)
    {
        var order = Entry with { SignalTime = Now - RiskChain.SignalWindow - (over * Tick) };

        Same(over, RejectReason.ExpiredSignal, GivenRisk.Judge(order, limits: RiskLimits.Open));
        Same(over, RejectReason.ExpiredSignal, GivenRisk.Judge(order, limits: Limits with { MaxSignalAge = TimeSpan.FromDays(2) }));
    }

    [Theory]
    [InlineData(0.61, RejectReason.None)]
    [InlineData(0.60, RejectReason.None)]
    [InlineData(0.59, RejectReason.LowConfidence)]
    public void Signal_is_at_least_as_confident_as_asked(double confidence, RejectReason expected) => Assert.Equal(
        expected, GivenRisk.Judge(Entry with { Confidence = (decimal)confidence }, limits: Limits with { MinConfidence = 0.6m }));

    [Theory, MemberData(nameof(Around))]
    public void Session_lasts_five_minutes_more(int over) => Same(over, RejectReason.MarketClosed,
        GivenRisk.Judge(facts: Facts with { SessionEnd = Now + TimeSpan.FromMinutes(5) - (over * Tick) }));

    [Theory]
    [InlineData(2, 0, 5, -1)]
    [InlineData(2, 0, 5, 0)]
    [InlineData(2, 0, 5, 1)]
    [InlineData(1, 0, 1, -1)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 60, 90, -1)]
    [InlineData(2, 60, 90, 0)]
    [InlineData(2, 60, 90, 1)]
    [InlineData(1, 60, 90, 1)]
    public void Price_is_as_fresh_as_its_tier_or_its_feed_allows(int tier, int interval, int seconds, int over) =>
        Same(over, RejectReason.StaleData, GivenRisk.Judge(
            Entry with { Tier = tier },
            Facts with
            {
                Price = GivenRisk.Price with
                {
                    FeedInterval = TimeSpan.FromSeconds(interval),
                    Time = Now - TimeSpan.FromSeconds(seconds) - (over * Tick),
                },
            }));

    [Theory, MemberData(nameof(Around))]
    public void Spread_is_at_most_one_per_cent(int over)
    {
        var half = 0.5m + (over * Epsilon);

        Same(over, RejectReason.BadMarket, GivenRisk.Judge(
            facts: Facts with { Price = GivenRisk.Price with { Bid = 100m - half, Ask = 100m + half } }));
    }

    [Fact]
    public void Price_that_is_not_known_is_stale()
    {
        Assert.Equal(RejectReason.StaleData, GivenRisk.Judge(facts: Facts with { Price = PriceView.None }));
        Assert.Equal(RejectReason.StaleData, GivenRisk.Judge(facts: Facts with { Price = null }));
    }

    [Fact]
    public void Crossed_market_is_refused_and_a_locked_one_is_not()
    {
        Assert.Equal(RejectReason.BadMarket, GivenRisk.Judge(
            facts: Facts with { Price = GivenRisk.Price with { Bid = 100.01m, Ask = 100m } }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            facts: Facts with { Price = GivenRisk.Price with { Bid = 100m, Ask = 100m } }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Level_lies_within_two_per_cent(int over)
    {
        Same(over, RejectReason.PriceCollar, GivenRisk.Judge(Entry with { IsPriced = true, Price = 102m + (over * Epsilon) }));
        Same(over, RejectReason.PriceCollar, GivenRisk.Judge(Entry with { IsPriced = true, Price = 98m - (over * Epsilon) }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Any_price_lies_within_five_per_cent(int over)
    {
        Same(over, RejectReason.PriceCollar, GivenRisk.Judge(Entry with { Price = 105m + (over * Epsilon) }));
        Same(over, RejectReason.PriceCollar, GivenRisk.Judge(
            Entry with { IsPriced = true, Price = 95m - (over * Epsilon) }, limits: Limits with { MaxLimitDistance = 1m }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Market_moved_at_most_five_per_cent_within_a_minute(int over)
    {
        // 100 is five per cent above 95.238…, so the window is chosen and the price follows from it.
        var rose = GivenRisk.Price with { WindowLow = 100m, WindowHigh = 105m, Bid = 105m + (over * Epsilon), Ask = 105m + (over * Epsilon) };
        var fell = GivenRisk.Price with { WindowLow = 95m, WindowHigh = 100m, Bid = 95m - (over * Epsilon), Ask = 95m - (over * Epsilon) };

        Same(over, RejectReason.PriceCollar, GivenRisk.Judge(Entry with { Price = 105m }, Facts with { Price = rose }));
        Same(over, RejectReason.PriceCollar, GivenRisk.Judge(Entry with { Price = 95m }, Facts with { Price = fell }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Level_of_an_exit_lies_within_twenty_per_cent(int over)
    {
        Same(over, RejectReason.PriceCollar, GivenRisk.Judge(GivenRisk.Exit with { IsPriced = true, Price = 120m + (over * Epsilon) }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(GivenRisk.Exit with { IsPriced = false, Price = 1_000m }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            GivenRisk.Exit with { IsPriced = true, Price = 1_000m }, Facts with { Price = null }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            GivenRisk.Exit with { IsPriced = true, Price = 1_000m }, Facts with { Price = PriceView.None }));
        Assert.Equal(RejectReason.PriceCollar, GivenRisk.Judge(
            GivenRisk.Exit with { IsPriced = true }, limits: Limits with { MaxExitDistance = null }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Order_has_at_most_the_lots_of_the_limit_the_instrument_or_a_days_share(int over)
    {
        var order = Entry with { Quantity = 5m + (over * 0.01m) };

        Same(over, RejectReason.MaxQty, GivenRisk.Judge(order, limits: Limits with { MaxQuantity = 5m }));
        Same(over, RejectReason.MaxQty, GivenRisk.Judge(
            order, Facts with { Instrument = Facts.Instrument! with { MaxQuantity = 5m } }, Limits with { MaxQuantity = 1m }));
        Same(over, RejectReason.MaxQty, GivenRisk.Judge(order, Facts with { DailyVolume = 500m }));
        Same(over, RejectReason.MaxQty, GivenRisk.Judge(order, Facts with { DailyVolume = 500m }, Limits with { MaxQuantity = null }));
        Same(over, RejectReason.MaxQty, GivenRisk.Judge(
            order, Facts with { DailyVolume = 500m }, Limits with { MaxQuantity = 5m, MaxVolumeShare = null }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Entry_has_at_most_two_per_cent_of_equity_and_at_most_the_cap(int over)
    {
        Same(over, RejectReason.MaxNotional, GivenRisk.Judge(Bought(20m + (over * Epsilon)), limits: Conservative));
        Same(over, RejectReason.MaxNotional, GivenRisk.Judge(
            Bought(0m) with { SellNotional = 20m + (over * Epsilon) }, limits: Conservative));
        Same(over, RejectReason.MaxNotional, GivenRisk.Judge(
            Bought(50_000m + (over * Epsilon)), Facts with { Equity = 100_000m, DayStart = 100_000m, Peak = 100_000m }));
    }

    [Theory]
    [InlineData(-1, RejectReason.MinNotional)]
    [InlineData(0, RejectReason.None)]
    [InlineData(1, RejectReason.None)]
    public void Entry_has_at_least_the_instruments_notional(int over, RejectReason expected) => Assert.Equal(expected, GivenRisk.Judge(
        Entry with { OwnNotional = 10m + (over * Epsilon) }, Facts with { Instrument = Facts.Instrument! with { MinNotional = 10m } }));

    [Theory, MemberData(nameof(Around))]
    public void Symbol_holds_at_most_a_tenth_of_equity(int over)
    {
        var facts = Facts with { Exposure = new Exposure(90m, 0m, 0m) };

        Same(over, RejectReason.PositionLimit, GivenRisk.Judge(Bought(10m + (over * Epsilon)), facts, Conservative));
        Same(over, RejectReason.PositionLimit, GivenRisk.Judge(
            Bought(0m) with { SellNotional = 10m + (over * Epsilon) }, facts, Conservative));
    }

    [Theory, MemberData(nameof(Around))]
    public void All_symbols_hold_equity_once(int over)
    {
        var limits = Limits with { MaxGrossShare = 1m };

        Same(over, RejectReason.GrossLimit, GivenRisk.Judge(
            Bought(50m + (over * Epsilon)), Facts with { Exposure = new Exposure(0m, 450m, 500m) }, limits));
        Assert.Equal(RejectReason.GrossLimit, GivenRisk.Judge(
            Bought(60m) with { SellNotional = 60m }, Facts with { Exposure = new Exposure(0m, 450m, 450m) }, limits));
    }

    [Theory, MemberData(nameof(Around))]
    public void One_direction_outweighs_the_other_by_half_of_equity(int over)
    {
        var limits = Limits with { MaxNetShare = 0.5m };

        Same(over, RejectReason.NetLimit, GivenRisk.Judge(
            Bought(50m + (over * Epsilon)), Facts with { Exposure = new Exposure(0m, 450m, 0m) }, limits));
        Same(over, RejectReason.NetLimit, GivenRisk.Judge(
            Bought(0m) with { SellNotional = 50m + (over * Epsilon) }, Facts with { Exposure = new Exposure(0m, 0m, 450m) }, limits));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            Bought(60m) with { SellNotional = 60m }, Facts with { Exposure = new Exposure(0m, 500m, 0m) }, limits));
    }

    [Theory, MemberData(nameof(Around))]
    public void Group_holds_a_quarter_of_equity(int over)
    {
        var limits = Limits with { MaxGroupShare = 0.25m };

        Same(over, RejectReason.GroupLimit, GivenRisk.Judge(
            Bought(10m + (over * Epsilon)), Facts with { Exposure = new Exposure { IsGrouped = true, Group = 240m } }, limits));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            Bought(1_000m), Facts with { Exposure = new Exposure { Group = 240m } }, limits));
    }

    [Theory, MemberData(nameof(Around))]
    public void Tier_holds_a_quarter_of_equity(int over) => Same(over, RejectReason.TierBudget, GivenRisk.Judge(
        Bought(10m + (over * Epsilon)), Facts with { Exposure = new Exposure { Tier = 240m } }, Limits with { MaxTierShare = 0.25m }));

    [Theory, MemberData(nameof(Around))]
    public void Leverage_is_one(int over) => Same(over, RejectReason.InsufficientMargin, GivenRisk.Judge(
        Bought(100m + (over * Epsilon)), Facts with { Exposure = new Exposure(0m, 450m, 450m) }, Limits with { MaxLeverage = 1m }));

    [Theory, MemberData(nameof(Around))]
    public void Margin_is_at_most_equity(int over) => Same(over, RejectReason.InsufficientMargin, GivenRisk.Judge(
        Bought(1_000m + (over * Epsilon)),
        Facts with { Exposure = new Exposure { Margin = 900m }, Instrument = Facts.Instrument! with { MarginRate = 0.1m } }));

    [Theory, MemberData(nameof(Around))]
    public void Twenty_positions_are_open(int over)
    {
        Same(over, RejectReason.MaxPositions, GivenRisk.Judge(facts: Facts with { OpenPositions = 19 + over }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            Entry with { OpensPosition = false }, Facts with { OpenPositions = 30 }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Fifty_orders_work(int over)
    {
        Same(over, RejectReason.MaxWorking, GivenRisk.Judge(facts: Facts with { WorkingOrders = 49 + over }));
        Same(over, RejectReason.MaxWorking, GivenRisk.Judge(Entry with { Orders = 2 }, Facts with { WorkingOrders = 48 + over }));
    }

    [Theory]
    [InlineData(-1, RejectReason.StopRequired)]
    [InlineData(0, RejectReason.WrongSide)]
    [InlineData(1, RejectReason.None)]
    public void Stop_is_there_and_on_its_side(int step, RejectReason expected)
    {
        Assert.Equal(expected, GivenRisk.Judge(Entry with { StopLoss = StopAt(-step) }));
        Assert.Equal(expected, GivenRisk.Judge(Entry with { Side = Side.Sell, StopLoss = StopAt(step) }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(Entry with { IsHedged = true, StopLoss = null }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            Entry with { StopLoss = null }, limits: Limits with { IsStopRequired = false }));

        decimal? StopAt(int side) => step == -1 ? null : Entry.Price + (side * Epsilon);
    }

    [Theory]
    [InlineData(-1, RejectReason.None)]
    [InlineData(0, RejectReason.DailyLoss)]
    [InlineData(1, RejectReason.DailyLoss)]
    public void Loss_of_the_day_stays_under_two_per_cent(int over, RejectReason expected) => Assert.Equal(
        expected, GivenRisk.Judge(facts: Facts with { Equity = Equity - 20m - (over * Epsilon) }));

    [Theory]
    [InlineData(-1, RejectReason.None)]
    [InlineData(0, RejectReason.MaxDrawdown)]
    [InlineData(1, RejectReason.MaxDrawdown)]
    public void Drawdown_stays_under_five_per_cent(int over, RejectReason expected)
    {
        var equity = Equity - 50m - (over * Epsilon);

        Assert.Equal(expected, GivenRisk.Judge(facts: Facts with { Equity = equity, DayStart = equity }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Own_order_on_the_other_side_is_not_reached(int over)
    {
        Same(over, RejectReason.SelfTrade, GivenRisk.Judge(facts: Facts with { OwnAsk = 100m + Epsilon - (over * Epsilon) }), at: 1);
        Same(over, RejectReason.SelfTrade, GivenRisk.Judge(
            Entry with { Side = Side.Sell, StopLoss = 110m }, Facts with { OwnBid = 100m - Epsilon + (over * Epsilon) }), at: 1);
        Assert.Equal(RejectReason.None, GivenRisk.Judge(Entry with { IsQuote = true, IsHedged = true }, Facts with { OwnAsk = 99m }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(facts: Facts with { OwnBid = 101m }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            Entry with { Side = Side.Sell, StopLoss = 110m }, Facts with { OwnAsk = 99m }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Exit_closes_at_most_what_is_held(int over)
    {
        Same(over, RejectReason.ReduceOnlyIncreases, GivenRisk.Judge(GivenRisk.Exit with { Quantity = 0.1m + (over * Epsilon) }));
        Same(over, RejectReason.ReduceOnlyIncreases, GivenRisk.Judge(
            GivenRisk.Exit with { Side = Side.Buy, Held = -0.1m, Quantity = 0.1m + (over * Epsilon) }));
        Assert.Equal(RejectReason.ReduceOnlyIncreases, GivenRisk.Judge(GivenRisk.Exit with { Side = Side.Buy }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Children_are_at_most_their_parent(int over)
    {
        Same(over, RejectReason.ParentOverrun, GivenRisk.Judge(
            Entry with { ParentQuantity = 1m, ParentDone = 0.6m, ChildQuantity = 0.4m + (over * Epsilon) }));
        Same(over, RejectReason.ParentOverrun, GivenRisk.Judge(
            GivenRisk.Exit with { ParentQuantity = 1m, ParentDone = 0.6m, ChildQuantity = 0.4m + (over * Epsilon) }));
        Assert.Equal(RejectReason.ParentOverrun, GivenRisk.Judge(Entry with { ParentQuantity = 0m, ChildQuantity = 0m }));
    }

    [Theory, MemberData(nameof(Around))]
    public void Order_has_positive_numbers_within_range(int over)
    {
        Same(over, RejectReason.InvalidField, GivenRisk.Judge(
            Entry with { OwnNotional = RiskChain.MaxNotional + (over * Epsilon) }, limits: RiskLimits.Open));
        Same(over, RejectReason.InvalidField, GivenRisk.Judge(Entry with { Quantity = -over * Epsilon }), at: 0);
        Same(over, RejectReason.InvalidField, GivenRisk.Judge(Entry with { Price = -over * Epsilon }, limits: RiskLimits.Open), at: 0);
        Same(over, RejectReason.InvalidField, GivenRisk.Judge(Entry with { OwnNotional = -over * Epsilon }));
        Assert.Equal(RejectReason.InvalidField, GivenRisk.Judge(Entry with { IsOnStep = false }));
    }

    [Fact]
    public void Limit_that_is_absent_refuses_what_would_pass_with_it()
    {
        foreach (var field in LimitFields.All.Where(field => field.Get(RiskLimits.Empty) is null))
        {
            // Those two ask for no single check: the one is the kill breaker's, the other stands in for another limit.
            var expected = field.Name is nameof(RiskLimits.KillDrawdown) or nameof(RiskLimits.MaxVolumeShare)
                or nameof(RiskLimits.MaxExitDistance);
            var limits = field.Set(Limits, null);
            var order = field.Name == nameof(RiskLimits.MaxLimitDistance) ? Entry with { IsPriced = true } : Entry;
            var facts = Facts with { Price = GivenRisk.Price with { WindowLow = 100m, WindowHigh = 100m } };

            Assert.True((GivenRisk.Judge(order, facts, limits) == RejectReason.None) == expected, field.Name);
        }
    }

    private static RiskOrder Bought(decimal notional) => Entry with { BuyNotional = notional };

    /// <summary>Passes below and at the limit, and is refused above it.</summary>
    private static void Same(int over, RejectReason reason, RejectReason judged, int at = 1) =>
        Assert.Equal(over >= at ? reason : RejectReason.None, judged);

    [Theory, MemberData(nameof(Around))]
    public void Leg_is_held_to_the_exposure_of_its_own_symbol(int over)
    {
        var leg = Entry with { SymbolBuys = 0m, SymbolSells = 10m + (over * Epsilon), Margin = 0m };
        var facts = Facts with { Exposure = Facts.Exposure with { Symbol = 90m } };

        Same(over, RejectReason.PositionLimit,
            RiskChain.JudgeLeg(leg, facts, Limits with { MaxPositionShare = 100m / Equity }, new RiskMemory(), Now));
    }

    [Fact]
    public void Leg_meets_the_checks_of_an_instrument_and_no_others()
    {
        var memory = new RiskMemory();
        Assert.Equal(RejectReason.None, RiskChain.JudgeLeg(Entry, Facts, Limits, memory, Now));
        Assert.Equal(RejectReason.Restricted, RiskChain.JudgeLeg(Entry, Facts, Limits with { IsRestricted = true }, memory, Now));
        Assert.Equal(RejectReason.StaleData, RiskChain.JudgeLeg(Entry, Facts with { Price = null }, Limits, memory, Now));
        Assert.Equal(RejectReason.MaxQty, RiskChain.JudgeLeg(Entry, Facts, Limits with { MaxQuantity = 0.05m }, memory, Now));
        Assert.Equal(RejectReason.None, RiskChain.JudgeLeg(Entry, Facts with { OpenPositions = 1_000_000, IsVenueUp = false }, Limits, memory, Now));
        Assert.Equal(
            RejectReason.UnknownSymbol,
            RiskChain.JudgeLeg(Entry, Facts with { Instrument = null, Price = null }, Limits with { IsStructuralOnly = true }, memory, Now));
    }

    [Theory, MemberData(nameof(Around))]
    public void Margin_of_several_instruments_is_what_the_entry_says(int over) => Same(over, RejectReason.InsufficientMargin,
        GivenRisk.Judge(Entry with { Margin = Equity + (over * Epsilon) }, Facts with { Exposure = Facts.Exposure with { Margin = 0m } }));
}
