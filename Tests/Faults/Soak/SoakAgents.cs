using System.Globalization;
using StackExchange.Redis;
using TradingEngine.Client;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Soak;

/// <summary>Agents that keep nothing: signals go in, orders are taken, filled and forgotten.</summary>
internal sealed class SoakAgents(IDatabase? redis, bool usesStreams, TradingEngineClient client)
{
    private const int Batch = 500;
    private const string Group = "soak-executor";
    private const string Orders = "te:{0}:orders";
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(5);

    private bool _hasGroup;

    public long Filled { get; private set; }

    /// <summary>A signal that opens for one of many strategies.</summary>
    public static string Open(string id, string strategy) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"signal_id":"{{id}}","action":"buy","symbol":"BTCUSD","strategy":"{{strategy}}","quantity":{{Wire.Quantity}},"entry_price":{{Wire.Price}},"stop_loss":1,"take_profit":100000000}""");

    /// <summary>A signal that closes what the strategy has open.</summary>
    public static string Close(string id, string strategy) =>
        $$"""{"signal_id":"{{id}}","action":"close","symbol":"BTCUSD","strategy":"{{strategy}}"}""";

    public async Task SendAsync(IReadOnlyList<string> signals)
    {
        if (redis is null)
        {
            await Task.WhenAll(signals.Select(signal => client.SubmitSignalAsync(2, signal)));
        }
        else if (usesStreams)
        {
            await Task.WhenAll(signals.Select(signal => AddAsync("te:{0}:signals:fast", "signal", signal)));
        }
        else
        {
            await redis.ListLeftPushAsync("strategy_signals", [.. signals.Select(signal => (RedisValue)signal)]);
        }
    }

    /// <summary>Fills until it is told to end; on the embedded store the silo's own executor does.</summary>
    public async Task ExecuteAsync(CancellationToken ending)
    {
        while (redis is not null && !ending.IsCancellationRequested)
        {
            var count = usesStreams ? await FillStreamAsync() : await FillListAsync();
            Filled += count;
            if (count == 0)
            {
                await Task.Delay(Idle, CancellationToken.None);
            }
        }
    }

    private async Task<int> FillListAsync()
    {
        var orders = await redis!.ListRightPopAsync("execution_orders", Batch) ?? [];
        if (orders.Length > 0)
        {
            await redis.ListLeftPushAsync("position_updates", [.. orders.Select(order => (RedisValue)FillOf(order))]);
        }

        return orders.Length;
    }

    private async Task<int> FillStreamAsync()
    {
        if (!_hasGroup)
        {
            try
            {
                await redis!.StreamCreateConsumerGroupAsync(Orders, Group, "0-0");
            }
            catch (RedisServerException exception) when (exception.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
            {
                // It is there already.
            }

            _hasGroup = true;
        }

        var entries = await redis!.StreamReadGroupAsync(Orders, Group, "one", ">", Batch);
        await Task.WhenAll(entries.Select(entry => AddAsync("te:{0}:updates", "execution_report", FillOf(entry["data"]))));
        if (entries.Length > 0)
        {
            await redis.StreamAcknowledgeAsync(Orders, Group, [.. entries.Select(entry => entry.Id)]);
        }

        return entries.Length;
    }

    private static string FillOf(RedisValue order)
    {
        var (orderId, _, positionId, _, _) = Wire.ReadOrder((string)order!);
        return Wire.Fill(orderId, positionId);
    }

    private Task AddAsync(string key, string type, string data) => redis!.StreamAddAsync(
        key, [new NameValueEntry("v", "1"), new NameValueEntry("type", type), new NameValueEntry("data", data)]);
}
