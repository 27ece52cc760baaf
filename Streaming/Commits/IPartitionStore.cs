namespace TradingEngine.Streaming.Commits;

/// <summary>
/// The durable state of one partition: records, indexes, counters, control state and queues that one commit may touch together.
/// Thread-safe. Every method throws <see cref="StoreException"/> when the outcome is unknown: the caller must
/// drop what it holds in memory and read again, never assume failure.
/// </summary>
public interface IPartitionStore
{
    /// <summary>Name of the partition, <c>"0"</c> for the default one.</summary>
    string Partition { get; }

    /// <summary>Writes each commit, atomic per commit, in order, and answers for each.</summary>
    ValueTask<CommitResult[]> CommitAsync(IReadOnlyList<Commit> commits, CancellationToken cancellation = default);

    /// <summary>Reads a record; null when there is none.</summary>
    ValueTask<StoredRecord?> ReadAsync(string key, CancellationToken cancellation = default);

    /// <summary>Reads several records in one call; null where there is none.</summary>
    ValueTask<StoredRecord?[]> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation = default);

    /// <summary>Reads an index; null when its version is still <paramref name="knownVersion"/>. An index nobody wrote has version 0.</summary>
    ValueTask<IndexSnapshot?> ReadIndexAsync(string index, long knownVersion = -1, CancellationToken cancellation = default);

    /// <summary>
    /// Reads what changed in an index since <paramref name="knownVersion"/>; null when nothing did. Costs what changed, not
    /// what the index holds, unless the version is too old (or negative): then it is the whole index.
    /// </summary>
    ValueTask<IndexChanges?> ReadIndexChangesAsync(string index, long knownVersion, CancellationToken cancellation = default);

    /// <summary>Names and versions of all indexes ever written.</summary>
    ValueTask<IReadOnlyDictionary<string, long>> ReadIndexVersionsAsync(CancellationToken cancellation = default);

    /// <summary>Reads a counter group; null when its version is still <paramref name="knownVersion"/>.</summary>
    ValueTask<CounterSnapshot?> ReadCountersAsync(string group, long knownVersion = -1, CancellationToken cancellation = default);

    /// <summary>Names of the counter groups that start with <paramref name="prefix"/>.</summary>
    ValueTask<IReadOnlyList<string>> ReadCounterGroupsAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>Takes over a counter group: returns a new token and makes every older one void.</summary>
    ValueTask<long> RaiseFenceAsync(string group, CancellationToken cancellation = default);

    /// <summary>Reads mode and halts.</summary>
    ValueTask<ControlState> ReadControlAsync(CancellationToken cancellation = default);

    /// <summary>Sets the mode if its version is still <paramref name="expectedVersion"/>, together with pushes and acknowledgements.
    /// False when it has changed meanwhile.</summary>
    ValueTask<bool> SetModeAsync(long expectedVersion, int mode, string reason,
        IReadOnlyList<ListPush> pushes, IReadOnlyList<QueueAck> acks, CancellationToken cancellation = default);

    /// <summary>
    /// Replaces what stands for a halt if it is still <paramref name="expected"/>; null stands for no halt, before as after.
    /// False when it has changed meanwhile. The store knows only that a scope is halted while anything stands for it.
    /// </summary>
    ValueTask<bool> ReplaceHaltAsync(string scope, string? expected, string? text, CancellationToken cancellation = default);

    /// <summary>Reads entries of the audit record behind <paramref name="after"/>, oldest first, as they were committed.</summary>
    /// <param name="after">Id of an entry, which may be gone; null begins with the oldest that is kept.</param>
    /// <param name="max">Entries to read at most, 1 or more.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(string? after, int max, CancellationToken cancellation = default);

    /// <summary>
    /// Removes what is kept elsewhere: the audit up to an entry, and each record that still has the given version. It may be
    /// repeated; a part of it may be done when it throws.
    /// </summary>
    /// <param name="through">Id of the newest audit entry to remove; null removes none.</param>
    /// <param name="records">Keys with the versions that are kept elsewhere.</param>
    /// <param name="cancellation">Stops waiting.</param>
    ValueTask ForgetAsync(
        string? through, IReadOnlyList<(string Key, long Version)> records, CancellationToken cancellation = default);
}

/// <summary>An entry of the audit record.</summary>
/// <param name="Id">Names it in its store; grows with each entry, in the store's own order.</param>
/// <param name="Line">What was recorded.</param>
public readonly record struct AuditEntry(string Id, ReadOnlyMemory<byte> Line);

/// <summary>A record's content with the version to expect when it is written next.</summary>
public sealed record StoredRecord(long Version, ReadOnlyMemory<byte> Data);

/// <summary>An index as it stood at a version.</summary>
public sealed record IndexSnapshot(long Version, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Fields);

/// <summary>What changed in an index up to a version.</summary>
/// <param name="Version">The version that is reached with these changes.</param>
/// <param name="IsWhole">True for the whole index: what is not in it is not in the index.</param>
/// <param name="Fields">The fields that changed as they are now; null for one that was removed.</param>
public sealed record IndexChanges(long Version, bool IsWhole, IReadOnlyDictionary<string, ReadOnlyMemory<byte>?> Fields)
{
    /// <summary>The whole of an index.</summary>
    public static IndexChanges Whole(IndexSnapshot snapshot)
    {
        var fields = new Dictionary<string, ReadOnlyMemory<byte>?>(snapshot.Fields.Count, StringComparer.Ordinal);
        foreach (var (field, data) in snapshot.Fields)
        {
            fields.Add(field, data);
        }

        return new IndexChanges(snapshot.Version, true, fields);
    }
}

/// <summary>A counter group as it stood at a version; the version rises by one at each commit that touches the group.</summary>
public sealed record CounterSnapshot(long Version, IReadOnlyDictionary<string, long> Fields);

/// <summary>The partition's mode and halts.</summary>
/// <param name="Mode">The mode; 0 in a new store.</param>
/// <param name="Version">Rises at every change of mode; 0 in a new store.</param>
/// <param name="Reason">Why the mode was set.</param>
/// <param name="Halts">What stands for the halt, by scope.</param>
public sealed record ControlState(int Mode, long Version, string Reason, IReadOnlyDictionary<string, string> Halts);

/// <summary>The store could not be reached or did not answer: whether anything was written is unknown.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StoreException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <summary>Creates the exception.</summary>
    public StoreException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public StoreException(string message) : base(message)
    {
    }
}
