using System.Net;
using System.Text.Json.Nodes;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Tests.Api.Harness;
using TradingEngine.Tests.Cluster.Harness;

namespace TradingEngine.Tests.Api.Queues;

/// <summary>A way agents outside have to the engine: what the same messages do is the same on each.</summary>
internal interface IAgentWay : IAsyncDisposable
{
    Task PushAsync(string queue, string json);

    Task PriceAsync(string json);

    /// <summary>Takes an order and acknowledges it; null when none came in a second.</summary>
    Task<string?> TakeOrderAsync();

    /// <summary>The API of that silo, to look at what became of it.</summary>
    ApiClient Api { get; }
}

/// <summary>Agents over HTTP, on the embedded store.</summary>
internal sealed class HttpAgents : IAgentWay
{
    private readonly OwnSilo _silo;
    private readonly ApiClient _trader;

    private HttpAgents(OwnSilo silo)
    {
        _silo = silo;
        _trader = silo.As(Role.Trader);
        Api = silo.As(Role.Admin);
    }

    public ApiClient Api { get; }

    public static async Task<IAgentWay> StartAsync() => new HttpAgents(await OwnSilo.StartAsync(ApiSilo.OverHttp));

    public async Task PushAsync(string queue, string json)
    {
        var answer = await _trader.PostAsync($"/v1/queues/{queue}", json);
        Xunit.Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Body);
    }

    public Task PriceAsync(string json) => PushAsync("strategy_engine:market_data", json);

    public async Task<string?> TakeOrderAsync()
    {
        var taken = (await _trader.GetAsync("/v1/queues/execution_orders?limit=1&wait=1")).IsDone().Json["messages"]!.AsArray();
        if (taken.Count == 0)
        {
            return null;
        }

        (await _trader.PostAsync("/v1/queues/execution_orders/ack", new JsonObject { ["ids"] = new JsonArray((string)taken[0]!["id"]!) }.ToJsonString())).IsDone();
        return taken[0]!["message"]!.ToJsonString();
    }

    public async ValueTask DisposeAsync()
    {
        _trader.Dispose();
        Api.Dispose();
        await _silo.DisposeAsync();
    }
}

/// <summary>Agents over Redis lists.</summary>
internal sealed class ListAgents : IAgentWay
{
    private readonly RedisServer _redis;
    private readonly StackExchange.Redis.ConnectionMultiplexer _connection;
    private readonly OwnSilo _silo;

    private ListAgents(RedisServer redis, StackExchange.Redis.ConnectionMultiplexer connection, OwnSilo silo)
    {
        (_redis, _connection, _silo) = (redis, connection, silo);
        Api = silo.As(Role.Admin);
    }

    public ApiClient Api { get; }

    public static async Task<IAgentWay> StartAsync()
    {
        var redis = await RedisServer.StartNewAsync();
        return new ListAgents(
            redis, await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.Address),
            await OwnSilo.StartAsync(["--store", "redis", "--redis", redis.Address, "--feed", "redis", "--execution", "redis", "--risk", "open"]));
    }

    public Task PushAsync(string queue, string json) => _connection.GetDatabase().ListLeftPushAsync(queue, json);

    public Task PriceAsync(string json) =>
        _connection.GetSubscriber().PublishAsync(StackExchange.Redis.RedisChannel.Literal("strategy_engine:market_data"), json);

    public async Task<string?> TakeOrderAsync()
    {
        string? json = null;
        var started = TimeProvider.System.GetTimestamp();
        while (json is null && TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
        {
            json = await _connection.GetDatabase().ListRightPopAsync("execution_orders");
        }

        return json;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _silo.DisposeAsync();
        await _connection.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
