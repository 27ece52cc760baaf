using System.Collections.Immutable;
using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Simulation;

/// <summary>
/// A market made up from a seed: random walks with volatility that clusters and returns, and spells of trend. Every
/// price is a pure function of seed, start prices and the times asked for. Mutable; one thread.
/// </summary>
public sealed class SimulatedMarket
{
    /// <summary>Most bars one call of <see cref="History"/> gives.</summary>
    public const int MaxHistory = 1_000_000;

    private readonly SimulatedMarketOptions _options;
    private readonly ImmutableArray<Line> _lines;

    /// <summary>A market at its start or resumed prices.</summary>
    /// <exception cref="ArgumentException">A symbol is unknown or twice there, or a number is not positive.</exception>
    public SimulatedMarket(SimulatedMarketOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _lines = [.. options.Symbols.Select(symbol => new Line(symbol, options))];
        if (_lines.DistinctBy(line => line.Instrument.Symbol).Count() != _lines.Length)
        {
            throw new ArgumentException("a symbol is there twice", nameof(options));
        }
    }

    /// <summary>Its instruments, in the order of the options.</summary>
    public ImmutableArray<Instrument> Instruments => [.. _lines.Select(line => line.Instrument)];

    /// <summary>Middle price by symbol, rounded to ticks: what <see cref="SimulatedMarketOptions.LastPrices"/> takes up.</summary>
    public ImmutableDictionary<string, decimal> Prices =>
        _lines.ToImmutableDictionary(line => line.Instrument.Symbol, line => line.Instrument.RoundToTick((decimal)line.Mid));

    /// <summary>Moves every open market to <paramref name="now"/> and quotes it; a closed one is silent and stands still.</summary>
    /// <param name="now">Later than the step before; a symbol does not move back, and quotes the same again.</param>
    public IReadOnlyList<MarketUpdate> Step(DateTimeOffset now)
    {
        var quotes = new List<MarketUpdate>(_lines.Length);
        foreach (var line in _lines)
        {
            if (_options.Calendar.IsOpen(line.Instrument.AssetClass, now))
            {
                line.MoveTo(now);
                quotes.Add(line.Quote(now, _options.Source));
            }
        }

        return quotes;
    }

    /// <summary>
    /// Bars of the past, oldest first, marked as history, the last of which ends at or before <paramref name="endTime"/>
    /// with a close of <paramref name="endPrice"/>. Times at which the market was closed have no bar. The history leads
    /// up to the price and belongs to it: it is not the record of earlier steps.
    /// </summary>
    /// <param name="symbol">One of the market's symbols.</param>
    /// <param name="count">Bars wanted, 0 to <see cref="MaxHistory"/>.</param>
    /// <param name="interval">Length of a bar, positive; bars are aligned to it in UTC.</param>
    /// <param name="endTime">The end.</param>
    /// <param name="endPrice">Close of the last bar; the current price when null.</param>
    public IReadOnlyList<MarketUpdate> History(
        string symbol, int count, TimeSpan interval, DateTimeOffset endTime, decimal? endPrice = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxHistory);
        var line = _lines.FirstOrDefault(line => line.Instrument.Symbol == symbol)
            ?? throw new ArgumentException($"the market has no symbol '{symbol}'", nameof(symbol));
        return SimulatedHistory.Make(
            line.Profile, line.Instrument, line.Key, _options, count, interval, endTime,
            endPrice ?? line.Instrument.RoundToTick((decimal)line.Mid));
    }

    /// <summary>One symbol's price as it moves.</summary>
    private sealed class Line
    {
        private DateTimeOffset? _time;

        public Line(SimulatedSymbol profile, SimulatedMarketOptions options)
        {
            Profile = profile;
            Instrument = options.Catalog.Find(profile.Symbol)
                ?? throw new ArgumentException($"unknown symbol '{profile.Symbol}'", nameof(options));
            Key = SeededHash.Of(options.Seed, profile.Symbol);
            Mid = (double)options.LastPrices.GetValueOrDefault(profile.Symbol, profile.StartPrice);
            if (!(Mid > 0d && profile.SpreadBps >= 0d && profile.VolatilityBps >= 0d))
            {
                throw new ArgumentException($"'{profile.Symbol}' has a number that is not positive", nameof(options));
            }

            // Far from where it started a walk is turned back: it must neither vanish nor overflow in a run of months.
            (Least, Most) = (Mid / 20d, Mid * 20d);
        }

        public SimulatedSymbol Profile { get; }

        public Instrument Instrument { get; }

        public ulong Key { get; }

        public double Mid { get; private set; }

        private double Least { get; }

        private double Most { get; }

        public void MoveTo(DateTimeOffset now)
        {
            if (_time is { } time && now > time)
            {
                Mid = Math.Clamp(Mid * (1d + SimulatedWalk.Move(Key, now, now - time, Profile.VolatilityBps)), Least, Most);
            }

            _time = _time > now ? _time : now;
        }

        public MarketUpdate Quote(DateTimeOffset now, string source)
        {
            var (mid, tick) = ((decimal)Mid, Instrument.TickSize);
            var wide = mid * (decimal)(Profile.SpreadBps * SimulatedWalk.Mood(Key, now)) / 10_000m;
            var spread = Math.Max(tick, Instrument.RoundToTick(wide));
            var bid = Math.Max(tick, Instrument.RoundToTick(mid - (spread / 2m)));
            return new(Instrument.Symbol, Instrument.AssetClass, now, bid, bid + spread, null, source);
        }
    }
}
