using System.Diagnostics;
using System.Globalization;
using TradingEngine.Client;
using TradingEngine.Tests.Faults.Harness;
using TradingEngine.Tests.Faults.Kills;

namespace TradingEngine.Tests.Faults.Owner;

/// <summary>
/// Nothing goes on but the tiers' own beats. The silo that has one of them is killed; until each tier is awake elsewhere,
/// nobody calls it, since a call would wake it.
/// </summary>
internal sealed class OwnerRun(StoreUnderTest store, int count, Random random)
{
    private const int Silos = 3;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(2);

    public async Task<bool> ExecuteAsync()
    {
        var name = store.ToString().ToLowerInvariant();
        using var place = new Place();
        await using var redis = await place.StartRedisAsync();
        await using var fleet = new Fleet(place, Silos, store == StoreUnderTest.Streams, isWired: false);
        await fleet.StartAsync();
        var waits = new List<TimeSpan>();
        var moved = 0;
        for (var i = 0; i < count; i++)
        {
            await fleet.ReadyAsync();
            await Task.Delay(Settling + TimeSpan.FromMilliseconds(random.Next(1000)));
            var tier = i % Owners.Tiers.Count;
            var victim = await OwnerOfAsync(fleet, tier);
            var found = await KillAsync(fleet, victim);
            waits.AddRange(found.Values);
            moved += found.Count;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name} {i + 1}: silo {victim} killed: {string.Join(", ", found.Select(pair => $"{Owners.Tiers[pair.Key]} beat after {pair.Value.TotalSeconds:0.00} s"))}"));
        }

        var isClean = waits.Max() <= Goal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {count} owners killed in an idle cluster of {Silos}, {moved} tiers moved: beat again after "
            + $"{waits.Average(wait => wait.TotalSeconds):0.00} s on average, {waits.Max().TotalSeconds:0.00} s at most{(isClean ? "" : "  WRONG")}"));
        return isClean;
    }

    private static async Task<int> OwnerOfAsync(Fleet fleet, int tier)
    {
        int? owner = null;
        await using var cluster = await ClusterConnection.OpenAsync(fleet.ClientOf(0), CancellationToken.None);
        await Poll.UntilAsync(
            $"an owner of {Owners.Tiers[tier]}", async () => (owner = await Owners.OfAsync(cluster.Client, fleet, tier)) is not null, Limit, fleet.Tail);
        return owner!.Value;
    }

    /// <summary>Kills a silo; how long it took until each tier it had had beaten at another.</summary>
    private static async Task<SortedDictionary<int, TimeSpan>> KillAsync(Fleet fleet, int victim)
    {
        // Connected beforehand, so that the time of connecting is not measured.
        await using var cluster = await ClusterConnection.OpenAsync(fleet.ClientOf((victim + 1) % Silos), CancellationToken.None);
        var had = new List<int>();
        for (var tier = 0; tier < Owners.Tiers.Count; tier++)
        {
            if (await Owners.OfAsync(cluster.Client, fleet, tier) == victim)
            {
                had.Add(tier);
            }
        }

        var began = Stopwatch.GetTimestamp();
        await fleet.KillAsync(victim);
        var found = new SortedDictionary<int, TimeSpan>();
        await Poll.UntilAsync(
            "beats of every tier", async () =>
            {
                foreach (var tier in had.Where(tier => !found.ContainsKey(tier)).ToList())
                {
                    if (await BeatsAsync(cluster.Client, fleet, tier, victim))
                    {
                        found[tier] = Stopwatch.GetElapsedTime(began);
                    }
                }

                return found.Count == had.Count;
            },
            Limit, fleet.Tail);
        return found;
    }

    private static async Task<bool> BeatsAsync(IClusterClient cluster, Fleet fleet, int tier, int victim)
    {
        try
        {
            return await Owners.OfAsync(cluster, fleet, tier) is { } owner && owner != victim
                && (await Owners.Tier(cluster, tier).GetStatisticsAsync()).Cycles > 0;
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // Asked of the silo that is gone, before the others know.
            return false;
        }
    }
}
