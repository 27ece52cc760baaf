using System.Diagnostics;
using TradingEngine.Client;
using TradingEngine.Tests.Faults.Harness;

namespace TradingEngine.Tests.Faults.Kills;

/// <summary>Signals come in all the time; the silo is killed again and again, at its start, at work and at rest.</summary>
internal sealed class KillsRun(StoreUnderTest store, int kills, int signals, KillTarget target, Expiry? expiry, Random random)
{
    private const int LongestLife = 1500;

    /// <summary>Where signals grow too old while the silo is away, it needs some time to meet those that are not.</summary>
    private const int LongestFreshLife = 8000;
    private const int EarlyShare = 5;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMinutes(5);

    public async Task<KillsTally> ExecuteAsync()
    {
        var started = Stopwatch.GetTimestamp();
        using var place = new Place();
        await using var redis = store == StoreUnderTest.Embedded ? null : await place.StartRedisAsync();
        var risk = expiry is null ? "open" : Expiry.WriteLimits(place.Data);
        await using var silo = store == StoreUnderTest.Embedded
            ? place.Silo("--feed", "simulated", "--risk", risk, "--paper-commission-bps", "0")
            : place.SiloOnRedis(store == StoreUnderTest.Streams, risk: risk);
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        await using var agents = store == StoreUnderTest.Embedded
            ? (IAgents)new EmbeddedAgents(place, expiry is null ? null : expiry.SignalOf)
            : await RedisAgents.ConnectAsync(
                place.RedisAddress, store == StoreUnderTest.Streams, expiry is null ? null : expiry.SignalOf);
        if (expiry is not null && agents is RedisAgents feed)
        {
            await feed.QuoteAsync(DateTimeOffset.UtcNow);
        }

        string[] ids = [.. Enumerable.Range(0, signals).Select(i => $"f-{i}")];
        var sending = SendAsync(agents, ids);
        for (var kill = 1; kill <= kills; kill++)
        {
            await (target == KillTarget.Silo ? KillAsync(silo) : KillRedisAsync(redis!, silo));
            if (kill % 20 == 0)
            {
                Console.WriteLine($"  {store.ToString().ToLowerInvariant()}: {kill} kills");
            }
        }

        await sending;
        var held = await DrainAsync(place, silo, agents);
        if (store == StoreUnderTest.Embedded)
        {
            await silo.KillAsync();
        }

        return Judge(ids, await agents.OrdersAsync(), held, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Sends in small parts with pauses, so that signals are under way at every kill.</summary>
    private async Task SendAsync(IAgents agents, string[] ids)
    {
        var part = Math.Max(1, ids.Length / Math.Max(1, kills * (expiry is null ? 10 : 40)));
        foreach (var chunk in ids.Chunk(part))
        {
            await agents.SendAsync(chunk);
            await Task.Delay(TimeSpan.FromMilliseconds(150));
        }
    }

    private async Task KillAsync(Victim silo)
    {
        var isEarly = random.Next(EarlyShare) == 0;
        if (!isEarly)
        {
            await silo.PrintsAsync("Ready", StartLimit);
        }

        await Task.Delay(random.Next(expiry is null ? LongestLife : LongestFreshLife));
        await silo.KillAsync();
        silo.Start();
    }

    /// <summary>Redis is away for up to a second and a half; the silo must live through it.</summary>
    private async Task KillRedisAsync(Victim redis, Victim silo)
    {
        await Task.Delay(random.Next(LongestLife * 2));
        await redis.KillAsync();
        await Task.Delay(random.Next(LongestLife));
        redis.Start();
        if (!silo.IsRunning)
        {
            throw new FaultException($"The silo ended when Redis was killed. {silo.Tail()}");
        }
    }

    private async Task<decimal> DrainAsync(Place place, Victim silo, IAgents agents)
    {
        await silo.PrintsAsync("Ready", StartLimit);
        await using var client = await TradingEngineClient.ConnectAsync(EmbeddedAgents.Options(place));
        var seen = "";
        await Poll.UntilAsync(
            $"all {signals} positions open and all queues of the engine empty",
            async () =>
            {
                var depths = (await client.GetRedisStatusAsync()).QueueDepths;
                var status = await client.GetEngineStatusAsync();
                seen = $"{status.Totals}; {string.Join(", ", depths.Select(pair => $"{pair.Key} {pair.Value}"))}. {silo.Tail()}";
                return status.Totals.Opened + status.Totals.Rejected + (await DeadAsync(client)) >= signals
                    && depths.All(pair => pair.Value == 0 || pair.Key == "orders");
            },
            DrainLimit, () => seen);
        decimal held = 0m;
        await Poll.UntilAsync(
            $"{signals} positions of the run",
            async () =>
            {
                var own = (await agents.PositionsAsync()).Where(position => position.Strategy == "faults").ToList();
                held = own.Sum(position => position.Quantity);
                seen = $"{own.Count} positions, {held} lots";
                return own.Count == signals || expiry is not null;
            },
            DrainLimit, () => seen);
        if (expiry is not null)
        {
            await expiry.ReadAsync(client);
        }

        return held;
    }

    private static async Task<long> DeadAsync(TradingEngineClient client) => (await client.GetDeadLettersAsync(1)).Kept;

    private KillsTally Judge(
        string[] ids, IReadOnlyDictionary<string, SeenOrders> orders, decimal held, TimeSpan elapsed)
    {
        if (expiry is not null)
        {
            return expiry.Judge(new KillsTally(store, kills, signals, 0, 0, held, 0m, elapsed), ids, orders);
        }

        var lost = ids.Count(id => !orders.ContainsKey(id));
        var doubled = ids.Sum(id => orders.TryGetValue(id, out var seen) ? seen.OrderIds.Count - 1 : 0);
        return new KillsTally(store, kills, signals, lost, doubled, held, signals * Wire.Quantity, elapsed);
    }
}
