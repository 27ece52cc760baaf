using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Risk;

/// <summary>Which order passes in which mode, and which command leads where: both tables in full.</summary>
public sealed class ModeTests
{
    [Theory]
    [InlineData(EngineMode.Running, true, true)]
    [InlineData(EngineMode.Paused, false, true)]
    [InlineData(EngineMode.ReduceOnly, false, true)]
    [InlineData(EngineMode.Stopping, false, true)]
    [InlineData(EngineMode.Stopped, false, false)]
    [InlineData(EngineMode.Killed, false, false)]
    [InlineData(EngineMode.KilledFlattening, false, true)]
    public void Mode_lets_pass_what_the_table_says(EngineMode mode, bool entries, bool exits)
    {
        Assert.Equal((entries, exits, true), (ModeTable.Allows(OrderClass.Entry, mode),
            ModeTable.Allows(OrderClass.Exit, mode), ModeTable.Allows(OrderClass.Cancel, mode)));
        foreach (var order in Enum.GetValues<OrderClass>())
        {
            Assert.Equal(ModeTable.Allows(order, mode), (ModeTable.Mask(order) & (1 << (int)mode)) != 0);
        }
    }

    [Fact]
    public void Masks_and_numbers_are_pinned_since_they_are_stored()
    {
        Assert.Equal((0b000_0001, 0b100_1111, 0b111_1111),
            (ModeTable.Mask(OrderClass.Entry), ModeTable.Mask(OrderClass.Exit), ModeTable.Mask(OrderClass.Cancel)));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], Enum.GetValues<EngineMode>().Select(mode => (int)mode));
    }

    [Fact]
    public void Order_of_no_class_is_a_broken_invariant() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ModeTable.Allows((OrderClass)9, EngineMode.Running));

    [Fact]
    public void Mode_without_a_name_and_side_that_is_none_are_broken_invariants()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ModeCommands.NameOf((EngineMode)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => HaltScopes.Symbol("EURUSD", (Side)9));
    }

    [Theory]
    [InlineData("start", EngineMode.Running, null, false)]
    [InlineData("start", EngineMode.Paused, EngineMode.Running, false)]
    [InlineData("start", EngineMode.ReduceOnly, EngineMode.Running, false)]
    [InlineData("start", EngineMode.Stopping, EngineMode.Running, false)]
    [InlineData("start", EngineMode.Stopped, EngineMode.Running, false)]
    [InlineData("start", EngineMode.Killed, null, true)]
    [InlineData("start", EngineMode.KilledFlattening, null, true)]
    [InlineData("resume", EngineMode.Running, null, false)]
    [InlineData("resume", EngineMode.Paused, EngineMode.Running, false)]
    [InlineData("resume", EngineMode.ReduceOnly, EngineMode.Running, false)]
    [InlineData("resume", EngineMode.Stopping, null, true)]
    [InlineData("resume", EngineMode.Stopped, null, true)]
    [InlineData("resume", EngineMode.Killed, null, true)]
    [InlineData("resume", EngineMode.KilledFlattening, null, true)]
    [InlineData("pause", EngineMode.Running, EngineMode.Paused, false)]
    [InlineData("pause", EngineMode.Paused, null, false)]
    [InlineData("pause", EngineMode.ReduceOnly, EngineMode.Paused, false)]
    [InlineData("pause", EngineMode.Stopping, null, true)]
    [InlineData("pause", EngineMode.Stopped, null, true)]
    [InlineData("pause", EngineMode.Killed, null, true)]
    [InlineData("pause", EngineMode.KilledFlattening, null, true)]
    [InlineData("stop", EngineMode.Running, EngineMode.Stopping, false)]
    [InlineData("stop", EngineMode.Paused, EngineMode.Stopping, false)]
    [InlineData("stop", EngineMode.ReduceOnly, EngineMode.Stopping, false)]
    [InlineData("stop", EngineMode.Stopping, EngineMode.Stopping, false)]
    [InlineData("stop", EngineMode.Stopped, null, false)]
    [InlineData("stop", EngineMode.Killed, null, true)]
    [InlineData("stop", EngineMode.KilledFlattening, null, true)]
    [InlineData("flatten", EngineMode.Running, EngineMode.ReduceOnly, false)]
    [InlineData("flatten", EngineMode.Paused, EngineMode.ReduceOnly, false)]
    [InlineData("flatten", EngineMode.ReduceOnly, EngineMode.ReduceOnly, false)]
    [InlineData("flatten", EngineMode.Stopping, null, false)]
    [InlineData("flatten", EngineMode.Stopped, null, true)]
    [InlineData("flatten", EngineMode.Killed, null, true)]
    [InlineData("flatten", EngineMode.KilledFlattening, null, true)]
    public void Command_leads_where_the_table_says(string action, EngineMode mode, EngineMode? next, bool isRefused)
    {
        var decision = ModeCommands.Decide(mode, action);

        Assert.Equal((next, isRefused), (decision.Next, decision.IsRefused));
        Assert.NotEmpty(decision.Reason);
    }

    [Fact]
    public void Kill_is_followed_in_every_mode_and_needs_no_reason()
    {
        foreach (var mode in Enum.GetValues<EngineMode>())
        {
            foreach (var isFlattening in new[] { false, true })
            {
                var target = isFlattening ? EngineMode.KilledFlattening : EngineMode.Killed;
                var decision = ModeCommands.Decide(mode, "kill", isFlattening);

                Assert.Equal((mode == target ? null : (EngineMode?)target, false), (decision.Next, decision.IsRefused));
                Assert.False(ModeTable.Allows(OrderClass.Entry, target));
                Assert.Equal(isFlattening, ModeTable.Allows(OrderClass.Exit, target));
                Assert.True(ModeTable.Allows(OrderClass.Cancel, target));
            }
        }
    }

    [Fact]
    public void Reset_leads_from_a_kill_with_a_reason_alone_and_to_reduce_only()
    {
        foreach (var mode in Enum.GetValues<EngineMode>())
        {
            Assert.Equal((null, true), Of(ModeCommands.Decide(mode, "reset")));
            Assert.Equal(
                ModeCommands.IsKilled(mode) ? (EngineMode.ReduceOnly, false) : (null, true),
                Of(ModeCommands.Decide(mode, "reset", hasReason: true)));
        }

        static (EngineMode?, bool) Of(ModeDecision decision) => (decision.Next, decision.IsRefused);
    }

    [Fact]
    public void Halts_of_several_parties_stand_beside_one_another_until_the_last_is_gone()
    {
        var now = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        var halts = HaltList.With([], new Halt("operator", "news"));
        halts = HaltList.With(halts, new Halt("reconciliation", "break", now));
        halts = HaltList.With(halts, new Halt("operator", "other news"));

        Assert.Equal([new("reconciliation", "break", now), new Halt("operator", "other news")], halts);
        Assert.Equal(halts, HaltList.WithoutEnded(halts, now.AddTicks(-1)));
        Assert.Equal("operator", Assert.Single(HaltList.WithoutEnded(halts, now)).By);
        Assert.Equal(halts, HaltList.Without(halts, "nobody"));
        Assert.Empty(HaltList.Without(HaltList.Without(halts, "operator"), "reconciliation"));
    }

    [Fact]
    public void Scopes_of_sides_are_told_from_symbols_with_slashes()
    {
        string[] scopes =
        [
            HaltScopes.Symbol("EUR/USD"), HaltScopes.Symbol("EUR/USD", Side.Buy), HaltScopes.Symbol("EUR/USD", Side.Sell),
            HaltScopes.Symbol("EUR/USD/buy"), HaltScopes.Strategy("trend"), HaltScopes.Strategy("trend", Side.Buy),
            HaltScopes.Tier(1), HaltScopes.Tier(1, Side.Sell), HaltScopes.Account("a"), HaltScopes.Account("a", "b/c"),
        ];

        Assert.Equal(scopes.Length, scopes.Distinct().Count());
        Assert.Equal(
            [RejectReason.SymbolHalted, RejectReason.SymbolHalted, RejectReason.SymbolHalted, RejectReason.SymbolHalted,
                RejectReason.StrategyHalted, RejectReason.StrategyHalted, RejectReason.TierHalted, RejectReason.TierHalted,
                RejectReason.AccountHalted, RejectReason.StrategyHalted],
            scopes.Select(HaltScopes.ReasonOf));
        Assert.Equal(("a", "b/c"), HaltScopes.AccountAndStrategyOf(scopes[^1]));
        Assert.All(scopes[..^1], scope => Assert.Null(HaltScopes.AccountAndStrategyOf(scope)));
        Assert.All(scopes[^2..], scope => Assert.Equal("a", HaltScopes.AccountOf(scope)));
        Assert.All(scopes[..^2], scope => Assert.Null(HaltScopes.AccountOf(scope)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("START")]
    [InlineData("restart")]
    public void Unknown_command_is_refused_in_every_mode(string action) => Assert.All(Enum.GetValues<EngineMode>(),
        mode => Assert.Equal((null, true), (ModeCommands.Decide(mode, action).Next, ModeCommands.Decide(mode, action).IsRefused)));

    [Fact]
    public void Names_of_modes_are_unique_lower_snake_case()
    {
        var names = Enum.GetValues<EngineMode>().Select(ModeCommands.NameOf).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[a-z]+(_[a-z]+)*$", name));
    }

    [Fact]
    public void Refusals_of_halts_and_modes_have_their_codes()
    {
        Assert.Equal(RejectReason.SymbolHalted, HaltScopes.ReasonOf(HaltScopes.Symbol("BTCUSD")));
        Assert.Equal(RejectReason.StrategyHalted, HaltScopes.ReasonOf(HaltScopes.Strategy("trend")));
        Assert.Equal(RejectReason.TierHalted, HaltScopes.ReasonOf(HaltScopes.Tier(1)));
        Assert.Equal(RejectReason.ReduceOnly, HaltScopes.ReasonOf(EngineMode.ReduceOnly));
        Assert.All(Enum.GetValues<EngineMode>().Where(mode => mode != EngineMode.ReduceOnly),
            mode => Assert.Equal(RejectReason.TradingHalted, HaltScopes.ReasonOf(mode)));
    }
}
