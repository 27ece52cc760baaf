using System.ComponentModel.DataAnnotations;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Sqlite;

/// <summary>Where the embedded store lives and how hard it writes.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>Directory of the database and its lock; created when missing. One process at a time may use it.</summary>
    [Required]
    public string Directory { get; set; } = "data";

    /// <summary>What a commit waits for. Default <see cref="SqliteSynchronous.Full"/>.</summary>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>The agents' queues.</summary>
    public IReadOnlyList<QueueDefinition> Queues { get; set; } = [];
}

/// <summary>What a commit waits for before it is answered.</summary>
public enum SqliteSynchronous
{
    /// <summary>The disk: survives loss of power. About 0.2 ms per group of commits.</summary>
    Full = 0,

    /// <summary>The operating system: survives the death of the process, not always the loss of power.</summary>
    Normal = 1,

    /// <summary>As <see cref="Normal"/>, and the database itself may be damaged by a loss of power.</summary>
    Off = 2,
}
