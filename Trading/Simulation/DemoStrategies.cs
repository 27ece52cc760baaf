using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Trading.Simulation;

/// <summary>
/// The demonstration's strategies on one symbol: a crossing of means, a return to the mean and a breakout. They show the
/// engine at work and claim no profit. History only warms them. Mutable; one thread; deterministic.
/// </summary>
public sealed class DemoStrategies
{
    private readonly Instrument _instrument;
    private readonly DemoOptions _options;
    private readonly BarBuilder _bars;
    private readonly ExponentialMovingAverage _fast;
    private readonly ExponentialMovingAverage _slow;
    private readonly RelativeStrengthIndex _strength;
    private readonly ZScore _score;
    private readonly DonchianChannel _channel;
    private readonly AverageTrueRange _range;
    private readonly Dictionary<string, long> _readyAt = [];
    private long _bar;
    private int _trend;

    /// <summary>Strategies that know nothing yet of the symbol.</summary>
    public DemoStrategies(Instrument instrument, DemoOptions options)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(options);
        (_instrument, _options) = (instrument, options);
        _bars = new BarBuilder(options.BarInterval);
        (_fast, _slow) = (new(options.FastPeriod), new(options.SlowPeriod));
        (_strength, _score) = (new(options.RangePeriod), new(options.ReversionPeriod));
        (_channel, _range) = (new(options.BreakoutPeriod), new(options.RangePeriod));
    }

    /// <summary>True once every indicator has its values.</summary>
    public bool IsWarm => _slow.IsReady && _strength.IsReady && _score.IsReady && _channel.IsReady && _range.IsReady;

    /// <summary>Takes an update of the symbol and gives the signals of the bars it finished, usually none.</summary>
    /// <exception cref="ArgumentException">The update is another symbol's.</exception>
    public ImmutableArray<DemoSignal> OnMarket(MarketUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (update.Symbol != _instrument.Symbol)
        {
            throw new ArgumentException($"'{update.Symbol}' is not '{_instrument.Symbol}'", nameof(update));
        }

        var finished = _bars.Update(update);
        if (finished.IsEmpty)
        {
            return [];
        }

        var signals = ImmutableArray.CreateBuilder<DemoSignal>();
        foreach (var bar in finished)
        {
            foreach (var idea in Look(bar.Bar!))
            {
                if (!bar.IsHistory && _bar >= _readyAt.GetValueOrDefault(idea.Strategy)
                    && Signal(idea, bar.Time, update) is { } signal)
                {
                    _readyAt[idea.Strategy] = _bar + 1 + _options.CooldownBars;
                    signals.Add(signal);
                }
            }
        }

        return signals.DrainToImmutable();
    }

    /// <summary>Takes a bar into the indicators and says what the strategies make of it.</summary>
    private List<Idea> Look(Bar bar)
    {
        var (before, close) = (_channel.Value, (double)bar.Close);
        _bar++;
        _fast.Update(close);
        _slow.Update(close);
        _strength.Update(close);
        _score.Update(close);
        _channel.Update(bar);
        _range.Update(bar);

        var ideas = new List<Idea>(3);
        var trend = Math.Sign((_fast.Value - _slow.Value) ?? 0d);
        if (!IsWarm || before is not { } channel)
        {
            _trend = trend;
            return ideas;
        }

        var range = Math.Max(_range.Value!.Value, (double)_instrument.TickSize);
        if (trend != 0 && _trend == -trend)
        {
            ideas.Add(new(DemoStrategyNames.Trend, SideOf(trend), Math.Abs(_fast.Value!.Value - _slow.Value!.Value) / range));
        }

        _trend = trend != 0 ? trend : _trend;
        if (_score.Value is { } score && Math.Abs(score) >= _options.ReversionScore
            && (score > 0d ? _strength.Value >= 60d : _strength.Value <= 40d))
        {
            ideas.Add(new(DemoStrategyNames.MeanReversion, SideOf(-score), Math.Abs(score) - _options.ReversionScore));
        }

        if (bar.Close > channel.Upper || bar.Close < channel.Lower)
        {
            var beyond = bar.Close > channel.Upper ? bar.Close - channel.Upper : bar.Close - channel.Lower;
            ideas.Add(new(DemoStrategyNames.Breakout, SideOf((double)beyond), Math.Abs((double)beyond) / range));
        }

        return ideas;
    }

    /// <summary>The signal of an idea; null where prices are too small for a stop or a target below the entry.</summary>
    private DemoSignal? Signal(Idea idea, DateTimeOffset barEnd, MarketUpdate update)
    {
        var isBuy = idea.Side == Side.Buy;
        var entry = isBuy ? update.Ask : update.Bid;
        var distance = Math.Max(
            Math.Max((decimal)_range.Value!.Value * _options.StopAtr, (update.Ask - update.Bid) * _options.StopSpreads),
            _instrument.TickSize);
        var (below, above) = isBuy ? (distance, distance * _options.Rr) : (distance * _options.Rr, distance);
        var (low, high) = (_instrument.FloorToTick(entry - below), _instrument.CeilingToTick(entry + above));
        if (low <= 0m)
        {
            return null;
        }

        return new(
            IdOf(idea.Strategy, barEnd), idea.Strategy, idea.Side, _instrument.Symbol, entry,
            isBuy ? low : high, isBuy ? high : low, QuantityAt(entry),
            Math.Round((decimal)(0.5 + (0.45 * (idea.Strength / (1d + idea.Strength)))), 2), update.Time);
    }

    /// <summary>Lots worth the usual notional, the quote currency taken for the equity's.</summary>
    private decimal QuantityAt(decimal price)
    {
        var lot = _instrument.IsInverse ? _instrument.ContractSize : _instrument.ContractSize * price;
        var lots = _options.Equity * _options.NotionalFraction / lot;
        return Math.Max(_instrument.MinQuantity, _instrument.FloorToStep(lots));
    }

    private string IdOf(string strategy, DateTimeOffset barEnd)
    {
        var cause = string.Create(
            CultureInfo.InvariantCulture, $"{strategy}|{_instrument.Symbol}|{barEnd.UtcTicks}|{_options.BarInterval.Ticks}");
        var hash = SeededHash.Of(_options.Seed, cause);
        return string.Create(CultureInfo.InvariantCulture, $"{hash:x16}{SeededHash.Of(hash, cause):x16}");
    }

    private static Side SideOf(double sign) => sign > 0d ? Side.Buy : Side.Sell;

    /// <summary>What a strategy would do.</summary>
    private readonly record struct Idea(string Strategy, Side Side, double Strength);
}
