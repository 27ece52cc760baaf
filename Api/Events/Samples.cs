using TradingEngine.Api.Contracts;
using TradingEngine.Api.Endpoints;
using TradingEngine.Api.Hosting;

namespace TradingEngine.Api.Events;

/// <summary>
/// Prices and equity of the last hours, for charts: candles of a minute and of ten seconds from a look each second, and an equity sample every ten
/// seconds. In this silo's memory, so empty after a restart; nothing is decided on them.
/// </summary>
internal sealed class Samples
{
    private const int MostCandles = 1_500;
    private const int MostShortCandles = 400;
    private const int MostEquity = 2_000;
    private static readonly TimeSpan EquityEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Candles _minutes = new(TimeSpan.FromMinutes(1), MostCandles);
    private readonly Candles _short = new(TimeSpan.FromSeconds(10), MostShortCandles);
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
                _minutes.Add(price.Symbol, price.Mid, price.At);
                _short.Add(price.Symbol, price.Mid, price.At);
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
                _equity.Enqueue(new EquityEntry(now, account.Equity, AccountEntry.DrawdownOf(account)));
                if (_equity.Count > MostEquity)
                {
                    _equity.Dequeue();
                }
            }
        }
    }

    /// <summary>Candles of a symbol, oldest first, the one under way last; null for a period that there is none of.</summary>
    public IReadOnlyList<CandleEntry>? CandlesOf(string symbol, string period, int count)
    {
        lock (_gate)
        {
            return period switch
            {
                "1m" => _minutes.Of(symbol, count),
                "10s" => _short.Of(symbol, count),
                _ => null,
            };
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
}
