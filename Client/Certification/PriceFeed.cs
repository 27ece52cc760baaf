using System.Buffers;
using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using TradingEngine.Client.Redis;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;

namespace TradingEngine.Client.Certification;

/// <summary>Publishes prices ten times a second as a data feed does; no price comes twice, so that signals can be told apart by theirs.</summary>
internal sealed class PriceFeed : IAsyncDisposable
{
    private const decimal HalfSpread = 0.0001m;
    private const decimal LargestStep = 0.0005m;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _ended = new();
    private readonly HashSet<decimal> _published = [];
    private readonly RedisPlace _place;
    private readonly string _symbol;
    private readonly Random _random;
    private readonly Task _publishing;

    public PriceFeed(RedisPlace place, string symbol, decimal price, int seed)
    {
        (_place, _symbol, Last, _random) = (place, symbol, price, new Random(seed));
        _publishing = PublishAsync();
    }

    /// <summary>The newest price.</summary>
    public decimal Last { get; private set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _publishing;
        _ended.Dispose();
        await _place.Database.KeyDeleteAsync(BoardKeys.MarketData + _symbol);
    }

    private async Task PublishAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            var (price, now) = (Next(), TradeWriter.Seconds(TimeProvider.System.GetUtcNow()));
            var (bid, ask) = (price * (1m - HalfSpread), price * (1m + HalfSpread));
            try
            {
                await _place.Database.HashSetAsync(BoardKeys.MarketData + _symbol,
                [
                    new("symbol", _symbol), new("bid", bid.ToString(Numbers)), new("ask", ask.ToString(Numbers)),
                    new("timestamp", now.ToString(Numbers)), new("source", "certification"),
                ]);
                await _place.Database.PublishAsync(RedisChannel.Literal(QueueKeys.Prices), Quote(bid, ask, now));
            }
            catch (Exception fault) when (fault is RedisException or TimeoutException)
            {
                // The next one is due in a moment.
            }

            await Task.Delay(Period, _ended.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static CultureInfo Numbers => CultureInfo.InvariantCulture;

    private decimal Next()
    {
        decimal next;
        do
        {
            var step = (((decimal)_random.NextDouble() * 2m) - 1m) * LargestStep;
            next = Math.Round(Last * (1m + step), 8);
        }
        while (!_published.Add(next));
        return Last = next;
    }

    private byte[] Quote(decimal bid, decimal ask, decimal now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", "market_data_update");
            json.WriteStartObject("data");
            json.WriteString("symbol", _symbol);
            json.WriteNumber("bid", bid);
            json.WriteNumber("ask", ask);
            json.WriteNumber("volume", 1);
            json.WriteNumber("timestamp", now);
            json.WriteString("source", "certification");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
