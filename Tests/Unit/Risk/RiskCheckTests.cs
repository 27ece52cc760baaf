using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>Each limit at itself, just below and just above.</summary>
public sealed class RiskCheckTests
{
    private const decimal Equity = 1_000m;
    private const decimal Epsilon = 0.00000001m;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(-1, RejectReason.None)]
    [InlineData(0, RejectReason.None)]
    [InlineData(1, RejectReason.PositionLimit)]
    public void Symbol_may_hold_a_tenth_of_equity(int over, RejectReason expected)
    {
        Assert.Equal(expected, Judge(Entry(buys: 40m + (over * Epsilon)), new Exposure(60m, 0m, 0m)));
        Assert.Equal(expected, Judge(Entry(buys: 0m, sells: 40m + (over * Epsilon)), new Exposure(60m, 0m, 0m)));
    }

    [Theory]
    [InlineData(-1, RejectReason.None)]
    [InlineData(0, RejectReason.None)]
    [InlineData(1, RejectReason.GrossLimit)]
    public void All_symbols_may_hold_equity_once(int over, RejectReason expected) => Assert.Equal(
        expected, Judge(Entry(buys: 50m + (over * Epsilon)), new Exposure(0m, 450m, 500m)));

    [Theory]
    [InlineData(-1, RejectReason.None)]
    [InlineData(0, RejectReason.None)]
    [InlineData(1, RejectReason.NetLimit)]
    public void One_direction_may_outweigh_the_other_by_half_of_equity(int over, RejectReason expected)
    {
        Assert.Equal(expected, Judge(Entry(buys: 50m + (over * Epsilon)), new Exposure(0m, 450m, 0m)));
        Assert.Equal(expected, Judge(Entry(buys: 0m, sells: 50m + (over * Epsilon)), new Exposure(0m, 0m, 450m)));
    }

    [Fact]
    public void Sides_of_one_entry_count_together_for_gross_and_against_each_other_for_net()
    {
        Assert.Equal(RejectReason.GrossLimit, Judge(Entry(buys: 60m, sells: 60m), new Exposure(0m, 450m, 450m)));
        Assert.Equal(RejectReason.None, Judge(Entry(buys: 60m, sells: 60m), new Exposure(0m, 500m, 0m)));
    }

    [Theory]
    [InlineData(1, 2, -1, RejectReason.None)]
    [InlineData(1, 2, 0, RejectReason.None)]
    [InlineData(1, 2, 1, RejectReason.ExpiredSignal)]
    [InlineData(2, 60, -1, RejectReason.None)]
    [InlineData(2, 60, 0, RejectReason.None)]
    [InlineData(2, 60, 1, RejectReason.ExpiredSignal)]
    public void Signal_may_be_as_old_as_its_tier_allows(int tier, int seconds, int over, RejectReason expected)
    {
        var entry = Entry();
        entry = entry with
        {
            Signal = entry.Signal with { Tier = tier, Time = Given.Now - TimeSpan.FromSeconds(seconds) - (over * Tick) },
        };

        Assert.Equal(expected, Judge(entry));
    }

    [Theory]
    [InlineData(0, 5, -1, RejectReason.None)]
    [InlineData(0, 5, 0, RejectReason.None)]
    [InlineData(0, 5, 1, RejectReason.StaleData)]
    [InlineData(1, 5, 1, RejectReason.StaleData)]
    [InlineData(60, 90, -1, RejectReason.None)]
    [InlineData(60, 90, 0, RejectReason.None)]
    [InlineData(60, 90, 1, RejectReason.StaleData)]
    public void Price_may_be_five_seconds_old_or_half_more_than_its_feeds_interval(
        int interval, int seconds, int over, RejectReason expected)
    {
        var entry = Entry() with
        {
            Price = Given.Price(99m, 101m) with
            {
                FeedInterval = TimeSpan.FromSeconds(interval),
                Time = Given.Now - TimeSpan.FromSeconds(seconds) - (over * Tick),
            },
        };

        Assert.Equal(expected, Judge(entry));
    }

    [Theory]
    [InlineData(0, RejectReason.None)]
    [InlineData(1, RejectReason.FutureSignal)]
    public void Signal_may_be_five_seconds_ahead_under_any_limits(int over, RejectReason expected)
    {
        var entry = Entry();
        entry = entry with { Signal = entry.Signal with { Time = Given.Now + TimeSpan.FromSeconds(5) + (over * Tick) } };

        Assert.Equal(expected, Judge(entry));
        Assert.Equal(expected, RiskCheck.Entry(RiskLimits.Open, entry, default, 0m, Given.Now));
        Assert.Equal(
            RejectReason.None, Judge(entry, limits: RiskLimits.Conservative with { MaxSignalLead = TimeSpan.FromSeconds(6) }));
    }

    [Theory]
    [InlineData(0, RejectReason.None)]
    [InlineData(1, RejectReason.ExpiredSignal)]
    public void Signal_older_than_the_window_is_refused_under_any_limits(int over, RejectReason expected)
    {
        var entry = Entry();
        entry = entry with { Signal = entry.Signal with { Time = Given.Now - RiskCheck.SignalWindow - (over * Tick) } };

        Assert.Equal(expected, RiskCheck.Entry(RiskLimits.Open, entry, default, 0m, Given.Now));
        Assert.Equal(expected, Judge(entry, limits: RiskLimits.Conservative with { MaxSignalAge = TimeSpan.FromDays(2) }));
    }

    [Theory]
    [InlineData(0.0, null, 0.0, RejectReason.None)]
    [InlineData(0.6, null, 0.6, RejectReason.None)]
    [InlineData(0.6, null, 0.59, RejectReason.LowConfidence)]
    [InlineData(0.6, 0.2, 0.2, RejectReason.None)]
    [InlineData(0.0, 0.7, 0.69, RejectReason.LowConfidence)]
    public void Entry_is_as_confident_as_its_strategy_or_the_engine_asks(
        double engine, double? strategy, double confidence, RejectReason expected)
    {
        var limits = RiskLimits.Conservative with { MinConfidence = (decimal)engine };
        limits = strategy is null ? limits : limits with { MinConfidences = limits.MinConfidences.Add("trend", (decimal)strategy) };
        var entry = Entry();
        entry = entry with { Signal = entry.Signal with { Confidence = (decimal)confidence } };

        Assert.Equal(expected, Judge(entry, limits: limits));
    }

    [Fact]
    public void Entry_of_an_unknown_kind_of_asset_is_refused_under_any_limits()
    {
        var entry = Entry() with { Instrument = Given.Instrument("BTCUSD") with { AssetClass = AssetClass.Unknown } };

        Assert.Equal(RejectReason.UnknownAssetClass, Judge(entry));
        Assert.Equal(RejectReason.UnknownAssetClass, RiskCheck.Entry(RiskLimits.Open, entry, default, 0m, Given.Now));
    }

    [Fact]
    public void Entry_without_a_price_is_refused_as_stale() =>
        Assert.Equal(RejectReason.StaleData, Judge(Entry() with { Price = PriceView.None }));

    [Fact]
    public void Entry_needs_a_known_instrument_even_where_only_structure_is_checked()
    {
        var entry = Entry() with { Instrument = null };

        Assert.Equal(RejectReason.UnknownSymbol, Judge(entry));
        Assert.Equal(RejectReason.UnknownSymbol, RiskCheck.Entry(RiskLimits.Open, entry, default, 0m, Given.Now));
    }

    [Fact]
    public void Entry_needs_an_open_session() =>
        Assert.Equal(RejectReason.MarketClosed, Judge(Entry() with { IsSessionOpen = false }));

    [Fact]
    public void Single_entry_needs_a_stop_and_a_hedged_one_does_not()
    {
        var entry = Entry();
        var naked = entry with { Signal = entry.Signal with { StopLoss = null } };
        Assert.Equal(RejectReason.StopRequired, Judge(naked));
        Assert.Equal(RejectReason.None, RiskCheck.Entry(
            RiskLimits.Conservative with { IsStopRequired = false }, naked, default, Equity, Given.Now));

        var leg = new SignalLeg("BTCUSD", Side.Buy, 1m, 100m, null);
        Assert.Equal(RejectReason.StopRequired, Judge(naked with { Signal = naked.Signal with { Legs = [leg] } }));
        Assert.Equal(RejectReason.None, Judge(naked with { Signal = naked.Signal with { Legs = [leg, leg] } }));
    }

    [Fact]
    public void Limit_that_is_absent_refuses()
    {
        var limits = RiskLimits.Conservative;

        Assert.Equal(RejectReason.PositionLimit, Judge(Entry(), limits: limits with { MaxPositionShare = null }));
        Assert.Equal(RejectReason.GrossLimit, Judge(Entry(), limits: limits with { MaxGrossShare = null }));
        Assert.Equal(RejectReason.NetLimit, Judge(Entry(), limits: limits with { MaxNetShare = null }));
        Assert.Equal(RejectReason.PositionLimit, Judge(Entry(), limits: new RiskLimits { Name = "empty" }));
    }

    [Fact]
    public void Account_without_equity_enters_nothing() => Assert.Equal(RejectReason.PositionLimit,
        RiskCheck.Entry(RiskLimits.Conservative, Entry(buys: Epsilon), default, 0m, Given.Now));

    [Fact]
    public void Open_limits_pass_what_is_old_unpriced_closed_and_large()
    {
        var entry = Entry(buys: 1_000_000m) with { IsSessionOpen = false, Price = PriceView.None };

        Assert.Equal(RejectReason.None, RiskCheck.Entry(RiskLimits.Open, entry, default, 0m, Given.Now + TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData(-1, RejectReason.None)]
    [InlineData(0, RejectReason.None)]
    [InlineData(1, RejectReason.PositionLimit)]
    public void No_limits_let_pass_what_counters_cannot_hold(int over, RejectReason expected)
    {
        var notional = RiskCheck.MaxNotional + (over * Epsilon);

        Assert.Equal(expected, RiskCheck.Entry(RiskLimits.Open, Entry(buys: notional), default, 0m, Given.Now));
        Assert.Equal(expected, RiskCheck.Entry(RiskLimits.Open, Entry(sells: notional), default, 0m, Given.Now));
    }

    [Fact]
    public void First_check_that_fails_names_the_reason()
    {
        // Everything is wrong; one after the other is put right.
        var bad = Entry(buys: 2_000m) with { Instrument = null, IsSessionOpen = false, Price = PriceView.None };
        bad = bad with { Signal = bad.Signal with { Time = Given.Now - TimeSpan.FromDays(1), StopLoss = null } };
        List<RejectReason> reasons = [Judge(bad)];
        bad = bad with { Instrument = Given.Instrument("BTCUSD") };
        reasons.Add(Judge(bad));
        bad = bad with { Signal = bad.Signal with { Time = Given.Now } };
        reasons.Add(Judge(bad));
        bad = bad with { IsSessionOpen = true };
        reasons.Add(Judge(bad));
        bad = bad with { Price = Given.Price(99m, 101m) };
        reasons.Add(Judge(bad));
        reasons.Add(Judge(bad, limits: RiskLimits.Conservative with { MaxPositionShare = 10m }));
        reasons.Add(Judge(bad, limits: RiskLimits.Conservative with { MaxPositionShare = 10m, MaxGrossShare = 10m }));
        reasons.Add(Judge(bad with { BuyNotional = 1m }));

        Assert.Equal(
            [
                RejectReason.UnknownSymbol, RejectReason.ExpiredSignal, RejectReason.MarketClosed, RejectReason.StaleData,
                RejectReason.PositionLimit, RejectReason.GrossLimit, RejectReason.NetLimit, RejectReason.StopRequired,
            ],
            reasons);
    }

    [Fact]
    public void Codes_are_unique_and_upper_snake_case()
    {
        var reasons = Enum.GetValues<RejectReason>();

        Assert.Equal(reasons.Length, reasons.Select(reason => reason.Code()).Distinct().Count());
        Assert.Equal(reasons.Length, reasons.Select(reason => (int)reason).Distinct().Count());
        Assert.All(reasons, reason => Assert.Matches("^[A-Z]+(_[A-Z]+)*$", reason.Code()));
        Assert.Equal("STOP_REQUIRED", RejectReason.StopRequired.Code());
    }

    private static EntryRequest Entry(decimal buys = 10m, decimal sells = 0m) => new()
    {
        Signal = Given.Signal(stop: 90m),
        Instrument = Given.Instrument("BTCUSD"),
        Price = Given.Price(99m, 101m),
        IsSessionOpen = true,
        BuyNotional = buys,
        SellNotional = sells,
    };

    private static RejectReason Judge(EntryRequest entry, Exposure exposure = default, RiskLimits? limits = null) =>
        RiskCheck.Entry(limits ?? RiskLimits.Conservative, entry, exposure, Equity, Given.Now);
}
