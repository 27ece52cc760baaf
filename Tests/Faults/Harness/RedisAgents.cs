using System.Collections.Concurrent;
using StackExchange.Redis;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Agents over Redis, lists or streams: fills each order once, a tenth of them reported twice.</summary>
internal sealed class RedisAgents : IAgents
{
    private const int Batch = 200;
    private const string Taken = "faults:orders";
    private const string Signals = "te:{0}:signals:fast";
    private const string Orders = "te:{0}:orders";
    private const string Updates = "te:{0}:updates";
    private const string Index = "te:{0}:idx:";
    private const string IndexVersions = "te:{0}:idxv";
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Away = TimeSpan.FromMilliseconds(50);

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _redis;
    private readonly bool _usesStreams;
    private readonly Func<string, string> _signalOf;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _executing;
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private long _executed;
    private RedisValue _lastEntry = "0";

    private RedisAgents(ConnectionMultiplexer connection, bool usesStreams, Func<string, string> signalOf)
    {
        _signalOf = signalOf;
        _connection = connection;
        _redis = connection.GetDatabase();
        _usesStreams = usesStreams;
        _executing = Task.Run(ExecuteAsync);
    }

    /// <summary>Told of each order before it is filled, whenever it is.</summary>
    public Action<SentOrder>? Filling { get; set; }

    /// <summary>Signals with an order so far.</summary>
    public int SeenSignals => _seen.Count;

    /// <summary>True when a signal's order was taken.</summary>
    public bool HasSeen(string signalId) => _seen.ContainsKey(signalId);

