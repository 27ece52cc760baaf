using TradingEngine.Trading.Market;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Simulation;

public sealed class DemoStrategiesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 19, 12, 0, 0, TimeSpan.Zero);
    private static readonly DemoOptions s_default = new();

    [Fact]
    public void Default_market_at_one_second_bars_brings_a_signal_every_few_seconds_from_the_start()
    {
        var signals = Run(s_default, new SimulatedMarketOptions(), TimeSpan.FromMinutes(10));
        Assert.InRange(signals.Count, 60, 400);
        Assert.InRange(signals.Count(signal => signal.Time < s_start.AddMinutes(1)), 5, 60);
        Assert.Equal(
            [DemoStrategies.Breakout, DemoStrategies.MeanReversion, DemoStrategies.Trend],
            signals.Select(signal => signal.Strategy).Distinct().Order());
        Assert.Equal(8, signals.Select(signal => signal.Symbol).Distinct().Count());
        Assert.Equal([SignalAction.Buy, SignalAction.Sell], signals.Select(signal => signal.Action).Distinct().Order());
    }

    [Fact]
    public void Signal_has_its_levels_on_the_right_sides_in_ticks_and_a_size_in_steps()
    {
        foreach (var signal in Run(s_default, new SimulatedMarketOptions { Seed = 5 }, TimeSpan.FromMinutes(10)))
        {
            var instrument = InstrumentCatalog.Default.Find(signal.Symbol)!;
            var sign = signal.Action == SignalAction.Buy ? 1m : -1m;
            Assert.True(signal.StopLoss * sign < signal.EntryPrice * sign && signal.EntryPrice * sign < signal.TakeProfit * sign);
            Assert.Equal((0m, 0m), (signal.StopLoss!.Value % instrument.TickSize, signal.TakeProfit!.Value % instrument.TickSize));
            Assert.Equal(0m, signal.Quantity % instrument.LotStep);
            Assert.InRange(signal.Quantity * instrument.ContractSize * signal.EntryPrice!.Value, 700m, 2_000m);
            Assert.InRange(signal.Confidence, 0.5m, 0.95m);
            Assert.True(signal.StopLoss > 0m);
        }
    }

    [Fact]
    public void Stop_or_target_is_met_within_minutes()
    {
        // Followed on the market that gave the signals, until both the last signal and its exit are known.
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        var open = new List<StrategySignal>();
        var durations = new List<TimeSpan>();
        foreach (var (quote, given) in Drive(market, s_default, TimeSpan.FromMinutes(20)))
        {
            open.RemoveAll(signal =>
            {
                var isMet = signal.Symbol == quote.Symbol && (signal.Action == SignalAction.Buy
                    ? quote.Bid <= signal.StopLoss || quote.Bid >= signal.TakeProfit
                    : quote.Ask >= signal.StopLoss || quote.Ask <= signal.TakeProfit);
                if (isMet)
                {
                    durations.Add(quote.Time - signal.Time);
                }

                return isMet;
            });
            open.AddRange(given);
        }

        Assert.True(durations.Count > open.Count * 5, $"{durations.Count} met, {open.Count} not");
        durations.Sort();
        Assert.InRange(durations[durations.Count / 2].TotalSeconds, 3d, 300d);
    }

    [Fact]
    public void Same_input_gives_the_same_signals_and_ids_are_unique_and_hang_on_the_seed()
    {
        var signals = Run(s_default, new SimulatedMarketOptions(), TimeSpan.FromMinutes(3));
        Assert.Equal(signals, Run(s_default, new SimulatedMarketOptions(), TimeSpan.FromMinutes(3)));
        Assert.Equal(signals.Count, signals.Select(signal => signal.SignalId).Distinct().Count());
        var other = Run(s_default, new SimulatedMarketOptions(), TimeSpan.FromMinutes(3), seed: 2);
        Assert.Equal(signals.Select(signal => signal with { SignalId = "" }), other.Select(signal => signal with { SignalId = "" }));
        Assert.Empty(signals.Select(signal => signal.SignalId).Intersect(other.Select(signal => signal.SignalId)));
    }

    [Fact]
    public void History_warms_and_gives_no_signal()
    {
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        var strategies = Created("BTCUSD", s_default, TimeSpan.FromSeconds(1));
        var history = market.History("BTCUSD", 3_000, TimeSpan.FromSeconds(1), s_start);
        Assert.All(history, bar => Assert.Empty(Given(strategies, bar)));
        Assert.NotEmpty(Drive(market, s_default, TimeSpan.FromMinutes(5)).SelectMany(step => step.Signals));
    }

    [Fact]
    public void Strategy_is_silent_for_its_cooldown()
    {
        var signals = Run(s_default with { CooldownBars = 20 }, new SimulatedMarketOptions(), TimeSpan.FromMinutes(10));
        foreach (var same in signals.GroupBy(signal => (signal.Symbol, signal.Strategy)))
        {
            var times = same.Select(signal => signal.Time).ToList();
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public void Breakout_on_bars_goes_the_way_of_the_break_at_the_close()
    {
        var strategies = Created("BTCUSD", s_default, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 60; i++)
        {
            Assert.DoesNotContain(
                Given(strategies, BarAt(i, 100m + (i % 2))), given => given.Strategy == DemoStrategies.Breakout);
        }

        var signal = Assert.Single(Given(strategies, BarAt(60, 110m)), signal => signal.Strategy == DemoStrategies.Breakout);
        Assert.Equal((SignalAction.Buy, 110m, s_start.AddMinutes(60)), (signal.Action, signal.EntryPrice, signal.Time));
    }

    [Fact]
    public void Update_of_another_symbol_is_refused() => Assert.Throws<ArgumentException>(() =>
        Given(Created("ETHUSD", s_default, TimeSpan.FromMinutes(1)), BarAt(0, 1m)));

    [Fact]
    public void Name_is_taken_once_and_well_formed()
    {
        var registry = new StrategyRegistry();
        DemoStrategies.AddTo(registry);
        var create = registry.Entries[0].Create;

        Assert.Equal("there is a strategy 'breakout' already",
            Assert.Throws<ArgumentException>(() => registry.Add(DemoStrategies.Breakout, create)).Message);
        Assert.All(["", "Trend", "a b", "a\n", new string('a', 65)], name =>
            Assert.Throws<ArgumentException>(() => registry.Add(name, create)));
        Assert.Equal(
            [DemoStrategies.Trend, DemoStrategies.MeanReversion, DemoStrategies.Breakout],
            registry.Entries.Select(entry => entry.Name));
    }

    private static List<StrategySignal> Run(
        DemoOptions options, SimulatedMarketOptions market, TimeSpan length, ulong seed = 1) =>
        [.. Drive(new SimulatedMarket(market), options, length, seed).SelectMany(step => step.Signals)];

    private static List<IStrategy> Created(string symbol, DemoOptions options, TimeSpan bars, ulong seed = 1)
    {
        var registry = new StrategyRegistry();
        DemoStrategies.AddTo(registry, options);
        var context = new StrategyContext
        {
            Instrument = InstrumentCatalog.Default.Find(symbol)!, BarInterval = bars, Seed = seed,
        };
        return [.. registry.Entries.Select(entry => entry.Create(context))];
    }

    private static List<StrategySignal> Given(List<IStrategy> strategies, MarketUpdate update) =>
        [.. strategies.SelectMany(strategy => strategy.OnMarket(update))];

    /// <summary>Warms all symbols from history, then runs four quotes a second.</summary>
    private static IEnumerable<(MarketUpdate Quote, IReadOnlyList<StrategySignal> Signals)> Drive(
        SimulatedMarket market, DemoOptions options, TimeSpan length, ulong seed = 1)
    {
        var interval = TimeSpan.FromSeconds(1);
        var strategies = market.Instruments.ToDictionary(i => i.Symbol, i => Created(i.Symbol, options, interval, seed));
        foreach (var (symbol, strategy) in strategies)
        {
            foreach (var bar in market.History(symbol, 200, interval, s_start))
            {
                Assert.Empty(Given(strategy, bar));
            }
        }

        for (var at = TimeSpan.Zero; at < length; at += TimeSpan.FromMilliseconds(250))
        {
            foreach (var quote in market.Step(s_start + at))
            {
                yield return (quote, Given(strategies[quote.Symbol], quote));
            }
        }
    }

    private static MarketUpdate BarAt(int minute, decimal close) => new(
        "BTCUSD", AssetClass.Crypto, s_start.AddMinutes(minute), close, close,
        new Bar(close, close, close, close, 1m, TimeSpan.FromMinutes(1)), "test");
}
