using System.Diagnostics;
using System.Globalization;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Freezes;

/// <summary>
/// Silos over one Redis; again and again one stands still for longer than it takes to vote it out, every other time the one
/// that has the signals, and wakes as a stale owner.
/// </summary>
internal sealed class FreezesRun(StoreUnderTest store, int count, TimeSpan length, int silos, int rate, Random random)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan OrderLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(6);

    public async Task<bool> ExecuteAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var name = store.ToString().ToLowerInvariant();
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var fleet = new Fleet(place, silos, store == StoreUnderTest.Streams, isWired: false);
        await fleet.StartAsync();
        await using var agents = await RedisAgents.ConnectAsync(place.RedisAddress, store == StoreUnderTest.Streams);
        var load = new Load(agents, rate);
        load.Start();
        var gaps = new List<TimeSpan>();
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(Settling + TimeSpan.FromMilliseconds(random.Next(1000)));
            var chosen = random.Next(silos);
            var silo = i % 2 == 0 ? await Owners.OfSignalsAsync(fleet) ?? chosen : chosen;
            var (gap, awake) = await FreezeAsync(fleet, silo, load, agents);
            gaps.Add(gap);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name} {i + 1}: silo {silo} frozen: next order after {gap.TotalSeconds:0.00} s; it ended {awake.TotalSeconds:0.00} s after it woke"));
        }

        var verdict = await Verdict.OfAsync(agents, await load.EndAsync(), fleet.ClientOf(0));
        var isClean = verdict.IsClean && gaps.Max() <= Goal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {count} freezes of {length.TotalSeconds:0} s among {silos} silos, {verdict}, {fleet.Refusals()} stale commits refused, "
            + $"next order after {gaps.Average(gap => gap.TotalSeconds):0.00} s on average, {gaps.Max().TotalSeconds:0.00} s at most, "
            + $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0} s{(isClean ? "" : "  WRONG")}"));
        return isClean;
    }

    /// <summary>How long it took until a signal sent after the freeze had its order, and how long the silo lived once it woke.</summary>
    private async Task<(TimeSpan Gap, TimeSpan Awake)> FreezeAsync(Fleet fleet, int silo, Load load, RedisAgents agents)
    {
        var ended = fleet.Ended;
        fleet.Silos[silo].Freeze();
        var began = Stopwatch.GetTimestamp();
        var next = load.Next;
        try
        {
            await Poll.UntilAsync($"the order of {next}", () => Task.FromResult(agents.HasSeen(next)), OrderLimit, fleet.Tail);
            var gap = Stopwatch.GetElapsedTime(began);
            await Task.Delay(gap < length ? length - gap : TimeSpan.Zero);
            fleet.Silos[silo].Thaw();
            var woke = Stopwatch.GetTimestamp();
            await Poll.UntilAsync(
                "the end of the silo that was voted out", () => Task.FromResult(fleet.Ended > ended), EndLimit, fleet.Silos[silo].Tail);
            var awake = Stopwatch.GetElapsedTime(woke);
            await fleet.ReadyAsync();
            return (gap, awake);
        }
        catch (FaultException)
        {
            // A process that stands still can be ended, yet nothing waits for it to say why.
            fleet.Silos[silo].Thaw();
            throw;
        }
    }
}