    /// <param name="address">Redis.</param>
    /// <param name="usesStreams">Transport.</param>
    /// <param name="signalOf">The JSON of a signal by its id, the same each time.</param>
    public static async Task<RedisAgents> ConnectAsync(string address, bool usesStreams, Func<string, string>? signalOf = null)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(100);
        return new RedisAgents(await ConnectionMultiplexer.ConnectAsync(options), usesStreams, signalOf ?? (id => Wire.Signal(id)));
    }

    public async Task SendAsync(IReadOnlyList<string> signalIds)
    {
        foreach (var batch in signalIds.Chunk(Batch))
        {
            await RepeatAsync(() => PushAsync(batch));
        }
    }

    public async Task<IReadOnlyDictionary<string, SeenOrders>> OrdersAsync()
    {
        RedisValue[] orders = _usesStreams
            ? [.. (await _redis.StreamRangeAsync(Orders)).Select(entry => entry["data"])]
            : await _redis.ListRangeAsync(Taken);
        var seen = new Dictionary<string, SeenOrders>(StringComparer.Ordinal);
        foreach (var order in orders)
        {
            var sent = Wire.ReadOrder((string)order!);
            if (!seen.TryGetValue(sent.SignalId, out var known))
            {
                seen[sent.SignalId] = known = new SeenOrders([], sent.Time);
            }

            known.OrderIds.Add(sent.OrderId);
        }

        return seen;
    }

    public async Task<IReadOnlyList<PositionIndexEntry>> PositionsAsync()
    {
        var positions = new List<PositionIndexEntry>();
        foreach (var symbol in await _redis.HashKeysAsync(IndexVersions))
        {
            positions.AddRange((await _redis.HashGetAllAsync(Index + (string)symbol!))
                .Select(entry => DomainJson.ReadIndexEntry(((ReadOnlyMemory<byte>)entry.Value).Span)));
        }

        return positions;
    }

    /// <summary>How many orders appeared so far, taken or not.</summary>
    public async Task<long> CountOrdersAsync()
    {
        if (_usesStreams)
        {
            return await _redis.StreamLengthAsync(Orders);
        }

        var both = _redis.CreateTransaction();
        var waiting = both.ListLengthAsync("execution_orders");
        var taken = both.ListLengthAsync(Taken);
        await both.ExecuteAsync();
        return await waiting + await taken;
    }

    /// <summary>Every order in the order of its appearance. To be read when all were taken.</summary>
    public async Task<IReadOnlyList<SentOrder>> ListOrdersAsync() => _usesStreams
        ? [.. (await _redis.StreamRangeAsync(Orders)).Select(entry => Wire.ReadOrder((string)entry["data"]!))]
        : [.. (await _redis.ListRangeAsync(Taken)).Select(order => Wire.ReadOrder((string)order!))];

    /// <summary>Answers to that command so far.</summary>
    public async Task<int> HistoryLengthAsync(string command) => (await _redis.ListRangeAsync("command_history"))
        .Count(answer => ((string)answer!).Contains($"\"command\":\"{command}\"", StringComparison.Ordinal));

    /// <summary>Sends a command as an operator's tool would.</summary>
    public async Task CommandAsync(string json, string id)
    {
        if (_usesStreams)
        {
            await AddAsync("te:{0}:commands", id, "command", json);
        }
        else
        {
            await _redis.ListLeftPushAsync("trading_commands", json);
        }
    }

    /// <summary>Leaves a price for the engine to find.</summary>
    public Task QuoteAsync(DateTimeOffset time) => _redis.HashSetAsync(
        "market_data:BTCUSD", [.. Wire.Quote(time).Select(pair => new HashEntry(pair.Key, pair.Value))]);

    /// <summary>Publishes a price.</summary>
    public Task PublishAsync(decimal price) =>
        RepeatAsync(() => _redis.PublishAsync(RedisChannel.Literal("strategy_engine:market_data"), Wire.Quote(price)));

    /// <summary>True when the newest of the audit has this in it.</summary>
    public async Task<bool> IsRecordedAsync(string text) =>
        (await _redis.StreamRangeAsync("te:{0}:audit", count: Batch, messageOrder: Order.Descending))
        .Any(entry => entry.Values.Any(value => ((string)value.Value!).Contains(text, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _executing;
        await _connection.DisposeAsync();
        _ending.Dispose();
    }

    /// <summary>Repeats until Redis took it: what was not answered may have been taken, so it must bear repetition.</summary>
    private async Task RepeatAsync(Func<Task> send)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await send();
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                await Task.Delay(Away);
            }
        }
    }

    private async Task PushAsync(string[] ids)
    {
        if (_usesStreams)
        {
            await Task.WhenAll(ids.Select(id => AddAsync(Signals, id, "signal", _signalOf(id))));
            return;
        }

        await _redis.ListLeftPushAsync("strategy_signals", [.. ids.Select(id => (RedisValue)_signalOf(id))]);
    }

    private async Task ExecuteAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            var any = false;
            await RepeatAsync(async () => any = _usesStreams ? await FillStreamAsync() : await FillListAsync());
            if (!any)
            {
                await Task.Delay(Idle);
            }
        }
    }

    /// <summary>Orders move to a list that nobody shortens: it is what is counted in the end, and survives what is broken.</summary>
    private async Task<bool> FillListAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, Batch).Select(_ =>
            _redis.ListMoveAsync("execution_orders", Taken, ListSide.Right, ListSide.Right)));
        var orders = await _redis.ListRangeAsync(Taken, _executed, _executed + Batch - 1);
        if (orders.Length > 0)
        {
            await _redis.ListLeftPushAsync(
                "position_updates", [.. orders.SelectMany((order, i) => FillsOf(order, _executed + i))]);
            _executed += orders.Length;
        }

        return orders.Length > 0;
    }

    private async Task<bool> FillStreamAsync()
    {
        var entries = await _redis.StreamReadAsync(Orders, _lastEntry, Batch);
        foreach (var entry in entries)
        {
            foreach (var fill in FillsOf(entry["data"], _executed))
            {
                await AddAsync(Updates, entry.Id!, "execution_report", (string)fill!);
            }

            _lastEntry = entry.Id;
            _executed++;
        }

        return entries.Length > 0;
    }

    private RedisValue[] FillsOf(RedisValue order, long number)
    {
        var sent = Wire.ReadOrder((string)order!);
        Filling?.Invoke(sent);
        _seen[sent.SignalId] = true;
        if (sent.Type == "cancel")
        {
            // Too late, always: what is to be cancelled was filled before.
            return [];
        }

        RedisValue fill = Wire.Fill(sent.OrderId, sent.PositionId);
        return number % 10 == 0 ? [fill, fill] : [fill];
    }

    private Task AddAsync(string key, string id, string type, string data) => _redis.StreamAddAsync(key,
    [
        new NameValueEntry("v", "1"), new NameValueEntry("id", id),
        new NameValueEntry("ts", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000),
        new NameValueEntry("src", "faults"), new NameValueEntry("type", type), new NameValueEntry("data", data),
    ]);
}
