using CsCheck;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>Checks that ask for what was before: rates, equal orders, repetition, rows, own levels.</summary>
public sealed class RiskMemoryTests
{
    private static readonly DateTimeOffset Now = GivenRisk.Now;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly RiskMemory _memory = new();

    private DateTimeOffset _now = Now;

    [Fact]
    public void Three_equal_orders_pass_within_a_second()
    {
        Assert.Equal([RejectReason.None, RejectReason.None, RejectReason.None, RejectReason.DuplicatePattern], Send(4));
        Assert.Equal(RejectReason.None, One(GivenRisk.Entry with { Quantity = 0.2m, ParentQuantity = 1m }));
        Assert.Equal(RejectReason.None, One(GivenRisk.Entry with { Side = Side.Sell, StopLoss = 110m }));
        Assert.Equal(RejectReason.None, One(GivenRisk.Entry with { Symbol = "ETHUSD" }));
        Assert.Equal(RejectReason.None, One(GivenRisk.Entry with { Price = 100.01m }));
        _now += TimeSpan.FromSeconds(1) - Tick;
        Assert.Equal(RejectReason.DuplicatePattern, One());
        _now += Tick;
        Assert.Equal(RejectReason.None, One());
    }

    [Theory]
    [InlineData(19, RejectReason.None)]
    [InlineData(20, RejectReason.RateLimit)]
    [InlineData(21, RejectReason.RateLimit)]
    public void Strategy_sends_twenty_orders_at_once_and_ten_a_second(int before, RejectReason expected)
    {
        for (var i = 0; i < before; i++)
        {
            Note(Different(i));
        }

        Assert.Equal(expected, Ask(Different(-1), GivenRisk.Limits with { MaxRepeatedEntries = 100 }));
        _now += TimeSpan.FromSeconds(0.1) - Tick;
        Assert.Equal(expected, Ask(Different(-2), GivenRisk.Limits with { MaxRepeatedEntries = 100 }));
        _now += TimeSpan.FromSeconds(0.2);
        Assert.Equal(RejectReason.None, Ask(Different(-2), GivenRisk.Limits with { MaxRepeatedEntries = 100 }));
    }

    [Fact]
    public void Refusals_by_the_rate_are_counted_for_the_running_minute()
    {
        _memory.Note(GivenRisk.Entry, RejectReason.RateLimit, GivenRisk.Limits, _now);
        _memory.Note(GivenRisk.Entry, RejectReason.RateLimit, GivenRisk.Limits, _now);
        _memory.Note(GivenRisk.Entry, RejectReason.StaleData, GivenRisk.Limits, _now);
        Assert.Equal(2, _memory.Find(GivenRisk.Entry.Strategy)!.RateRefusals(_now));
        _now += TimeSpan.FromMinutes(1);
        Assert.Equal(0, _memory.Find(GivenRisk.Entry.Strategy)!.RateRefusals(_now));
        _memory.Note(GivenRisk.Entry, RejectReason.RateLimit, GivenRisk.Limits, _now);
        Assert.Equal(1, _memory.Find(GivenRisk.Entry.Strategy)!.RateRefusals(_now));
    }

    [Theory]
    [InlineData(99, RejectReason.None)]
    [InlineData(100, RejectReason.RateLimit)]
    [InlineData(101, RejectReason.RateLimit)]
    public void Account_sends_a_hundred_orders_at_once(int before, RejectReason expected)
    {
        for (var i = 0; i < before; i++)
        {
            Note(Different(i) with { Strategy = $"s{i}" });
        }

        Assert.Equal(expected, Ask(Different(-1)));
    }

