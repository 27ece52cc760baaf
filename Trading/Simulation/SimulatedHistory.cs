using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Simulation;

/// <summary>Makes up the bars that led to a price, from the last back to the first.</summary>
internal static class SimulatedHistory
{
    /// <summary>Longest stretch without a session that is looked across.</summary>
    private static readonly TimeSpan s_longestClosure = TimeSpan.FromDays(10);

    internal static IReadOnlyList<MarketUpdate> Make(
        SimulatedSymbol profile, Instrument instrument, ulong key, SimulatedMarketOptions options,
        int count, TimeSpan interval, DateTimeOffset endTime, decimal endPrice)
    {
        var bars = new List<MarketUpdate>(count);
        var end = new DateTimeOffset(endTime.UtcTicks / interval.Ticks * interval.Ticks, TimeSpan.Zero);
        var close = instrument.RoundToTick(endPrice);
        while (bars.Count < count && LastOpen(options.Calendar, instrument.AssetClass, end, interval) is { } open)
        {
            end = open;
            var bar = Bar(profile, instrument, key, end, interval, close);
            bars.Add(new(
                instrument.Symbol, instrument.AssetClass, end, bar.Close, bar.Close, bar, options.Source, IsHistory: true));
            (end, close) = (end - interval, bar.Open);
        }

        bars.Reverse();
        return bars;
    }

    /// <summary>The latest end, at most <paramref name="end"/>, of a bar that begins in a session; null when far away.</summary>
    private static DateTimeOffset? LastOpen(
        SessionCalendar calendar, AssetClass assetClass, DateTimeOffset end, TimeSpan interval)
    {
        // A closure is crossed in steps of a minute or so, since with bars of a second it has too many of them.
        var step = TimeSpan.FromTicks(Math.Max(1L, TimeSpan.TicksPerMinute / interval.Ticks) * interval.Ticks);
        var least = end.UtcTicks - Math.Max(s_longestClosure.Ticks, 4L * step.Ticks);
        for (var at = end; at.UtcTicks > Math.Max(least, interval.Ticks); at -= step)
        {
            if (calendar.IsOpen(assetClass, at - interval))
            {
                return at;
            }
        }

        return null;
    }

    private static Bar Bar(
        SimulatedSymbol profile, Instrument instrument, ulong key, DateTimeOffset end, TimeSpan interval, decimal close)
    {
        // A long bar is many short moves: its own is drawn at once, with the deviation of all of them together.
        var capped = TimeSpan.FromTicks(Math.Min(interval.Ticks, TimeSpan.TicksPerMinute));
        var scale = Math.Sqrt((double)interval.Ticks / capped.Ticks);
        var move = Math.Clamp(SimulatedWalk.Move(key, end, capped, profile.VolatilityBps) * scale, -0.4, 0.4);
        var open = Math.Max(instrument.TickSize, instrument.RoundToTick((decimal)((double)close / (1d + move))));

        var swing = profile.VolatilityBps / 10_000d * SimulatedWalk.Mood(key, end) * Math.Sqrt(interval.TotalSeconds);
        var draw = SeededHash.Of(key, end.UtcTicks);
        var up = Math.Min(0.4, 0.6 * swing * SeededHash.Unit(SeededHash.Of(draw, 5L)));
        var down = Math.Min(0.4, 0.6 * swing * SeededHash.Unit(SeededHash.Of(draw, 6L)));
        var high = instrument.CeilingToTick(Math.Max(open, close) * (decimal)(1d + up));
        var low = Math.Max(instrument.TickSize, instrument.FloorToTick(Math.Min(open, close) * (decimal)(1d - down)));
        var volume = Math.Round((decimal)(1d + (9d * SeededHash.Unit(SeededHash.Of(draw, 7L)))), 4);
        return new(open, high, low, close, volume, interval);
    }
}
