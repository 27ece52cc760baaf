using System.Diagnostics;
using System.Globalization;
using TradingEngine.Client;
using TradingEngine.Client.Redis;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Tests.Faults.KillSwitch;

/// <summary>
/// Signals come in all the time. Trading is killed, and what stands in the list of orders right after the answer is counted: of
/// what appears behind that, nothing may take risk, though silo or Redis are killed around the command. Then the engine is reset.
/// </summary>
internal sealed class KillSwitchRun(StoreUnderTest store, int count, Random random)
{
    private const int Batch = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Goal = TimeSpan.FromMilliseconds(100);

    private readonly List<(string What, long From, long Until)> _kills = [];
    private readonly List<TimeSpan> _quiet = [];
    private int _sent;

    private enum Fault
    {
        None,
        SiloBefore,
        SiloAfter,
        RedisAfter,
    }

    public async Task<bool> ExecuteAsync()
    {
        var name = store.ToString().ToLowerInvariant();
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var silo = place.SiloOnRedis(store == StoreUnderTest.Streams);
        silo.Start();
        await silo.PrintsAsync("Ready", Limit);
        await using var agents = await RedisAgents.ConnectAsync(place.RedisAddress, store == StoreUnderTest.Streams);
        using var ending = new CancellationTokenSource();
        var sending = SendAsync(agents, ending.Token);
        for (var i = 0; i < count; i++)
        {
            await KillAsync(i, place, redis, silo, agents);
        }

        await ending.CancelAsync();
        await sending;
        return await JudgeAsync(name, agents);
    }

    private async Task SendAsync(RedisAgents agents, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
        {
            await agents.SendAsync([.. Enumerable.Range(0, Batch).Select(_ => $"f-{_sent++}")]);
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task KillAsync(int number, Place place, Victim redis, Victim silo, RedisAgents agents)
    {
        var fault = (Fault)(number % 4);
        await silo.PrintsAsync("Ready", Limit);
        var before = await agents.CountOrdersAsync();
        await Poll.UntilAsync("orders to appear", async () => await agents.CountOrdersAsync() > before + Batch, Limit, silo.Tail);
        await Task.Delay(random.Next(300));
        if (fault == Fault.SiloBefore)
        {
            await silo.KillAsync();
            silo.Start();
        }

        var way = await CommandAsync(number, place, agents, silo, fault == Fault.None);
        var from = await agents.CountOrdersAsync();

        if (fault == Fault.SiloAfter)
        {
            await Task.Delay(random.Next(50));
            await silo.KillAsync();
            silo.Start();
        }
        else if (fault == Fault.RedisAfter)
        {
            await Task.Delay(random.Next(50));
            await redis.KillAsync();
            redis.Start();
            await place.AnswersAsync(redis);
        }

        await silo.PrintsAsync("Ready", Limit);
        await RestartedAsync(place, silo, async client =>
        {
            var mode = (await client.GetEngineStatusAsync()).Mode;
            if (mode != EngineMode.Killed)
            {
                throw new FaultException($"The kill by {way} with {fault} did not stand: the engine is {mode}. {silo.Tail()}");
            }
        });
        await Task.Delay(random.Next(200, 500));
        _kills.Add(($"{way}, {fault}", from, await agents.CountOrdersAsync()));
        await RestartedAsync(place, silo, async client =>
        {
            await client.CommandAsync(new EngineCommand(EngineCommands.Reset, "faults") { Reason = $"kill {number} is over" });
            await client.ResumeAsync();
            if (!await client.IsRunningAsync())
            {
                throw new FaultException($"The engine could not be reset. {silo.Tail()}");
            }
        });
    }

    /// <summary>Kills by one way after another, and returns when it was answered.</summary>
    private async Task<string> CommandAsync(int number, Place place, RedisAgents agents, Victim silo, bool isTimed)
    {
        switch (number / 4 % 3)
        {
            case 0:
                await RestartedAsync(place, silo, async client =>
                {
                    // The first call over a new connection pays for its compilation.
                    await client.IsRunningAsync();
                    var started = Stopwatch.GetTimestamp();
                    var answer = await client.CommandAsync(new EngineCommand(EngineCommands.Kill, "faults") { Reason = "drill" });
                    if (!answer.IsCompleted)
                    {
                        throw new FaultException($"The kill was {answer.Status}: {answer.Reason}");
                    }

                    if (isTimed)
                    {
                        _quiet.Add(Stopwatch.GetElapsedTime(started));
                    }
                });
                return "client";
            case 1:
                var history = await agents.HistoryLengthAsync("kill");
                await agents.CommandAsync("""{"action":"kill","reason":"drill"}""", $"kill-{number}");
                await Poll.UntilAsync(
                    "the answer to the kill", async () => await agents.HistoryLengthAsync("kill") > history, Limit, silo.Tail);
                return "queue";
            default:
                await using (var redis = await RedisOption.ConnectAsync(place.RedisAddress, "faults"))
                {
                    await StoreKill.RunAsync(redis, EngineMode.Killed, "drill", "{}"u8.ToArray());
                }

                return "store";
        }
    }

    /// <summary>Does something through the client, again while the silo is not there.</summary>
    private static async Task RestartedAsync(Place place, Victim silo, Func<TradingEngineClient, Task> act)
    {
        Exception? last = null;
        await Poll.UntilAsync(
            "an answer of the engine",
            async () =>
            {
                try
                {
                    await using var client = await TradingEngineClient.ConnectAsync(EmbeddedAgents.Options(place));
                    await act(client);
                    return true;
                }
                catch (Exception exception) when (exception is not FaultException)
                {
                    last = exception;
                    return false;
                }
            },
            Limit, () => $"{last?.Message} {silo.Tail()}");
    }

    private async Task<bool> JudgeAsync(string name, RedisAgents agents)
    {
        IReadOnlyList<SentOrder> orders = [];
        await Poll.UntilAsync(
            "all orders to be taken",
            async () =>
            {
                orders = await agents.ListOrdersAsync();
                return orders.Count == await agents.CountOrdersAsync();
            },
            Limit);
        var wrong = _kills.Select(kill => (kill.What, Count: orders
            .Skip((int)kill.From).Take((int)(kill.Until - kill.From)).Count(order => order.IsEntry))).Where(kill => kill.Count > 0).ToList();
        var doubled = orders.Count - orders.Select(order => order.OrderId).Distinct(StringComparer.Ordinal).Count();
        _quiet.Sort();
        var isClean = wrong.Count == 0 && doubled == 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {_kills.Count} kills in {orders.Count} orders: {wrong.Sum(kill => kill.Count)} orders that take risk after the answer, "
            + $"{doubled} doubled; client's answer without a fault {_quiet[_quiet.Count / 2].TotalMilliseconds:0} ms p50, "
            + $"{_quiet[^1].TotalMilliseconds:0} ms at most (goal {Goal.TotalMilliseconds:0})"));
        foreach (var kill in wrong)
        {
            Console.WriteLine($"  WRONG: {kill.Count} after a kill by {kill.What}");
        }

        return isClean;
    }
}
