using TradingEngine.Trading.Health;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Hosting;

/// <summary>What this silo last saw of the execution agent; nothing where there is none to watch. Thread-safe.</summary>
public sealed class VenueState
{
    private volatile AgentSign? _sign;

    /// <summary>The agent's last sign; null where nobody watches for one.</summary>
    public AgentSign? Sign
    {
        get => _sign;
        set => _sign = value;
    }

    /// <summary>False once it has been silent for too long.</summary>
    public bool IsUp(RiskLimits limits, DateTimeOffset now) =>
        Breakers.IsVenueUp(_sign?.LastHeartbeat, _sign?.Interval, limits, now);

    /// <summary>What its silence asks for.</summary>
    public BreakerDecision? Watch(RiskLimits limits, DateTimeOffset now) => _sign is { } sign
        ? Breakers.ExecutorSilent(sign.Name, sign.LastHeartbeat, sign.Interval, limits, now)
        : null;
}
