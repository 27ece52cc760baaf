using System.Diagnostics;
using System.Globalization;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Outages;

/// <summary>Redis goes without a word and comes back with what it had.</summary>
internal sealed class OutageRun(StoreUnderTest store, TimeSpan away, int signals)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ResumeGoal = TimeSpan.FromSeconds(5);
    private const double MemoryGoal = 0.2;

    public async Task<bool> ExecuteAsync()
    {
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var silo = place.SiloOnRedis(store == StoreUnderTest.Streams);
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        await using var agents = await RedisAgents.ConnectAsync(place.RedisAddress, store == StoreUnderTest.Streams);

        string[] ids = [.. Enumerable.Range(0, signals).Select(i => $"f-{i}")];
        await agents.SendAsync(ids);
        await OrderedAsync(agents, ids.Length, StartLimit, silo);
        var fresh = Memory(silo);

        // A silo that has just started grows for a while anyway: the same time with Redis there is what the outage is measured by.
        await Task.Delay(away);
        var before = Memory(silo);

        await redis.KillAsync();
        await Task.Delay(away);
        var duringMemory = Memory(silo);
        if (!silo.IsRunning)
        {
            throw new FaultException($"The silo ended while Redis was away. {silo.Tail()}");
        }

        redis.Start();
        await place.AnswersAsync(redis);
        var returned = Stopwatch.GetTimestamp();
        await agents.SendAsync(["after"]);
        await OrderedAsync(agents, ids.Length + 1, ResumeLimit, silo);
        var resumed = Stopwatch.GetElapsedTime(returned);

        var orders = await agents.OrdersAsync();
        var lost = ids.Append("after").Count(id => !orders.ContainsKey(id));
        var doubled = orders.Values.Sum(seen => seen.OrderIds.Count - 1);
        var isClean = lost == 0 && doubled == 0 && resumed <= ResumeGoal
            && Math.Abs(duringMemory - before) <= MemoryGoal * before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{store.ToString().ToLowerInvariant(),-9} Redis away {away.TotalSeconds:0} s: {lost} lost, {doubled} doubled, "
            + $"next order {resumed.TotalSeconds:0.00} s after its return, memory {fresh} MB at first, {before} MB after as long with Redis there, {duringMemory} MB after it was away"
            + $"{(isClean ? "" : "  WRONG")}"));
        return isClean;
    }

    private static Task OrderedAsync(RedisAgents agents, int count, TimeSpan limit, Victim silo) => Poll.UntilAsync(
        $"{count} orders", async () => (await agents.OrdersAsync()).Count >= count, limit, silo.Tail);

    private static long Memory(Victim silo)
    {
        using var process = Process.GetProcessById(silo.Id);
        return process.WorkingSet64 / (1024 * 1024);
    }
}
