using System.Diagnostics;
using System.Globalization;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Partitions;

/// <summary>Silos over one Redis; again and again the wires of one of them are cut or slowed, and healed.</summary>
internal sealed class PartitionsRun(
    StoreUnderTest store, PartitionMode[] modes, int count, TimeSpan length, int silos, int rate, Random random)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan OrderLimit = TimeSpan.FromSeconds(120);

    /// <summary>Longer than the silos wait for a probe, so that they take one another for dead.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.5);

    public async Task<bool> ExecuteAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var name = store.ToString().ToLowerInvariant();
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var fleet = new Fleet(place, silos, store == StoreUnderTest.Streams, isWired: true);
        await fleet.StartAsync();
        await using var agents = await RedisAgents.ConnectAsync(place.RedisAddress, store == StoreUnderTest.Streams);
        var load = new Load(agents, rate);
        load.Start();
        for (var i = 0; i < count; i++)
        {
            var mode = modes[i % modes.Length];
            var silo = random.Next(silos);
            await Task.Delay(Settling + TimeSpan.FromMilliseconds(random.Next(1000)));
            Part(fleet.Network, mode, silo);
            var gap = await MeanwhileAsync(load, agents);
            fleet.Network.Heal();
            var healed = await OrderAsync(load, agents, fleet);
            await fleet.ReadyAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name} {i + 1}: {mode.ToString().ToLowerInvariant()} of silo {silo}: next order {(gap is { } came ? $"after {came.TotalSeconds:0.00} s" : "not before it was healed")}, "
                + $"then {healed.TotalSeconds:0.00} s after that, {fleet.Ended} evictions so far"));
        }

        var verdict = await Verdict.OfAsync(agents, await load.EndAsync(), fleet.ClientOf(0));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {count} partitions of {length.TotalSeconds:0} s among {silos} silos, {verdict}, {fleet.Ended} evictions, "
            + $"{fleet.Refusals()} stale commits refused, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s{(verdict.IsClean ? "" : "  WRONG")}"));
        return verdict.IsClean;
    }

    private void Part(Network network, PartitionMode mode, int silo)
    {
        int[] others = mode >= PartitionMode.RedisDrop
            ? [Network.Redis]
            : [.. Enumerable.Range(0, silos).Where(other => other != silo)];
        foreach (var other in others)
        {
            var rule = mode is PartitionMode.Delay or PartitionMode.RedisDelay ? WireRule.Slow(Late) : WireRule.Cut;
            if (mode is not PartitionMode.Deaf and not PartitionMode.RedisDeaf)
            {
                network.Set(silo, other, rule);
            }

            if (mode is not PartitionMode.Mute)
            {
                network.Set(other, silo, rule);
            }
        }
    }

    /// <summary>Lets the partition last; how long into it a signal sent since it began had its order, null when none had.</summary>
    private async Task<TimeSpan?> MeanwhileAsync(Load load, RedisAgents agents)
    {
        var began = Stopwatch.GetTimestamp();
        var next = load.Next;
        TimeSpan? gap = null;
        while (Stopwatch.GetElapsedTime(began) is var gone && gone < length)
        {
            gap ??= agents.HasSeen(next) ? gone : null;
            await Task.Delay(Glance);
        }

        return gap;
    }

    /// <summary>How long it takes from now until a signal that is sent from now on has its order.</summary>
    private static async Task<TimeSpan> OrderAsync(Load load, RedisAgents agents, Fleet fleet)
    {
        var began = Stopwatch.GetTimestamp();
        var next = load.Next;
        await Poll.UntilAsync($"the order of {next}", () => Task.FromResult(agents.HasSeen(next)), OrderLimit, fleet.Tail);
        return Stopwatch.GetElapsedTime(began);
    }
}
