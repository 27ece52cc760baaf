using TradingEngine.Client;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;

namespace TradingEngine.Tests.Faults.Harness;

/// <summary>Asks a cluster which silo has which tier, without waking one.</summary>
internal static class Owners
{
    /// <summary>Tiers, first to last.</summary>
    public static IReadOnlyList<string> Tiers { get; } = ["ultra_hft", "fast", "tactical", "strategic"];

    /// <summary>The silo that has the signals of tier 2; null when nobody has them.</summary>
    public static async Task<int?> OfSignalsAsync(Fleet fleet)
    {
        await using var cluster = await ClusterConnection.OpenAsync(fleet.ClientOf(0), CancellationToken.None);
        return await OfAsync(cluster.Client, fleet, 1);
    }

    /// <summary>The silo that has a tier, counted from 0; null when nobody has it.</summary>
    public static async Task<int?> OfAsync(IClusterClient cluster, Fleet fleet, int tier)
    {
        var address = await cluster.GetGrain<IManagementGrain>(0).GetActivationAddress(Tier(cluster, tier));
        return address is not null && fleet.At(address.Endpoint.Port) is var silo and >= 0 ? silo : null;
    }

    /// <summary>A tier's grain. A call wakes it.</summary>
    public static ITierGrain Tier(IClusterClient cluster, int tier) => tier switch
    {
        0 => cluster.GetGrain<IUltraHftTierGrain>(StreamNames.DefaultPartition),
        1 => cluster.GetGrain<IFastTierGrain>(StreamNames.DefaultPartition),
        2 => cluster.GetGrain<ITacticalTierGrain>(StreamNames.DefaultPartition),
        _ => cluster.GetGrain<IStrategicTierGrain>(StreamNames.DefaultPartition),
    };
}
