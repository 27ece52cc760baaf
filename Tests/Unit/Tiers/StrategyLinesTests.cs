using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Tiers;
using TradingEngine.Trading.Risk;
using Xunit;

namespace TradingEngine.Tests.Unit.Tiers;

/// <summary>How a tier hands signals to strategies.</summary>
public sealed class StrategyLinesTests
{
    private static readonly SignalOutcome Taken = new(SignalResult.Accepted, RejectReason.None, null);

    [Fact]
    public async Task Strategy_of_a_silo_that_is_gone_is_called_again_before_those_that_came_after()
    {
        var calls = new List<int>();
        var lines = new StrategyLines((_, inputs) =>
        {
            calls.Add(inputs.Length);
            return calls.Count < 3
                ? Task.FromException<ImmutableArray<SignalOutcome>>(new SiloUnavailableException())
                : Task.FromResult<ImmutableArray<SignalOutcome>>([.. inputs.Select(_ => Taken)]);
        });

        var first = lines.HandOnAsync("a", [null!]);
        var second = lines.HandOnAsync("a", [null!, null!]);

        Assert.Equal([Taken], await first);
        Assert.Equal([Taken, Taken], await second);
        Assert.Equal([1, 1, 1, 2], calls);
    }

    [Fact]
    public async Task Failure_of_a_strategy_is_told_at_once_and_the_line_goes_on()
    {
        var calls = 0;
        var lines = new StrategyLines((_, inputs) => ++calls == 1
            ? Task.FromException<ImmutableArray<SignalOutcome>>(new InvalidOperationException("its own"))
            : Task.FromResult<ImmutableArray<SignalOutcome>>([.. inputs.Select(_ => Taken)]));

        await Assert.ThrowsAsync<InvalidOperationException>(() => lines.HandOnAsync("a", [null!]));
        Assert.Equal([Taken], await lines.HandOnAsync("a", [null!]));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Strategy_that_stays_away_is_given_up()
    {
        var lines = new StrategyLines((_, _) =>
            Task.FromException<ImmutableArray<SignalOutcome>>(new SiloUnavailableException()));

        await Assert.ThrowsAsync<SiloUnavailableException>(() => lines.HandOnAsync("a", [null!]));
    }
}
