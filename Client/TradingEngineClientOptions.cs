using TradingEngine.Grains.Interfaces;

namespace TradingEngine.Client;

/// <summary>How to reach an engine.</summary>
public sealed record TradingEngineClientOptions
{
    /// <summary>Longest time to connect unless set: 5 s.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Longest time for an answer unless set: 30 s.</summary>
    public static readonly TimeSpan DefaultResponseTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Where the engine listens for clients. Default 127.0.0.1:30000.</summary>
    public GatewayAddress Gateway { get; init; } = GatewayAddress.Local;

    /// <summary>Partition whose engine is meant, which has silos and a cluster of its own. Default <c>0</c>, the first.</summary>
    public string Partition { get; init; } = StreamNames.DefaultPartition;

    /// <summary>Cluster to join. Default that of <see cref="Partition"/>.</summary>
    public string ClusterId
    {
        get => field ?? ClusterNames.ClusterIdOf(Partition);
        init;
    }

    /// <summary>Service to join. Default that of <see cref="Partition"/>.</summary>
    public string ServiceId
    {
        get => field ?? ClusterNames.ServiceIdOf(Partition);
        init;
    }

    /// <summary>Longest time for connecting, greater than zero. Default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>Longest time for the answer to one call, greater than zero. Default 30 s.</summary>
    public TimeSpan ResponseTimeout { get; init; } = DefaultResponseTimeout;

    /// <summary>
    /// True to keep trying until <see cref="ConnectTimeout"/>, as for an engine that is just starting; false, the default, to
    /// give up at the first refusal.
    /// </summary>
    public bool WaitsForEngine { get; init; }

    /// <summary>Who commands, as the engine's command history shows it. Default <c>client:</c> and the user's name.</summary>
    public string Source { get; init; } = $"client:{Environment.UserName}";
}
