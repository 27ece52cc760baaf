namespace TradingEngine.Tests.Faults.Partitions;

/// <summary>How a silo is parted from the others, or from Redis.</summary>
internal enum PartitionMode
{
    /// <summary>Nothing passes between it and the others.</summary>
    Drop,

    /// <summary>Nothing reaches it; what it says arrives.</summary>
    Deaf,

    /// <summary>What it says does not arrive; it hears the others.</summary>
    Mute,

    /// <summary>Everything between it and the others comes late.</summary>
    Delay,

    /// <summary>Nothing passes between it and Redis.</summary>
    RedisDrop,

    /// <summary>What it asks of Redis is done, and no answer comes.</summary>
    RedisDeaf,

    /// <summary>Everything between it and Redis comes late.</summary>
    RedisDelay,
}
