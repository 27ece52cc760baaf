namespace TradingEngine.Grains.Interfaces;

/// <summary>What silos and clients call the cluster; both must agree to meet.</summary>
public static class ClusterNames
{
    /// <summary>Names the silos that form one cluster.</summary>
    public const string ClusterId = "trading-engine";

    /// <summary>Names the service, whose stored state outlives any cluster.</summary>
    public const string ServiceId = "trading-engine";
}
