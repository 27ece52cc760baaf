using System.Collections.Immutable;
using TradingEngine.Agents.Hosting;
using TradingEngine.Agents.Strategies;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Simulation;

/// <summary>Strategies that do not behave, beside one that does.</summary>
public sealed class StrategyRunnerTests
{
    private readonly StrategyRegistry _registry = new();
    private readonly List<string> _failed = [];

    [Fact]
    public void Strategy_that_fails_is_told_once_and_its_neighbours_go_on()
    {
        _registry.Add("throws", _ => new Fake(_ => throw new InvalidOperationException("broken")));
        _registry.Add("never_made", _ => throw new InvalidOperationException("broken"));
        _registry.Add("lies", context => new Fake(_ => [SignalOf("good", context.Instrument.Symbol)]));
        _registry.Add("elsewhere", _ => new Fake(_ => [SignalOf("elsewhere", "EURUSD")]));
        _registry.Add("hold", context => new Fake(_ =>
            [SignalOf("hold", context.Instrument.Symbol) with { Action = SignalAction.Hold }]));
        _registry.Add("good", context => new Fake(_ => [SignalOf("good", context.Instrument.Symbol)]));
        var runner = new StrategyRunner(
            new AgentOptions { Strategies = _registry }, TimeSpan.FromMinutes(1), (strategy, symbol, _) => _failed.Add(strategy + " " + symbol));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["good"], runner.OnMarket(PriceOf("BTCUSD")).Select(signal => signal.Strategy));
        }

        Assert.Equal(["never_made BTCUSD", "throws BTCUSD", "lies BTCUSD", "elsewhere BTCUSD", "hold BTCUSD"], _failed);
    }

    [Fact]
    public void Symbol_that_is_not_known_gives_nothing()
    {
        _registry.Add("good", context => new Fake(_ => [SignalOf("good", context.Instrument.Symbol)]));
        var runner = new StrategyRunner(
            new AgentOptions { Strategies = _registry }, TimeSpan.FromMinutes(1), (strategy, _, _) => _failed.Add(strategy));

        Assert.Empty(runner.OnMarket(PriceOf("NO SUCH THING")));
        Assert.Empty(_failed);
    }

    private static MarketUpdate PriceOf(string symbol) =>
        new(symbol, AssetClass.Unknown, Given.Now, 100m, 101m, null, "test");

    private static StrategySignal SignalOf(string strategy, string symbol) => new()
    {
        SignalId = "s1", Strategy = strategy, Symbol = symbol, Action = SignalAction.Buy, Quantity = 1m, Time = Given.Now,
    };

    private sealed class Fake(Func<MarketUpdate, ImmutableArray<StrategySignal>> answer) : IStrategy
    {
        public ImmutableArray<StrategySignal> OnMarket(MarketUpdate update) => answer(update);
    }
}
