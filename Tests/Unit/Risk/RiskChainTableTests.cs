using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>Every class of order against every mode and every check, written down once more by hand.</summary>
public sealed class RiskChainTableTests
{
    private static readonly DateTimeOffset Now = GivenRisk.Now;

    /// <summary>For each check: what makes it refuse, and with which code.</summary>
    private static readonly Dictionary<RiskCheckId, (Func<Case, Case> Break, RejectReason Reason)> Breaks = new()
    {
        [RiskCheckId.Fields] = (c => c with { Order = c.Order with { IsOnStep = false } }, RejectReason.InvalidField),
        [RiskCheckId.Mode] = (c => c with { Facts = c.Facts with { Mode = EngineMode.Stopped } }, RejectReason.TradingHalted),
        [RiskCheckId.Ready] = (c => c with { Facts = c.Facts with { IsReady = false } }, RejectReason.NotReady),
        [RiskCheckId.Duplicate] = (c => c with { Facts = c.Facts with { IsDuplicate = true } }, RejectReason.Duplicate),
        [RiskCheckId.LookAlike] = (c => c with { Limits = c.Limits with { MaxLookAlikes = 0 } }, RejectReason.DuplicatePattern),
        [RiskCheckId.Expiry] = (c => c with { Order = c.Order with { SignalTime = Now - TimeSpan.FromHours(1) } }, RejectReason.ExpiredSignal),
        [RiskCheckId.Instrument] = (c => c with { Facts = c.Facts with { Instrument = null } }, RejectReason.UnknownSymbol),
        [RiskCheckId.Halt] = (c => c with { Facts = c.Facts with { Halted = Halted.Symbol } }, RejectReason.SymbolHalted),
        [RiskCheckId.Session] = (c => c with { Facts = c.Facts with { IsSessionOpen = false } }, RejectReason.MarketClosed),
        [RiskCheckId.PriceAge] = (c => c with { Facts = c.Facts with { Price = null } }, RejectReason.StaleData),
        [RiskCheckId.Market] = (c => c with { Limits = c.Limits with { MaxSpreadShare = 0m } }, RejectReason.BadMarket),
        [RiskCheckId.Collar] = (c => c with { Order = c.Order with { IsPriced = true, Price = 200m } }, RejectReason.PriceCollar),
        [RiskCheckId.Quantity] = (c => c with { Limits = c.Limits with { MaxQuantity = 0m } }, RejectReason.MaxQty),
        [RiskCheckId.Notional] = (c => c with { Limits = c.Limits with { MaxNotional = 0m } }, RejectReason.MaxNotional),
        [RiskCheckId.SmallNotional] = (c => c with { Order = c.Order with { OwnNotional = 0m }, Facts = c.Facts with { Instrument = c.Facts.Instrument is { } known ? known with { MinNotional = 1m } : null } }, RejectReason.MinNotional),
        [RiskCheckId.Position] = (c => c with { Limits = c.Limits with { MaxPositionShare = 0m } }, RejectReason.PositionLimit),
        [RiskCheckId.Exposure] = (c => c with { Limits = c.Limits with { MaxGrossShare = 0m } }, RejectReason.GrossLimit),
        [RiskCheckId.Budget] = (c => c with { Limits = c.Limits with { MaxTierShare = 0m } }, RejectReason.TierBudget),
        [RiskCheckId.Margin] = (c => c with { Limits = c.Limits with { MaxLeverage = 0m } }, RejectReason.InsufficientMargin),
        [RiskCheckId.Positions] = (c => c with { Limits = c.Limits with { MaxOpenPositions = 0 } }, RejectReason.MaxPositions),
        [RiskCheckId.Working] = (c => c with { Limits = c.Limits with { MaxWorkingOrders = 0 } }, RejectReason.MaxWorking),
        [RiskCheckId.Rate] = (c => c with { Limits = c.Limits with { MaxStrategyRate = 0m } }, RejectReason.RateLimit),
        [RiskCheckId.MessageRatio] = (c => c with { Limits = c.Limits with { MaxOrdersPerFill = 0 } }, RejectReason.OtrLimit),
        [RiskCheckId.Repetition] = (c => c with { Limits = c.Limits with { MaxRepeatedEntries = null } }, RejectReason.RaeThrottle),
        [RiskCheckId.Parent] = (c => c with { Order = c.Order with { ParentDone = 100m } }, RejectReason.ParentOverrun),
        [RiskCheckId.SelfTrade] = (c => c with { Facts = c.Facts with { OwnAsk = 1m } }, RejectReason.SelfTrade),
        [RiskCheckId.ReduceOnly] = (c => c with { Order = c.Order with { Held = 0m } }, RejectReason.ReduceOnlyIncreases),
        [RiskCheckId.Stop] = (c => c with { Order = c.Order with { StopLoss = null } }, RejectReason.StopRequired),
        [RiskCheckId.DailyLoss] = (c => c with { Facts = c.Facts with { DayStart = null } }, RejectReason.DailyLoss),
        [RiskCheckId.Drawdown] = (c => c with { Facts = c.Facts with { Peak = null } }, RejectReason.MaxDrawdown),
        [RiskCheckId.Streak] = (c => c with { Limits = c.Limits with { MaxLossesInRow = null } }, RejectReason.Cooldown),
        [RiskCheckId.Reconciliation] = (c => c with { Facts = c.Facts with { IsReconciled = false } }, RejectReason.ReconBreak),
        [RiskCheckId.Venue] = (c => c with { Facts = c.Facts with { IsVenueUp = false } }, RejectReason.VenueDown),
    };

