using StackExchange.Redis;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Agents over Redis, lists or streams: fills each order once, a tenth of them reported twice.</summary>
internal sealed class RedisAgents : IAgents
{
    private const int Batch = 200;
    private const string Group = "faults";
    private const string Signals = "te:{0}:signals:fast";
    private const string Orders = "te:{0}:orders";
    private const string Updates = "te:{0}:updates";
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(2);

    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _redis;
    private readonly bool _usesStreams;
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<string, SeenOrders> _seen = new(StringComparer.Ordinal);
    private readonly Task _executing;
    private int _taken;

    private RedisAgents(ConnectionMultiplexer connection, bool usesStreams)
    {
        _connection = connection;
        _redis = connection.GetDatabase();
        _usesStreams = usesStreams;
        _executing = Task.Run(ExecuteAsync);
    }

    public static async Task<RedisAgents> ConnectAsync(string address, bool usesStreams)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false;
        options.ConnectRetry = 20;
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        if (usesStreams)
        {
            await connection.GetDatabase().StreamCreateConsumerGroupAsync(Orders, Group, "0");
        }

        return new RedisAgents(connection, usesStreams);
    }

    public async Task SendAsync(IReadOnlyList<string> signalIds)
    {
        if (_usesStreams)
        {
            foreach (var batch in signalIds.Chunk(Batch))
            {
                await Task.WhenAll(batch.Select(id => AddAsync(Signals, id, "signal", Wire.Signal(id))));
            }

            return;
        }

        foreach (var batch in signalIds.Chunk(Batch))
        {
            await _redis.ListLeftPushAsync("strategy_signals", [.. batch.Select(id => (RedisValue)Wire.Signal(id))]);
        }
    }

    public Task<IReadOnlyDictionary<string, SeenOrders>> OrdersAsync()
    {
        lock (_seen)
        {
            return Task.FromResult<IReadOnlyDictionary<string, SeenOrders>>(
                _seen.ToDictionary(pair => pair.Key, pair => new SeenOrders([.. pair.Value.OrderIds])));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _executing;
        await _connection.DisposeAsync();
        _ending.Dispose();
    }

    private async Task ExecuteAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            if (!await ExecuteBatchAsync())
            {
                await Task.Delay(Idle);
            }
        }
    }

    private async Task<bool> ExecuteBatchAsync()
    {
        if (_usesStreams)
        {
            var entries = await _redis.StreamReadGroupAsync(Orders, Group, "1", StreamPosition.NewMessages, Batch);
            foreach (var entry in entries)
            {
                foreach (var fill in FillsOf((string)entry["data"]!))
                {
                    await AddAsync(Updates, entry.Id!, "execution_report", fill);
                }

                await _redis.StreamAcknowledgeAsync(Orders, Group, entry.Id);
            }

            return entries.Length > 0;
        }

        var orders = await _redis.ListRightPopAsync("execution_orders", Batch) ?? [];
        var fills = orders.SelectMany(order => FillsOf((string)order!)).Select(fill => (RedisValue)fill).ToArray();
        if (fills.Length > 0)
        {
            await _redis.ListLeftPushAsync("position_updates", fills);
        }

        return orders.Length > 0;
    }

    private IEnumerable<string> FillsOf(string json)
    {
        var (orderId, signalId, positionId) = Wire.ReadOrder(json);
        lock (_seen)
        {
            if (!_seen.TryGetValue(signalId, out var seen))
            {
                _seen[signalId] = seen = new SeenOrders([]);
            }

            seen.OrderIds.Add(orderId);
        }

        var fill = Wire.Fill(orderId, positionId);
        return ++_taken % 10 == 0 ? [fill, fill] : [fill];
    }

    private Task AddAsync(string key, string id, string type, string data) => _redis.StreamAddAsync(key,
    [
        new NameValueEntry("v", "1"), new NameValueEntry("id", id),
        new NameValueEntry("ts", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000),
        new NameValueEntry("src", "faults"), new NameValueEntry("type", type), new NameValueEntry("data", data),
    ]);
}
