using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using TradingEngine.Tests.Cluster.Harness;
using Xunit;

namespace TradingEngine.Tests.Cluster.Processes;

/// <summary>The sample agents over a Redis that is killed and started again: neither ends, and nothing is done twice.</summary>
[Collection(BesideOthers.Name)]
public sealed class SampleAgentTests
{
    private const int Orders = 300;
    private const int Signals = 40;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Execution_agent_goes_on_after_a_restart_of_redis_and_fills_every_order_once()
    {
        await using var server = await RedisServer.StartNewAsync();
        using var agent = Start("execution_agent.py", server, "");
        try
        {
            await PushAsync(server, 0);
            await FilledAsync(server, 1);
            await server.KillAsync();
            await server.StartAsync();
            await PushAsync(server, Orders);
            await FilledAsync(server, 2 * Orders);

            // Behind all others, so that what was to come twice has come.
            await PushAsync(server, 2 * Orders, 1);
            var fills = await FilledAsync(server, (2 * Orders) + 1);
            Assert.Equal(fills.Count, fills.Distinct().Count());
            Assert.False(agent.HasExited);
        }
        finally
        {
            agent.Kill();
        }
    }

    [Fact]
    public async Task Strategy_agent_goes_on_after_a_restart_of_redis_and_sends_no_signal_under_two_ids()
    {
        await using var server = await RedisServer.StartNewAsync();
        using var agent = Start(
            "strategy_agent.py", server, string.Create(CultureInfo.InvariantCulture, $"--quotes --rate 20 --count {Signals}"));
        try
        {
            await CountAsync(server, "strategy_signals", Signals / 4);
            await server.KillAsync();
            await server.StartAsync();
            await agent.WaitForExitAsync(Stop);
            Assert.Equal(0, agent.ExitCode);

            var signals = (await ReadAsync(server, "strategy_signals"))
                .Select(signal => (Id: signal.GetProperty("signal_id").GetString(), Time: signal.GetProperty("timestamp").GetDouble())).ToList();
            Assert.Equal(Signals, signals.Select(signal => signal.Id).Distinct().Count());
            Assert.Equal(Signals, signals.Select(signal => signal.Time).Distinct().Count());
        }
        finally
        {
            agent.Kill();
        }
    }

    private static Process Start(string sample, RedisServer server, string options) => Process.Start(new ProcessStartInfo(
        "/usr/bin/python3",
        [Path.Combine(AppContext.BaseDirectory, "python", sample), "--redis", $"redis://{server.Address}/0", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]))!;

    private static async Task PushAsync(RedisServer server, int first, int count = Orders)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await redis.GetDatabase().ListLeftPushAsync("execution_orders", [.. Enumerable.Range(first, count).Select(number => (RedisValue)string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"order_id":"o-{{number}}","position_id":"p","type":"open","action":"buy","symbol":"BTCUSD","quantity":0.01,"price":60000,"account":"default"}"""))]);
    }

    /// <summary>Waits for fills of so many orders; the order ids of all fills, repeated where a fill was.</summary>
    private static async Task<List<string>> FilledAsync(RedisServer server, int count)
    {
        await CountAsync(server, "position_updates", count);
        return [.. (await ReadAsync(server, "position_updates")).Select(report => report.GetProperty("updates").GetProperty("order_id").GetString()!)];
    }

    private static async Task CountAsync(RedisServer server, string list, int count)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        await Eventually.HoldsAsync($"{count} messages on {list}", async () => await redis.GetDatabase().ListLengthAsync(list) >= count);
    }

    private static async Task<List<JsonElement>> ReadAsync(RedisServer server, string list)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Address);
        return [.. (await redis.GetDatabase().ListRangeAsync(list)).Select(text => JsonSerializer.Deserialize<JsonElement>((string)text!))];
    }
}
