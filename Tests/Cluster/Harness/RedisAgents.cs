using System.Globalization;
using StackExchange.Redis;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>Agents outside the engine, which know Redis and the keys of the wire and nothing else.</summary>
internal sealed class RedisAgents : IAsyncDisposable
{
    private const string Signals = "strategy_signals";
    private const string Orders = "execution_orders";
    private const string Updates = "position_updates";
    private const string Prices = "strategy_engine:market_data";

    private readonly ConnectionMultiplexer _connection;
    private readonly List<SentOrder> _orders = [];
    private readonly string _prefix;

    private RedisAgents(ConnectionMultiplexer connection, string prefix) => (_connection, _prefix) = (connection, prefix);

    /// <summary>All orders taken so far, oldest first.</summary>
    public IReadOnlyList<SentOrder> Taken => _orders;

    private IDatabase Database => _connection.GetDatabase();

    /// <param name="server">The Redis.</param>
    /// <param name="prefix">What stands before the names of a partition.</param>
    public static async Task<RedisAgents> ConnectAsync(RedisServer server, string prefix = "") =>
        new(await ConnectionMultiplexer.ConnectAsync(server.Address), prefix);

    public Task SignalAsync(IEnumerable<SentSignal> signals) =>
        Database.ListLeftPushAsync(_prefix + Signals, [.. signals.Select(signal => (RedisValue)signal.Json)]);

    public Task PriceAsync(string symbol, decimal bid, decimal ask) => _connection.GetSubscriber().PublishAsync(
        RedisChannel.Literal(Prices),
        string.Create(CultureInfo.InvariantCulture, $$"""{"symbol":"{{symbol}}","bid":{{bid}},"ask":{{ask}}}"""));

    /// <summary>Takes every order that waits, and fills it.</summary>
    public async Task ExecuteAsync()
    {
        while ((string?)await Database.ListRightPopAsync(_prefix + Orders) is { } json)
        {
            var order = new SentOrder(json);
            _orders.Add(order);
            await Database.ListLeftPushAsync(_prefix + Updates, order.Filled());
        }
    }

    /// <summary>Executes until this many orders were taken in all.</summary>
    public Task TakeAsync(int count) => Eventually.HoldsAsync($"{count} orders on {_prefix}{Orders}", async () =>
    {
        await ExecuteAsync();
        return _orders.Count >= count;
    });

    /// <summary>A string of the wire.</summary>
    public async Task<string?> ReadAsync(string key) => await Database.StringGetAsync(_prefix + key);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
