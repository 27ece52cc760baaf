using System.Collections.Immutable;

namespace TradingEngine.Trading.Market;

/// <summary>
/// Builds one symbol's bars of an interval, aligned to UTC. Quotes count by their middle; shorter bars are merged; bars
/// as long or longer pass through. A bar is given out when the first update past its end comes, or at once when a merged
/// bar ends exactly with it; an interval without a price has no bar. Mutable; one thread; deterministic.
/// </summary>
public sealed class BarBuilder
{
    private readonly long _interval;
    private MarketUpdate? _last;
    private Bar? _bar;
    private long _bucket = long.MinValue;
    private bool _isHistory;

    /// <summary>A builder of one-minute bars.</summary>
    public BarBuilder()
        : this(TimeSpan.FromMinutes(1))
    {
    }

    /// <summary>A builder.</summary>
    /// <param name="interval">Length of the bars, positive.</param>
    public BarBuilder(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        _interval = interval.Ticks;
    }

    /// <summary>The bar in the making, or null.</summary>
    public Bar? Current => _bar;

    /// <summary>
    /// Takes an update and gives the bars it finished, oldest first, none to two. Their time is the bar's end, bid and ask
    /// are the close, and a bar made of history alone is history. An update of an earlier interval than the one in the
    /// making is dropped.
    /// </summary>
    public ImmutableArray<MarketUpdate> Update(MarketUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var span = update.Bar?.Interval.Ticks ?? 0L;
        var bucket = (update.Time.UtcTicks - span) / _interval;
        if (bucket < _bucket)
        {
            return [];
        }

        if (span >= _interval)
        {
            // A whole bar of the feed's own covers what quotes of the same interval said.
            var before = bucket > _bucket ? Finish() : [];
            Clear(update.Time.UtcTicks / _interval);
            return before.Add(update);
        }

        var finished = bucket > _bucket ? Finish() : [];
        Merge(update, bucket);
        return span > 0L && update.Time.UtcTicks >= (bucket + 1) * _interval ? finished.AddRange(Finish()) : finished;
    }

    /// <summary>Gives out the bar in the making when its end has come, without waiting for the next price.</summary>
    public ImmutableArray<MarketUpdate> Flush(DateTimeOffset now) =>
        _bar is not null && now.UtcTicks >= (_bucket + 1) * _interval ? Finish() : [];

    private void Merge(MarketUpdate update, long bucket)
    {
        var part = update.Bar ?? new Bar(update.Mid, update.Mid, update.Mid, update.Mid, 0m, TimeSpan.Zero);
        _isHistory = update.IsHistory && (_bar is null || _isHistory);
        _bar = _bar is null
            ? part with { Interval = TimeSpan.FromTicks(_interval) }
            : _bar with
            {
                High = Math.Max(_bar.High, part.High),
                Low = Math.Min(_bar.Low, part.Low),
                Close = part.Close,
                Volume = _bar.Volume + part.Volume,
            };
        (_last, _bucket) = (update, bucket);
    }

    private ImmutableArray<MarketUpdate> Finish()
    {
        if (_bar is null || _last is null)
        {
            return [];
        }

        var bar = _bar;
        var end = new DateTimeOffset((_bucket + 1) * _interval, TimeSpan.Zero);
        MarketUpdate finished = _last with { Time = end, Bid = bar.Close, Ask = bar.Close, Bar = bar, IsHistory = _isHistory };
        Clear(_bucket + 1);
        return [finished];
    }

    private void Clear(long bucket) => (_bar, _last, _bucket) = (null, null, bucket);
}
