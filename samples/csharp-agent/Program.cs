using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using StackExchange.Redis;

// A strategy agent over lists: it listens to prices, buys what rises and sells what falls, each signal with a stop and a target.
//   dotnet run --project samples/csharp-agent -- [redis host:port] [symbol] [signals a second] [how many, 0 for ever]
var address = args.ElementAtOrDefault(0) ?? "127.0.0.1:6379";
var symbol = args.ElementAtOrDefault(1) ?? "BTCUSD";
var rate = double.Parse(args.ElementAtOrDefault(2) ?? "1", CultureInfo.InvariantCulture);
var count = int.Parse(args.ElementAtOrDefault(3) ?? "0", CultureInfo.InvariantCulture);

using var ending = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    ending.Cancel();
};

var options = ConfigurationOptions.Parse(address);
options.AbortOnConnectFail = false; // Redis may come later, or again
options.BacklogPolicy = BacklogPolicy.FailFast;
await using var redis = await ConnectionMultiplexer.ConnectAsync(options);
var database = redis.GetDatabase();
var market = new Market(symbol);
await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("strategy_engine:market_data"), (_, message) => market.Take(message!));

var beat = BeatAsync();
var sent = 0;
try
{
    using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate));
    while ((count == 0 || sent < count) && await timer.WaitForNextTickAsync(ending.Token))
    {
        if (market.Move() is { } move)
        {
            await PatientlyAsync(Signal(move.Price, move.Rises));
            sent++;
        }
    }
}
catch (OperationCanceledException)
{
    // Ctrl+C.
}

await ending.CancelAsync();
await beat;
Console.WriteLine($"{sent} signals pushed");

string Signal(decimal price, bool isBuy) => JsonSerializer.Serialize(new
{
    signal_id = RandomNumberGenerator.GetHexString(32, lowercase: true),
    action = isBuy ? "buy" : "sell",
    symbol,
    entry_price = price,
    stop_loss = Math.Round(price * (isBuy ? 0.99m : 1.01m), 5),
    take_profit = Math.Round(price * (isBuy ? 1.02m : 0.98m), 5),
    quantity = 0.01m,
    strategy = "momentum_csharp",
    confidence = 0.8m,
    timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000m,
});

// The same message again, under the same id, until Redis has taken it: sent twice it counts once.
async Task PatientlyAsync(string signal)
{
    while (!ending.IsCancellationRequested)
    {
        try
        {
            await database.ListLeftPushAsync("strategy_signals", signal);
            return;
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), ending.Token);
        }
    }
}

// Shows that the agent lives, as often as it says.
async Task BeatAsync()
{
    while (!ending.IsCancellationRequested)
    {
        try
        {
            var now = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture);
            await database.HashSetAsync("agent_stats:strategy_engine",
                [new("status", "running"), new("last_heartbeat", now), new("heartbeat_interval", "5"), new("version", "1")]);
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            // The next one is in a moment.
        }

        await Task.Delay(TimeSpan.FromSeconds(2), ending.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}

/// <summary>The newest price of a symbol, and where it went since it was last asked for.</summary>
internal sealed class Market(string symbol)
{
    private readonly Lock _gate = new();
    private decimal? _before;
    private decimal? _last;

    /// <summary>Takes a quote or a bar, bare or wrapped.</summary>
    public void Take(string message)
    {
        using var document = JsonDocument.Parse(message);
        var price = document.RootElement.TryGetProperty("data", out var data) ? data : document.RootElement;
        if (price.GetProperty("symbol").GetString() != symbol)
        {
            return;
        }

        lock (_gate)
        {
            _last = price.TryGetProperty("close", out var close)
                ? close.GetDecimal()
                : (price.GetProperty("bid").GetDecimal() + price.GetProperty("ask").GetDecimal()) / 2;
        }
    }

    /// <summary>The newest price and whether it rose; null while there is none, or it stands still.</summary>
    public (decimal Price, bool Rises)? Move()
    {
        lock (_gate)
        {
            var (before, now) = (_before, _last);
            _before = now;
            return before is { } from && now is { } to && from != to ? (Math.Round(to, 5), to > from) : null;
        }
    }
}
