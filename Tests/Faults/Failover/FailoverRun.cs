using System.Diagnostics;
using System.Globalization;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Failover;

/// <summary>Three silos over one Redis; again and again one is taken out, whichever it is that holds the queues.</summary>
internal sealed class FailoverRun(StoreUnderTest store, int count, bool freezes, Random random)
{
    private const int Silos = 3;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SignalEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<string> _sent = [];
    private bool _isOver;

    private TimeSpan Goal => freezes ? TimeSpan.FromSeconds(6) : TimeSpan.FromSeconds(2);

    public async Task<bool> ExecuteAsync()
    {
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        var silos = Enumerable.Range(0, Silos)
            .Select(_ => place.Another().SiloOnRedis(store == StoreUnderTest.Streams)).ToList();
        try
        {
            foreach (var silo in silos)
            {
                silo.Start();
                await silo.PrintsAsync("Ready", StartLimit);
            }

            await using var agents = await RedisAgents.ConnectAsync(place.RedisAddress, store == StoreUnderTest.Streams);
            var sending = SendAsync(agents);
            var gaps = new List<TimeSpan>();
            for (var i = 0; i < count; i++)
            {
                await Task.Delay(Settling);
                gaps.Add(await TakeOutAsync(silos[random.Next(Silos)], agents));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {(freezes ? "freeze" : "kill")} {i + 1}: next order after {gaps[^1].TotalSeconds:0.00} s"));
            }

            _isOver = true;
            await sending;
            return await JudgeAsync(agents, gaps, silos);
        }
        finally
        {
            foreach (var silo in silos)
            {
                await silo.DisposeAsync();
            }
        }
    }

    private async Task SendAsync(RedisAgents agents)
    {
        while (!_isOver)
        {
            string id;
            lock (_sent)
            {
                id = $"f-{_sent.Count}";
                _sent.Add(id);
            }

            await agents.SendAsync([id]);
            await Task.Delay(SignalEvery);
        }
    }

    /// <summary>Takes a silo out and brings it back; how long it took until a signal sent after that had its order.</summary>
    private async Task<TimeSpan> TakeOutAsync(Victim silo, RedisAgents agents)
    {
        if (freezes)
        {
            silo.Freeze();
        }
        else
        {
            await silo.KillAsync();
        }

        var began = Stopwatch.GetTimestamp();
        string first;
        lock (_sent)
        {
            first = $"f-{_sent.Count}";
        }

        await Poll.UntilAsync($"the order of {first}", () => Task.FromResult(agents.HasSeen(first)), Limit);
        var gap = Stopwatch.GetElapsedTime(began);
        if (!freezes)
        {
            silo.Start();
            await silo.PrintsAsync("Ready", StartLimit);
            return gap;
        }

        if (Frozen > gap)
        {
            await Task.Delay(Frozen - gap);
        }

        // It wakes as one that was voted out, may try to write what it had in hand, and must end.
        silo.Thaw();
        await Poll.UntilAsync("the end of the silo that was voted out", () => Task.FromResult(!silo.IsRunning), Limit, silo.Tail);
        silo.Start();
        await silo.PrintsAsync("Ready", StartLimit);
        return gap;
    }

    private async Task<bool> JudgeAsync(RedisAgents agents, List<TimeSpan> gaps, List<Victim> silos)
    {
        await Poll.UntilAsync(
            "an order of every signal", async () => (await agents.OrdersAsync()).Count >= _sent.Count, Limit,
            () => string.Join('\n', silos.Select(silo => silo.Tail())));
        var orders = await agents.OrdersAsync();
        var lost = _sent.Count(id => !orders.ContainsKey(id));
        var doubled = orders.Values.Sum(seen => seen.OrderIds.Count - 1);
        var isClean = lost == 0 && doubled == 0 && gaps.Max() <= Goal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{store.ToString().ToLowerInvariant()}: {count} of {Silos} silos {(freezes ? "frozen" : "killed")}, {_sent.Count} signals: "
            + $"{lost} lost, {doubled} doubled, next order after {gaps.Average(gap => gap.TotalSeconds):0.00} s on average, "
            + $"{gaps.Max().TotalSeconds:0.00} s at most{(isClean ? "" : "  WRONG")}"));
        return isClean;
    }
}