    [Theory]
    [InlineData(98, 0, RejectReason.None)]
    [InlineData(99, 0, RejectReason.None)]
    [InlineData(100, 0, RejectReason.OtrLimit)]
    [InlineData(100, 1, RejectReason.OtrLimit)]
    [InlineData(199, 2, RejectReason.None)]
    [InlineData(200, 2, RejectReason.OtrLimit)]
    public void A_hundred_orders_are_sent_for_each_fill(int before, int fills, RejectReason expected)
    {
        var limits = GivenRisk.Limits with { MaxRepeatedEntries = 1_000 };
        for (var i = 0; i < before; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Note(Different(i));
        }

        _memory.Note(new StrategyOutcome("trend", fills, 0, 0, 0), limits, _now);
        Assert.Equal(expected, Ask(Fresh(), limits));
        _now += TimeSpan.FromMinutes(StrategyFlow.Minutes);
        Assert.Equal(RejectReason.None, Ask(Fresh(), limits));

        RiskOrder Fresh() => Different(-1);
    }

    [Theory]
    [InlineData(19, RejectReason.None)]
    [InlineData(20, RejectReason.RaeThrottle)]
    public void Twenty_entries_pass_without_a_fill(int before, RejectReason expected)
    {
        for (var i = 0; i < before; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Note(Different(i));
        }

        _now += TimeSpan.FromSeconds(1);
        Assert.Equal(expected, One(Different(-1)));
    }

    [Fact]
    public void Repetition_is_forgiven_by_a_fill_before_and_only_by_an_operator_after_it_was_refused()
    {
        for (var i = 0; i < 20; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Note(Different(i));
        }

        _memory.Note(new StrategyOutcome("trend", 1, 0, 0, 0), GivenRisk.Limits, _now);
        for (var i = 0; i < 20; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            Assert.Equal(RejectReason.None, One(Different(i)));
        }

        _now += TimeSpan.FromSeconds(1);
        Assert.Equal(RejectReason.RaeThrottle, One(Different(-1)));
        _memory.Note(new StrategyOutcome("trend", 1, 0, 0, 0), GivenRisk.Limits, _now);
        Assert.Equal(RejectReason.RaeThrottle, One(Different(-1)));
        Assert.Equal(RejectReason.None, One(Different(-1) with { Strategy = "other" }));
        Assert.NotNull(Breakers.Repetition("trend", _memory.Find("trend")!));
        _memory.Release("trend");
        _memory.Release("nobody");
        Assert.Equal(RejectReason.None, One(Different(-1)));
        Assert.Null(Breakers.Repetition("trend", _memory.Find("trend")!));
    }

    [Fact]
    public void Overrun_latches_entries_and_no_exit()
    {
        Assert.Equal(RejectReason.ParentOverrun, One(GivenRisk.Entry with { ChildQuantity = 1m }));
        Assert.Equal(RejectReason.ParentOverrun, One());
        Assert.Equal(RejectReason.None, Ask(GivenRisk.Exit));
        Assert.Equal(RejectReason.ParentOverrun, Breakers.Repetition("trend", _memory.Find("trend")!)!.Code);
        _memory.Release("trend");
        Assert.Equal(RejectReason.None, One());
    }

    [Theory]
    [InlineData(4, 0, RejectReason.None)]
    [InlineData(5, 0, RejectReason.Cooldown)]
    [InlineData(6, 0, RejectReason.Cooldown)]
    [InlineData(0, 9, RejectReason.None)]
    [InlineData(0, 10, RejectReason.Cooldown)]
    [InlineData(0, 11, RejectReason.Cooldown)]
    public void Losses_and_refusals_in_a_row_cool_down_for_a_quarter_of_an_hour(int losses, int refusals, RejectReason expected)
    {
        for (var i = 0; i < Math.Max(losses, refusals); i++)
        {
            _memory.Note(new StrategyOutcome("trend", 0, 0, i < losses ? 1 : 0, i < refusals ? 1 : 0), GivenRisk.Limits, _now);
        }

        Assert.Equal(expected, Ask(GivenRisk.Entry));
        Assert.Equal(expected != RejectReason.None, Breakers.Streak("trend", _memory.Find("trend")!, _now) is not null);
        _now += TimeSpan.FromMinutes(15) - Tick;
        Assert.Equal(expected, Ask(Current()));
        _now += Tick;
        Assert.Equal(RejectReason.None, Ask(Current()));

        RiskOrder Current() => GivenRisk.Entry with { SignalTime = _now };
    }

