using System.Diagnostics;
using System.Globalization;
using System.Text;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Arming;

/// <summary>
/// The proxy before Redis lets the commit of an opening fill through and keeps its answer, so that the silo cannot have told
/// the instrument when it is killed. What the next start does is measured by what counts: a price at the stop, and its close.
/// </summary>
internal sealed class ArmingRun(StoreUnderTest store, int count, Random random)
{
    private const decimal Stop = Wire.Price - 1000m;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PriceEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>For Redis to do what it was asked: nothing here depends on how much of it is needed, only how many kills count.</summary>
    private static readonly TimeSpan Writing = TimeSpan.FromMilliseconds(50);

    public async Task<bool> ExecuteAsync()
    {
        var name = store.ToString().ToLowerInvariant();
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var proxy = new TcpProxy(new Network(), Network.Redis, place.RedisPort, _ => 0);
        await using var silo = place.SiloOnRedis(store == StoreUnderTest.Streams, redisPort: proxy.Port);
        silo.Start();
        await silo.PrintsAsync("Ready", Limit);
        await using var agents = await RedisAgents.ConnectAsync(
            place.RedisAddress, store == StoreUnderTest.Streams, id => Wire.Signal(id, stop: Stop));
        var waits = new List<TimeSpan>();
        string[] ids = [.. Enumerable.Range(0, count).Select(i => $"f-{i}")];
        foreach (var id in ids)
        {
            await silo.PrintsAsync("Ready", Limit);
            await agents.PublishAsync(Wire.Price);
            await Task.Delay(random.Next(500));
            await KillBeforeArmingAsync(id, proxy, silo, agents);
            silo.Start();
            waits.Add(await CloseAsync(id, silo, agents));
        }

        var orders = await agents.OrdersAsync();
        var wrong = ids.Count(id => !orders.TryGetValue(id, out var seen) || seen.OrderIds.Distinct().Count() != 2 || seen.OrderIds.Count != 2);
        var isClean = wrong == 0 && waits.Max() <= Goal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {count} kills between the commit of a fill and its arming: {wrong} positions without exactly one open and one close, "
            + $"stop acted {waits.Average(wait => wait.TotalSeconds):0.00} s after ready on average, {waits.Max().TotalSeconds:0.00} s at most"
            + $"{(isClean ? "" : "  WRONG")}"));
        return isClean;
    }

    private static async Task KillBeforeArmingAsync(string id, TcpProxy proxy, Victim silo, RedisAgents agents)
    {
        var committed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        agents.Filling = order =>
        {
            if (order.SignalId == id)
            {
                agents.Filling = null;
                _ = proxy.HoldAnswerTo(Encoding.UTF8.GetBytes(Wire.FillId(order.OrderId)))
                    .ContinueWith(_ => committed.TrySetResult($"\"position\":\"{order.PositionId}\",\"version\":2"), TaskScheduler.Default);
            }
        };
        await agents.SendAsync([id]);
        await Poll.UntilAsync($"the commit of the fill of {id}", () => Task.FromResult(committed.Task.IsCompleted), Limit, silo.Tail);
        await Task.Delay(Writing);
        await silo.KillAsync();
        if (!await agents.IsRecordedAsync(committed.Task.Result))
        {
            throw new FaultException($"The fill of {id} was to be committed when the silo was killed, and was not.");
        }
    }

    /// <summary>How long after the silo said that it is ready the close of a position appeared, at a price that reaches its stop.</summary>
    private static async Task<TimeSpan> CloseAsync(string id, Victim silo, RedisAgents agents)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        agents.Filling = order =>
        {
            if (order.SignalId == id)
            {
                closed.TrySetResult();
            }
        };
        await silo.PrintsAsync("Ready", Limit);
        var ready = Stopwatch.GetTimestamp();
        while (!closed.Task.IsCompleted)
        {
            if (Stopwatch.GetElapsedTime(ready) > Limit)
            {
                throw new FaultException($"The stop of {id} did not act within {Limit.TotalSeconds:0} s. {silo.Tail()}");
            }

            await agents.PublishAsync(Stop - 1m);
            await Task.WhenAny(closed.Task, Task.Delay(PriceEvery));
        }

        agents.Filling = null;
        return Stopwatch.GetElapsedTime(ready);
    }
}
