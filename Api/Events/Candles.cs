using TradingEngine.Api.Contracts;

namespace TradingEngine.Api.Events;

/// <summary>Candles of one length by symbol; the oldest give way.</summary>
internal sealed class Candles(TimeSpan length, int most)
{
    private const int MostSymbols = 200;
    private readonly Dictionary<string, Queue<CandleEntry>> _closed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CandleEntry> _open = new(StringComparer.Ordinal);

    /// <summary>The newest of a symbol, oldest first, the one under way last.</summary>
    public IReadOnlyList<CandleEntry> Of(string symbol, int count) => _closed.TryGetValue(symbol, out var closed)
        ? [.. closed.Append(_open[symbol]).TakeLast(count)]
        : _open.TryGetValue(symbol, out var only) ? [only] : [];

    /// <summary>Counts a price.</summary>
    public void Add(string symbol, decimal price, DateTimeOffset at)
    {
        var start = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % length.Ticks), TimeSpan.Zero);
        if (_open.TryGetValue(symbol, out var candle) && candle.At >= start)
        {
            _open[symbol] = candle with { High = Math.Max(candle.High, price), Low = Math.Min(candle.Low, price), Close = price };
            return;
        }

        if (candle is not null)
        {
            if (!_closed.TryGetValue(symbol, out var closed))
            {
                _closed[symbol] = closed = new Queue<CandleEntry>();
            }

            closed.Enqueue(candle);
            if (closed.Count > most)
            {
                closed.Dequeue();
            }
        }
        else if (_open.Count >= MostSymbols)
        {
            return;
        }

        _open[symbol] = new CandleEntry(start, price, price, price, price);
    }
}