    [Fact]
    public void Win_ends_a_row_of_losses_and_a_fill_one_of_refusals()
    {
        for (var i = 0; i < 20; i++)
        {
            _memory.Note(new StrategyOutcome("trend", i % 2, i % 2, 2, 1), GivenRisk.Limits, _now);
            Assert.Equal(RejectReason.None, Ask(GivenRisk.Entry));
        }
    }

    [Fact]
    public void Own_levels_are_kept_until_nothing_works_on_their_side()
    {
        var ask = GivenRisk.Entry with { Side = Side.Sell, IsPriced = true, Price = 101m, StopLoss = 110m };
        Note(ask);
        Note(ask with { Price = 100.5m });
        Note(ask with { Price = 102m });
        Note(GivenRisk.Entry with { IsPriced = true, Price = 99m });
        Note(GivenRisk.Entry with { IsPriced = false, Price = 99.9m });
        Assert.Equal((99m, 100.5m), _memory.LevelsOf("BTCUSD"));
        _memory.Working("BTCUSD", isBuying: true, isSelling: true);
        Assert.Equal((99m, 100.5m), _memory.LevelsOf("BTCUSD"));
        _memory.Working("BTCUSD", isBuying: true, isSelling: false);
        Assert.Equal((99m, 0m), _memory.LevelsOf("BTCUSD"));
        _memory.Working("BTCUSD", isBuying: false, isSelling: true);
        Assert.Equal((0m, 0m), _memory.LevelsOf("BTCUSD"));
        _memory.Working("ETHUSD", isBuying: true, isSelling: true);
        Note(ask with { IsQuote = true, Price = 100m });
        Assert.Equal((100m, 100m), _memory.LevelsOf("BTCUSD"));
    }

    [Fact]
    public void Memory_of_strategies_symbols_and_orders_is_bounded()
    {
        for (var i = 0; i < RiskMemory.MaxStrategies; i++)
        {
            Note(Different(i) with { Strategy = $"s{i}", Symbol = $"S{i}", IsPriced = true });
        }

        Note(Different(0) with { Strategy = "beyond" });
        _memory.Note(new StrategyOutcome("beyond", 1, 0, 0, 0), GivenRisk.Limits, _now);
        _memory.Note(GivenRisk.Entry with { Strategy = "beyond" }, RejectReason.RaeThrottle, GivenRisk.Limits, _now);
        _memory.Note(GivenRisk.Entry with { Strategy = "beyond" }, RejectReason.RateLimit, GivenRisk.Limits, _now);
        Assert.Equal(RiskMemory.MaxStrategies, _memory.Flows.Count);
        var roomy = GivenRisk.Limits with { MaxAccountRate = 10_000m, MaxLookAlikes = int.MaxValue };
        Assert.Equal(RejectReason.DuplicatePattern, Ask(Different(-1) with { Strategy = "beyond" }, GivenRisk.Limits));
        _now += TimeSpan.FromSeconds(30);
        Assert.Equal(RejectReason.RateLimit, Ask(Different(-1) with { Strategy = "beyond", SignalTime = _now }, roomy));
        Assert.Equal(RejectReason.None, Ask(Different(-1) with { Strategy = "s7", SignalTime = _now }, roomy));

        // One that owes nothing and was quiet for long gives way.
        _memory.Release("s7");
        _now += TimeSpan.FromMinutes(11);
        Assert.Equal(RejectReason.None, One(Different(-1) with { Strategy = "beyond", SignalTime = _now }, roomy));
        Assert.Null(_memory.Find("s7"));
        Assert.NotNull(_memory.Find("beyond"));
        for (var i = 0; i < RiskMemory.MaxSymbols; i++)
        {
            Note(Different(i) with { Strategy = "s1", Symbol = $"T{i}", IsPriced = true });
        }

        Assert.Equal(default, _memory.LevelsOf($"T{RiskMemory.MaxSymbols - 1}"));
    }

