using TradingEngine.Api.Contracts;
using TradingEngine.Api.Endpoints;
using TradingEngine.Api.Hosting;

namespace TradingEngine.Api.Events;

/// <summary>
/// Prices and equity of the last hours, for charts: minute candles from a look each second, and an equity sample every ten seconds. In this silo's
/// memory, so empty after a restart; nothing is decided on them.
/// </summary>
internal sealed class Samples
{
    private const int MostCandles = 1_500;
    private const int MostSymbols = 200;
    private const int MostEquity = 2_000;
    private static readonly TimeSpan EquityEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<CandleEntry>> _candles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CandleEntry> _open = new(StringComparer.Ordinal);
    private readonly Queue<EquityEntry> _equity = new();
    private DateTimeOffset _equityAt;

    /// <summary>Looks now.</summary>
    public async Task TakeAsync(Engine engine)
    {
        var now = engine.Clock.GetUtcNow();
        var prices = await Reads.PricesAsync(engine);
        lock (_gate)
        {
            foreach (var price in prices)
            {
                Add(price.Symbol, price.Mid, price.At);
            }
        }

        if (now - _equityAt < EquityEvery)
        {
            return;
        }

        _equityAt = now;
        if ((await Reads.AccountsAsync(engine)) is [var account, ..])
        {
            lock (_gate)
            {
                Bound(_equity, new EquityEntry(now, account.Equity, AccountEntry.DrawdownOf(account)), MostEquity);
            }
        }
    }

    /// <summary>Candles of a symbol, oldest first, the one under way last.</summary>
    public IReadOnlyList<CandleEntry> CandlesOf(string symbol, int count)
    {
        lock (_gate)
        {
            return _candles.TryGetValue(symbol, out var closed)
                ? [.. closed.Append(_open[symbol]).TakeLast(count)]
                : _open.TryGetValue(symbol, out var only) ? [only] : [];
        }
    }

    /// <summary>Equity of the first account, oldest first.</summary>
    public IReadOnlyList<EquityEntry> Equity()
    {
        lock (_gate)
        {
            return [.. _equity];
        }
    }

    private void Add(string symbol, decimal price, DateTimeOffset at)
    {
        var minute = new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        if (_open.TryGetValue(symbol, out var candle) && candle.At >= minute)
        {
            _open[symbol] = candle with { High = Math.Max(candle.High, price), Low = Math.Min(candle.Low, price), Close = price };
            return;
        }

        if (candle is not null)
        {
            if (!_candles.TryGetValue(symbol, out var closed))
            {
                _candles[symbol] = closed = new Queue<CandleEntry>();
            }

            Bound(closed, candle, MostCandles);
        }
        else if (_open.Count >= MostSymbols)
        {
            return;
        }

        _open[symbol] = new CandleEntry(minute, price, price, price, price);
    }

    private static void Bound<T>(Queue<T> queue, T item, int most)
    {
        queue.Enqueue(item);
        if (queue.Count > most)
        {
            queue.Dequeue();
        }
    }
}
