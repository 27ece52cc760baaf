using TradingEngine.Streaming.Queues;

namespace TradingEngine.Streaming.Commits;

/// <summary>A store: its partitions, its queues, and what it shows to people and agents.</summary>
public interface ITradingStore : IAsyncDisposable
{
    /// <summary>What a person calls it, such as <c>embedded</c> or <c>redis 7.0.15 at 127.0.0.1:6379 (lists)</c>.</summary>
    string Description { get; }

    /// <summary>Connects and checks the store. Must be called, and have returned, before anything else.</summary>
    /// <exception cref="StoreException">The store does not answer.</exception>
    /// <exception cref="StoreRefusedException">The store answers but must not be used.</exception>
    Task OpenAsync(CancellationToken cancellation = default);

    /// <summary>The partition of that name.</summary>
    IPartitionStore Partition(string partition);

    /// <summary>The agents' queues.</summary>
    IQueueStore Queues { get; }

    /// <summary>Hashes, strings and lists that show the engine's state; never read back to decide anything.</summary>
    IBoard Board { get; }

    /// <summary>
    /// Looks whether the store that was opened is still there, as a silo does every two seconds, idle or not. Once it was found lost, nothing is
    /// read from it or written to it any more. A store within this process cannot be lost unnoticed. Never throws for a store that is away.
    /// </summary>
    ValueTask<StoreSighting> LookAsync(CancellationToken cancellation = default) => ValueTask.FromResult(StoreSighting.Same);

    /// <summary>Connection, latency, persistence and queue depths as they are now. Never throws for a store that is away.</summary>
    Task<StoreStatus> GetStatusAsync(CancellationToken cancellation = default);
}

/// <summary>The blackboard where state is shown to people and agents under the keys of the wire.</summary>
public interface IBoard
{
    /// <summary>Replaces the given fields of a hash.</summary>
    ValueTask SetHashAsync(string key, IReadOnlyDictionary<string, string> fields, CancellationToken cancellation = default);

    /// <summary>Reads a hash; empty when there is none.</summary>
    ValueTask<IReadOnlyDictionary<string, string>> ReadHashAsync(string key, CancellationToken cancellation = default);

    /// <summary>Sets a string, for <paramref name="timeToLive"/> if given; null deletes it.</summary>
    ValueTask SetStringAsync(string key, string? value, TimeSpan? timeToLive, CancellationToken cancellation = default);

    /// <summary>Reads a string; null when there is none.</summary>
    ValueTask<string?> ReadStringAsync(string key, CancellationToken cancellation = default);

    /// <summary>Replaces a whole list.</summary>
    ValueTask SetListAsync(string key, IReadOnlyList<string> values, CancellationToken cancellation = default);

    /// <summary>Reads the newest <paramref name="count"/> values of a list, newest first.</summary>
    ValueTask<IReadOnlyList<string>> ReadListAsync(string key, int count, CancellationToken cancellation = default);

    /// <summary>Publishes on a channel; nobody may be listening.</summary>
    ValueTask PublishAsync(string channel, string message, CancellationToken cancellation = default);
}

/// <summary>What became of a store.</summary>
public enum StoreFinding
{
    /// <summary>It is the one that was opened.</summary>
    Same = 0,

    /// <summary>It does not answer.</summary>
    Away = 1,

    /// <summary>It holds less than it held at the look before: it was put back to an older state.</summary>
    RolledBack = 2,

    /// <summary>It was emptied, replaced, or taken over by silos of another order protocol. That stays so until the silo starts anew.</summary>
    Lost = 3,
}

/// <summary>What a look after the store found.</summary>
/// <param name="Finding">What became of it.</param>
/// <param name="Detail">What happened and what to do, in words; null where nothing did.</param>
public sealed record StoreSighting(StoreFinding Finding, string? Detail)
{
    /// <summary>All is as it was.</summary>
    public static StoreSighting Same { get; } = new(StoreFinding.Same, null);
}

/// <summary>A store's health.</summary>
/// <param name="Connected">Whether it answers.</param>
/// <param name="Latency">Round trip of an empty call; null when not connected.</param>
/// <param name="Persistence">How writes survive a crash, in words.</param>
/// <param name="QueueDepths">Waiting messages by queue.</param>
/// <param name="Error">Why it is not connected; null when it is.</param>
public sealed record StoreStatus(
    bool Connected, TimeSpan? Latency, string Persistence, IReadOnlyDictionary<string, long> QueueDepths, string? Error);

/// <summary>The store answers but must not be used; the message names setting, value and fix.</summary>
public sealed class StoreRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StoreRefusedException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>Creates the exception.</summary>
    public StoreRefusedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public StoreRefusedException(string message) : base(message)
    {
    }
}
