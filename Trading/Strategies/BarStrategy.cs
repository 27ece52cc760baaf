using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Market.Indicators;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Simulation;

namespace TradingEngine.Trading.Strategies;

/// <summary>What a strategy would do after a bar.</summary>
/// <param name="Side">Buy or sell.</param>
/// <param name="Strength">0 or more; the confidence rises with it from 0.5 towards 0.95.</param>
public readonly record struct StrategyIdea(Side Side, double Strength);

/// <summary>How <see cref="BarStrategy"/> makes signals of ideas. Periods are counted in bars.</summary>
public record BarStrategyOptions
{
    /// <summary>Share of the equity one position is worth; positive, default 0.015. Least quantities may exceed it.</summary>
    public decimal NotionalFraction { get; init; } = 0.015m;

    /// <summary>Distance of the target over distance of the stop; positive, default 1.5.</summary>
    public decimal Rr { get; init; } = 1.5m;

    /// <summary>Distance of the stop in average true ranges; positive, default 3.</summary>
    public decimal StopAtr { get; init; } = 3m;

    /// <summary>Least distance of the stop in spreads, so that costs do not decide; 0 or more, default 4.</summary>
    public decimal StopSpreads { get; init; } = 4m;

    /// <summary>Bars the strategy is silent after its signal; 0 or more, default 30.</summary>
    public int CooldownBars { get; init; } = 30;

    /// <summary>Period of the average true range; default 14.</summary>
    public int RangePeriod { get; init; } = 14;
}

/// <summary>
/// A strategy that looks at finished bars: it builds them, and makes of an idea a signal with a stop by the average true
/// range, a target, a size by the equity, and an id derived from seed, name, symbol and the bar's end. History only
/// warms it, and it is silent for a while after a signal.
/// </summary>
public abstract class BarStrategy : IStrategy
{
    private readonly StrategyContext _context;
    private readonly BarStrategyOptions _options;
    private readonly BarBuilder _bars;
    private readonly AverageTrueRange _range;
    private long _bar;
    private long _readyAt;

    /// <summary>A strategy that knows nothing yet of the symbol.</summary>
    protected BarStrategy(string name, StrategyContext context, BarStrategyOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(context);
        (Name, _context, _options) = (name, context, options ?? new BarStrategyOptions());
        (_bars, _range) = (new BarBuilder(context.BarInterval), new AverageTrueRange(_options.RangePeriod));
    }

    /// <summary>Its name, as it was registered.</summary>
    public string Name { get; }

    /// <summary>Average true range of the last bars, at least a tick; null before it has its values.</summary>
    protected double? Range => _range.Value is { } range ? Math.Max(range, (double)_context.Instrument.TickSize) : null;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The update is another symbol's.</exception>
    public ImmutableArray<StrategySignal> OnMarket(MarketUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (update.Symbol != _context.Instrument.Symbol)
        {
            throw new ArgumentException($"'{update.Symbol}' is not '{_context.Instrument.Symbol}'", nameof(update));
        }

        var signals = ImmutableArray<StrategySignal>.Empty;
        foreach (var bar in _bars.Update(update))
        {
            _bar++;
            _range.Update(bar.Bar!);
            if (Look(bar.Bar!) is { } idea && Range is { } range && !bar.IsHistory && _bar > _readyAt
                && Signal(idea, range, bar.Time, update) is { } signal)
            {
                _readyAt = _bar + _options.CooldownBars;
                signals = signals.Add(signal);
            }
        }

        return signals;
    }

    /// <summary>Takes a finished bar, history too, and says what it would do; null for nothing.</summary>
    protected abstract StrategyIdea? Look(Bar bar);

    /// <summary>Buy for a positive sign, else sell.</summary>
    protected static Side SideOf(double sign) => sign > 0d ? Side.Buy : Side.Sell;

    /// <summary>The signal of an idea; null where prices are too small for a stop or a target below the entry.</summary>
    private StrategySignal? Signal(StrategyIdea idea, double range, DateTimeOffset barEnd, MarketUpdate update)
    {
        var instrument = _context.Instrument;
        var isBuy = idea.Side == Side.Buy;
        var entry = isBuy ? update.Ask : update.Bid;
        var distance = Math.Max(
            Math.Max((decimal)range * _options.StopAtr, (update.Ask - update.Bid) * _options.StopSpreads),
            instrument.TickSize);
        var (below, above) = isBuy ? (distance, distance * _options.Rr) : (distance * _options.Rr, distance);
        var (low, high) = (instrument.FloorToTick(entry - below), instrument.CeilingToTick(entry + above));
        return low <= 0m ? null : new StrategySignal
        {
            SignalId = IdOf(barEnd),
            Strategy = Name,
            Action = isBuy ? SignalAction.Buy : SignalAction.Sell,
            Symbol = instrument.Symbol,
            EntryPrice = entry,
            StopLoss = isBuy ? low : high,
            TakeProfit = isBuy ? high : low,
            Quantity = QuantityAt(entry),
            Confidence = Math.Round((decimal)(0.5 + (0.45 * (idea.Strength / (1d + idea.Strength)))), 2),
            Time = update.Time,
        };
    }

    /// <summary>Lots worth the usual notional, the quote currency taken for the equity's.</summary>
    private decimal QuantityAt(decimal price)
    {
        var instrument = _context.Instrument;
        var lot = instrument.IsInverse ? instrument.ContractSize : instrument.ContractSize * price;
        return Math.Max(instrument.MinQuantity, instrument.FloorToStep(_context.Equity * _options.NotionalFraction / lot));
    }

    private string IdOf(DateTimeOffset barEnd)
    {
        var cause = string.Create(CultureInfo.InvariantCulture,
            $"{Name}|{_context.Instrument.Symbol}|{barEnd.UtcTicks}|{_context.BarInterval.Ticks}");
        var hash = SeededHash.Of(_context.Seed, cause);
        return string.Create(CultureInfo.InvariantCulture, $"{hash:x16}{SeededHash.Of(hash, cause):x16}");
    }
}
