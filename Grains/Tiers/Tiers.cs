using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Grains.Tiers;

/// <summary>All tiers of a partition in one place: the four, then those of the configuration.</summary>
public static class Tiers
{
    /// <summary>Their grains, first to last.</summary>
    public static IReadOnlyList<ITierGrain> All(IGrainFactory grains, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(options);
        return
        [
            grains.GetGrain<IUltraHftTierGrain>(options.Partition), grains.GetGrain<IFastTierGrain>(options.Partition),
            grains.GetGrain<ITacticalTierGrain>(options.Partition), grains.GetGrain<IStrategicTierGrain>(options.Partition),
            .. options.Tiers.Select(tier => grains.GetGrain<ICustomTierGrain>(KeyOf(options.Partition, tier.Name))),
        ];
    }

    /// <summary>Key of the grain of a tier of the configuration.</summary>
    public static string KeyOf(string partition, string name) => $"{partition}/{name}";

    /// <summary>The definition of the tier that a grain is; one that the configuration lost runs no more jobs.</summary>
    internal static TierDefinition Of(IGrainContext context, EngineOptions options)
    {
        var key = context.GrainId.Key.ToString()!;
        return options.Tiers.FirstOrDefault(tier => KeyOf(options.Partition, tier.Name) == key)
            ?? new TierDefinition(TierDefinition.FirstNumber, key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..], TierDefinition.LongestPeriod, null, []);
    }
}