    [Fact]
    public void Exits_and_structural_limits_leave_no_trace()
    {
        _memory.Note(GivenRisk.Exit, RejectReason.None, GivenRisk.Limits, _now);
        _memory.Note(GivenRisk.Entry, RejectReason.None, RiskLimits.Open, _now);
        _memory.Note(GivenRisk.Entry, RejectReason.StaleData, GivenRisk.Limits, _now);

        Assert.Empty(_memory.Flows);
        Assert.Equal(0, _memory.LookAlikes(GivenRisk.Entry, TimeSpan.FromSeconds(1), _now));
    }

    [Fact]
    public void Limits_that_are_absent_count_no_rate()
    {
        _memory.Note(GivenRisk.Entry, RejectReason.None, RiskLimits.Empty, _now);

        Assert.True(_memory.Rate.Lets(1, 1m, 1m, _now));
    }

    [Fact]
    public void Equal_orders_are_counted_as_a_list_counts_them() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 400]).List[0, 700].Sample(steps =>
        {
            var memory = new RiskMemory();
            var model = new List<(int Symbol, DateTimeOffset Time)>();
            var now = Now;
            var window = TimeSpan.FromSeconds(1);
            foreach (var (symbol, milliseconds) in steps)
            {
                now += TimeSpan.FromMilliseconds(milliseconds / 10);
                var order = GivenRisk.Entry with { Symbol = $"S{symbol}" };
                var recent = model.Where(seen => seen.Time > now - window).ToList();
                var expected = recent.Count >= 512 ? int.MaxValue : recent.Count(seen => seen.Symbol == symbol);
                Assert.Equal(expected, memory.LookAlikes(order, window, now));
                memory.Note(order, RejectReason.None, GivenRisk.Limits, now);
                model.Add((symbol, now));
            }
        });

    [Fact]
    public void Orders_and_fills_are_counted_as_a_list_counts_them() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 200], Gen.Bool).List[0, 100].Sample(steps =>
        {
            var memory = new RiskMemory();
            var model = new List<(int Messages, int Fills, long Minute)>();
            var now = Now;
            foreach (var (count, seconds, isFill) in steps)
            {
                now += TimeSpan.FromSeconds(seconds);
                var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
                if (isFill)
                {
                    memory.Note(new StrategyOutcome("trend", count, 0, 0, 0), GivenRisk.Limits, now);
                    model.Add((0, count, minute));
                }
                else
                {
                    memory.Note(GivenRisk.Entry with { Orders = count }, RejectReason.None, GivenRisk.Limits, now);
                    model.Add((count, 0, minute));
                }

                var recent = model.Where(seen => seen.Minute > minute - StrategyFlow.Minutes).ToList();
                Assert.Equal(
                    (recent.Sum(seen => seen.Messages), recent.Sum(seen => seen.Fills)), memory.Find("trend")!.Counts(now));
            }
        });

    [Fact]
    public void Clock_that_went_back_forgets_nothing()
    {
        Note(GivenRisk.Entry);
        _now -= TimeSpan.FromHours(1);
        Note(GivenRisk.Entry);

        Assert.Equal((2, 0), _memory.Find("trend")!.Counts(Now));
    }

    private static RiskOrder Different(int number) =>
        GivenRisk.Entry with { Price = 100m + (number * 0.001m), SignalTime = Now + TimeSpan.FromMinutes(1), IsPriced = false };

    private List<RejectReason> Send(int count) => [.. Enumerable.Range(0, count).Select(_ => One())];

    private RejectReason One(RiskOrder? order = null, RiskLimits? limits = null)
    {
        var judged = Ask(order ?? GivenRisk.Entry, limits);
        _memory.Note(Timed(order ?? GivenRisk.Entry), judged, limits ?? GivenRisk.Limits, _now);
        return judged;
    }

    private RejectReason Ask(RiskOrder order, RiskLimits? limits = null) => GivenRisk.Judge(
        Timed(order), GivenRisk.Facts with { Price = GivenRisk.Price with { Time = _now } }, limits, _memory, _now);

    private RiskOrder Timed(RiskOrder order) => order with { SignalTime = _now };

    private void Note(RiskOrder order) => _memory.Note(order, RejectReason.None, GivenRisk.Limits, _now);
}
