namespace TradingEngine.Grains.Interfaces;

/// <summary>What silos and clients call the cluster; both must agree to meet. Each partition of a store has a cluster of its own.</summary>
public static class ClusterNames
{
    /// <summary>Names the silos that form the cluster of the first partition.</summary>
    public const string ClusterId = "trading-engine";

    /// <summary>Names its service, whose stored state outlives any cluster.</summary>
    public const string ServiceId = "trading-engine";

    /// <summary>The cluster of a partition: silos of two never meet, so that nothing of one reaches the other.</summary>
    public static string ClusterIdOf(string partition) => Of(ClusterId, partition);

    /// <summary>The service of a partition: its reminders and its grain storage.</summary>
    public static string ServiceIdOf(string partition) => Of(ServiceId, partition);

    private static string Of(string name, string partition) =>
        partition == StreamNames.DefaultPartition ? name : $"{name}-{partition}";
}
