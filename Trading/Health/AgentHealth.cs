using System.Collections.Immutable;

namespace TradingEngine.Trading.Health;

/// <summary>How an agent is.</summary>
public enum AgentCondition
{
    /// <summary>It never gave a sign.</summary>
    NeverSeen = 0,

    /// <summary>It gives signs as it said it would.</summary>
    Fresh = 1,

    /// <summary>A sign is overdue.</summary>
    Late = 2,

    /// <summary>It has been silent for too long, or says that it does not run.</summary>
    Dead = 3,
}

/// <summary>What is seen of an agent.</summary>
/// <param name="Name">Agent.</param>
/// <param name="LastHeartbeat">Its last sign; null for none.</param>
/// <param name="Interval">How often it says that it gives one; null where it does not say.</param>
/// <param name="Status">Its status in its own words; null for none.</param>
/// <param name="Version">Its version; null where it does not say.</param>
public sealed record AgentSign(string Name, DateTimeOffset? LastHeartbeat, TimeSpan? Interval, string? Status, string? Version);

/// <summary>An agent's health.</summary>
/// <param name="Name">Agent.</param>
/// <param name="Condition">How it is.</param>
/// <param name="Lag">Time since its last sign, 0 or more; null when it never gave one.</param>
/// <param name="Version">Its version; null where it does not say.</param>
public sealed record AgentHealth(string Name, AgentCondition Condition, TimeSpan? Lag, string? Version)
{
    /// <summary>A sign is overdue after so many intervals.</summary>
    public const int LateIntervals = 3;

    /// <summary>An agent is dead after so long, or after <see cref="DeadIntervals"/> of its intervals if that is longer.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(300);

    /// <summary>See <see cref="DeadAfter"/>.</summary>
    public const int DeadIntervals = 10;

    /// <summary>The interval of an agent that declares none.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(30);

    /// <summary>The agents to know of, as they are named under <c>agent_stats:</c> and <c>heartbeat:</c>.</summary>
    public static ImmutableArray<string> Known { get; } =
    [
        "communication_hub", "data_feeds", "adapters", "strategy_engine", "risk_management", "execution", "validation",
        "intelligence", "market_conditions", "core", "fees_monitor", "failure_prevention", "trading_engine",
    ];

    /// <summary>Judges a sign. One from the future, of a clock that goes wrong, counts as of now.</summary>
    public static AgentHealth Of(AgentSign sign, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(sign);
        if (sign.LastHeartbeat is not { } beat)
        {
            return new AgentHealth(sign.Name, AgentCondition.NeverSeen, null, sign.Version);
        }

        var lag = now > beat ? now - beat : TimeSpan.Zero;
        var interval = sign.Interval is { } declared && declared > TimeSpan.Zero ? declared : DefaultInterval;
        var dead = interval * DeadIntervals > DeadAfter ? interval * DeadIntervals : DeadAfter;
        var runs = sign.Status is null || sign.Status.Equals("running", StringComparison.OrdinalIgnoreCase);
        var condition = !runs || lag >= dead ? AgentCondition.Dead
            : lag > interval * LateIntervals ? AgentCondition.Late
            : AgentCondition.Fresh;
        return new AgentHealth(sign.Name, condition, lag, sign.Version);
    }

    /// <summary>The condition's name on the wire: <c>fresh</c>, <c>late</c>, <c>dead</c>, <c>never_seen</c>.</summary>
    public static string NameOf(AgentCondition condition) => condition switch
    {
        AgentCondition.NeverSeen => "never_seen",
        AgentCondition.Fresh => "fresh",
        AgentCondition.Late => "late",
        AgentCondition.Dead => "dead",
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "Not a condition."),
    };
}
