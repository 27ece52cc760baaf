using TradingEngine.Trading.Market;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Simulation;
using Xunit;

namespace TradingEngine.Tests.Unit.Simulation;

public sealed class DemoStrategiesTests
{
    private static readonly DateTimeOffset s_start = new(2026, 8, 19, 12, 0, 0, TimeSpan.Zero);
    private static readonly DemoOptions s_seconds = new() { BarInterval = TimeSpan.FromSeconds(1) };

    [Fact]
    public void Default_market_at_one_second_bars_brings_a_signal_every_few_seconds_from_the_start()
    {
        var signals = Run(s_seconds, new SimulatedMarketOptions(), TimeSpan.FromMinutes(10));
        Assert.InRange(signals.Count, 60, 400);
        Assert.InRange(signals.Count(signal => signal.Time < s_start.AddMinutes(1)), 5, 60);
        Assert.Equal(
            [DemoStrategyNames.Breakout, DemoStrategyNames.MeanReversion, DemoStrategyNames.Trend],
            signals.Select(signal => signal.Strategy).Distinct().Order());
        Assert.Equal(8, signals.Select(signal => signal.Symbol).Distinct().Count());
        Assert.Equal([Side.Buy, Side.Sell], signals.Select(signal => signal.Action).Distinct().Order());
    }

    [Fact]
    public void Signal_has_its_levels_on_the_right_sides_in_ticks_and_a_size_in_steps()
    {
        foreach (var signal in Run(s_seconds, new SimulatedMarketOptions { Seed = 5 }, TimeSpan.FromMinutes(10)))
        {
            var instrument = InstrumentCatalog.Default.Find(signal.Symbol)!;
            var sign = signal.Action == Side.Buy ? 1m : -1m;
            Assert.True(signal.StopLoss * sign < signal.EntryPrice * sign && signal.EntryPrice * sign < signal.TakeProfit * sign);
            Assert.Equal((0m, 0m), (signal.StopLoss % instrument.TickSize, signal.TakeProfit % instrument.TickSize));
            Assert.Equal(0m, signal.Quantity % instrument.LotStep);
            Assert.InRange(signal.Quantity * instrument.ContractSize * signal.EntryPrice, 700m, 2_000m);
            Assert.InRange(signal.Confidence, 0.5m, 0.95m);
            Assert.True(signal.StopLoss > 0m);
        }
    }

    [Fact]
    public void Stop_or_target_is_met_within_minutes()
    {
        // Followed on the market that gave the signals, until both the last signal and its exit are known.
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        var open = new List<DemoSignal>();
        var durations = new List<TimeSpan>();
        foreach (var (quote, given) in Drive(market, s_seconds, TimeSpan.FromMinutes(20)))
        {
            open.RemoveAll(signal =>
            {
                var isMet = signal.Symbol == quote.Symbol && (signal.Action == Side.Buy
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
        var signals = Run(s_seconds, new SimulatedMarketOptions(), TimeSpan.FromMinutes(3));
        Assert.Equal(signals, Run(s_seconds, new SimulatedMarketOptions(), TimeSpan.FromMinutes(3)));
        Assert.Equal(signals.Count, signals.Select(signal => signal.SignalId).Distinct().Count());
        var other = Run(s_seconds with { Seed = 2 }, new SimulatedMarketOptions(), TimeSpan.FromMinutes(3));
        Assert.Equal(signals.Select(signal => signal with { SignalId = "" }), other.Select(signal => signal with { SignalId = "" }));
        Assert.Empty(signals.Select(signal => signal.SignalId).Intersect(other.Select(signal => signal.SignalId)));
    }

    [Fact]
    public void History_warms_and_gives_no_signal()
    {
        var market = new SimulatedMarket(new SimulatedMarketOptions());
        var strategies = new DemoStrategies(InstrumentCatalog.Default.Find("BTCUSD")!, s_seconds);
        var history = market.History("BTCUSD", 3_000, TimeSpan.FromSeconds(1), s_start);
        Assert.All(history, bar => Assert.Empty(strategies.OnMarket(bar)));
        Assert.True(strategies.IsWarm);
        Assert.NotEmpty(Drive(market, s_seconds, TimeSpan.FromMinutes(5)).SelectMany(step => step.Signals));
    }

    [Fact]
    public void Strategy_is_silent_for_its_cooldown()
    {
        var signals = Run(s_seconds with { CooldownBars = 20 }, new SimulatedMarketOptions(), TimeSpan.FromMinutes(10));
        foreach (var same in signals.GroupBy(signal => (signal.Symbol, signal.Strategy)))
        {
            var times = same.Select(signal => signal.Time).ToList();
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second - pair.First > TimeSpan.FromSeconds(20)));
        }
    }

    [Fact]
    public void Breakout_on_bars_goes_the_way_of_the_break_at_the_close()
    {
        var strategies = new DemoStrategies(InstrumentCatalog.Default.Find("BTCUSD")!, new DemoOptions());
        for (var i = 0; i < 60; i++)
        {
            Assert.DoesNotContain(
                strategies.OnMarket(BarAt(i, 100m + (i % 2))), given => given.Strategy == DemoStrategyNames.Breakout);
        }

        var signal = Assert.Single(strategies.OnMarket(BarAt(60, 110m)), signal => signal.Strategy == DemoStrategyNames.Breakout);
        Assert.Equal((Side.Buy, 110m, s_start.AddMinutes(60)), (signal.Action, signal.EntryPrice, signal.Time));
    }

    [Fact]
    public void Update_of_another_symbol_is_refused() => Assert.Throws<ArgumentException>(() =>
        new DemoStrategies(InstrumentCatalog.Default.Find("ETHUSD")!, new DemoOptions()).OnMarket(BarAt(0, 1m)));

    private static List<DemoSignal> Run(DemoOptions options, SimulatedMarketOptions market, TimeSpan length) =>
        [.. Drive(new SimulatedMarket(market), options, length).SelectMany(step => step.Signals)];

    /// <summary>Warms all symbols from history, then runs four quotes a second.</summary>
    private static IEnumerable<(MarketUpdate Quote, IReadOnlyList<DemoSignal> Signals)> Drive(
        SimulatedMarket market, DemoOptions options, TimeSpan length)
    {
        var strategies = market.Instruments.ToDictionary(i => i.Symbol, i => new DemoStrategies(i, options));
        foreach (var (symbol, strategy) in strategies)
        {
            foreach (var bar in market.History(symbol, 200, options.BarInterval, s_start))
            {
                Assert.Empty(strategy.OnMarket(bar));
            }
        }

        for (var at = TimeSpan.Zero; at < length; at += TimeSpan.FromMilliseconds(250))
        {
            foreach (var quote in market.Step(s_start + at))
            {
                yield return (quote, strategies[quote.Symbol].OnMarket(quote));
            }
        }
    }

    private static MarketUpdate BarAt(int minute, decimal close) => new(
        "BTCUSD", AssetClass.Crypto, s_start.AddMinutes(minute), close, close,
        new Bar(close, close, close, close, 1m, TimeSpan.FromMinutes(1)), "test");
}