    private static readonly HashSet<int> OfExits = [1, 2, 3, 4, 12, 25, 27];

    private static readonly HashSet<int> OfCancels = [2, 3, 4];

    private static readonly HashSet<int> Structural = [1, 2, 3, 4, 7, 25, 27];

    public static TheoryData<OrderClass, RiskCheckId, bool> ClassesAndChecks
    {
        get
        {
            var data = new TheoryData<OrderClass, RiskCheckId, bool>();
            foreach (var order in Enum.GetValues<OrderClass>())
            {
                foreach (var check in Enum.GetValues<RiskCheckId>())
                {
                    data.Add(order, check, false);
                    data.Add(order, check, true);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(ClassesAndChecks))]
    public void Order_of_a_class_meets_the_checks_of_its_class(OrderClass order, RiskCheckId check, bool isStructuralOnly)
    {
        var limits = GivenRisk.Limits with { IsStructuralOnly = isStructuralOnly };
        var (breakIt, reason) = Breaks[check];
        var broken = breakIt(new Case(GivenRisk.Of(order), GivenRisk.Facts, limits));
        var meets = order switch
        {
            OrderClass.Entry => true,
            OrderClass.Exit => OfExits.Contains((int)check),
            OrderClass.Cancel => OfCancels.Contains((int)check),
            _ => throw new InvalidOperationException(),
        };

        // Reduce-only is asked of exits alone, and a cancel passes in any mode.
        meets &= (!isStructuralOnly || Structural.Contains((int)check))
            && (check != RiskCheckId.ReduceOnly || order == OrderClass.Exit)
            && (check != RiskCheckId.Mode || order != OrderClass.Cancel);

        Assert.Equal(RejectReason.None, GivenRisk.Judge(GivenRisk.Of(order), limits: limits));
        Assert.Equal(meets ? reason : RejectReason.None, GivenRisk.Judge(broken.Order, broken.Facts, broken.Limits));
    }

    [Fact]
    public void First_check_that_fails_names_the_reason()
    {
        var all = Enum.GetValues<RiskCheckId>().Where(check => check != RiskCheckId.ReduceOnly).ToList();
        for (var first = 0; first < all.Count; first++)
        {
            // Everything from there on is wrong that can be wrong beside it.
            var broken = new Case(GivenRisk.Entry, GivenRisk.Facts, GivenRisk.Limits);
            foreach (var check in all.Skip(first).Where(check =>
                check == all[first] || check is not (RiskCheckId.PriceAge or RiskCheckId.Instrument)))
            {
                broken = Breaks[check].Break(broken);
            }

            Assert.Equal(Breaks[all[first]].Reason, GivenRisk.Judge(broken.Order, broken.Facts, broken.Limits));
        }
    }

    [Fact]
    public void Order_passes_in_the_modes_of_its_class_alone()
    {
        foreach (var order in Enum.GetValues<OrderClass>())
        {
            foreach (var mode in Enum.GetValues<EngineMode>())
            {
                var expected = (order, mode) switch
                {
                    (OrderClass.Cancel, _) or (_, EngineMode.Running) => RejectReason.None,
                    (OrderClass.Exit, EngineMode.Paused or EngineMode.ReduceOnly or EngineMode.Stopping
                        or EngineMode.KilledFlattening) => RejectReason.None,
                    (_, EngineMode.ReduceOnly) => RejectReason.ReduceOnly,
                    _ => RejectReason.TradingHalted,
                };
                foreach (var limits in (RiskLimits[])[GivenRisk.Limits, RiskLimits.Open])
                {
                    Assert.Equal(expected, GivenRisk.Judge(GivenRisk.Of(order), GivenRisk.Facts with { Mode = mode }, limits));
                }
            }
        }
    }

    [Fact]
    public void Every_code_of_the_chain_is_produced()
    {
        var produced = Breaks.Values.Select(pair => pair.Reason).ToHashSet();
        produced.Add(GivenRisk.Judge(facts: GivenRisk.Facts with { Mode = EngineMode.ReduceOnly }));
        produced.Add(GivenRisk.Judge(GivenRisk.Entry with { SignalTime = Now + TimeSpan.FromDays(1) }));
        produced.Add(GivenRisk.Judge(GivenRisk.Entry with { Confidence = -1m }));
        produced.Add(GivenRisk.Judge(facts: GivenRisk.Facts with { Instrument = Given.Instrument("BTCUSD") with { AssetClass = AssetClass.Unknown } }));
        produced.Add(GivenRisk.Judge(limits: GivenRisk.Limits with { IsRestricted = true }));
        produced.Add(GivenRisk.Judge(facts: GivenRisk.Facts with { Halted = Halted.Strategy | Halted.Tier }));
        produced.Add(GivenRisk.Judge(facts: GivenRisk.Facts with { Halted = Halted.Tier }));
        produced.Add(GivenRisk.Judge(limits: GivenRisk.Limits with { MaxNetShare = null }));
        produced.Add(GivenRisk.Judge(limits: GivenRisk.Limits with { MaxGroupShare = null }));
        produced.Add(GivenRisk.Judge(GivenRisk.Entry with { StopLoss = 100m }));
        produced.Add(GivenRisk.Judge(GivenRisk.Entry with { BuyNotional = null }));

        // Reading, planning, sizing, halts in the commit and the venue produce these.
        RejectReason[] others =
        [
            RejectReason.None, RejectReason.Malformed, RejectReason.UnknownAction, RejectReason.WrongPartition, RejectReason.NoPrice,
            RejectReason.NothingToClose, RejectReason.NoSize, RejectReason.AccountHalted, RejectReason.VenueRejected, RejectReason.NotFilled,
            RejectReason.RiskAgentRefused, RejectReason.RiskAgentSilent,
        ];
        Assert.Empty(Enum.GetValues<RejectReason>().Except(produced).Except(others));
    }

    [Fact]
    public void Entry_that_cannot_be_valued_is_refused_and_an_exit_is_not()
    {
        Assert.Equal(RejectReason.NoRate, GivenRisk.Judge(GivenRisk.Entry with { SellNotional = null }));
        Assert.Equal(RejectReason.NoRate, GivenRisk.Judge(facts: GivenRisk.Facts with { Equity = null }));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(GivenRisk.Exit, GivenRisk.Facts with { Equity = null }));
    }

    [Fact]
    public void Nothing_known_refuses_every_entry_and_lets_an_exit_pass_that_is_ready()
    {
        Assert.Equal(RejectReason.NotReady, GivenRisk.Judge(facts: default(RiskFacts)));
        Assert.Equal(RejectReason.None, GivenRisk.Judge(GivenRisk.Exit, new RiskFacts { IsReady = true }, RiskLimits.Empty));
    }

    [Fact]
    public void Open_limits_pass_what_is_old_unpriced_closed_restricted_and_large()
    {
        var order = GivenRisk.Entry with { OwnNotional = 1_000_000m, BuyNotional = null, StopLoss = null, Confidence = 0m };
        var facts = new RiskFacts { IsReady = true, Instrument = Given.Instrument("BTCUSD"), Halted = Halted.Symbol };

        Assert.Equal(RejectReason.None, GivenRisk.Judge(
            order, facts, RiskLimits.Open with { IsRestricted = true }, now: Now + TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Class_or_check_that_is_none_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RiskChecks.Of((OrderClass)9, false));
        Assert.Throws<ArgumentNullException>(() => RiskChain.Judge(GivenRisk.Entry, GivenRisk.Facts, null!, new RiskMemory(), Now));
        Assert.Throws<ArgumentNullException>(() => RiskChain.Judge(GivenRisk.Entry, GivenRisk.Facts, GivenRisk.Limits, null!, Now));
    }

    [Fact]
    public void Masks_are_written_as_ranges()
    {
        Assert.Equal("1-33", RiskChecks.Text(RiskChecks.All));
        Assert.Equal("1-4,7,25,27", RiskChecks.Text(RiskChecks.Structural));
        Assert.Equal("exit 1-4,12,25,27", RiskStamps.Exit);
        Assert.Equal("cancel 2-4", RiskStamps.Cancel);
        Assert.True(RiskChecks.Holds(RiskChecks.All, RiskCheckId.Venue));
        Assert.False(RiskChecks.Holds(RiskChecks.Structural, RiskCheckId.Venue));
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

    private sealed record Case(RiskOrder Order, RiskFacts Facts, RiskLimits Limits);
}
