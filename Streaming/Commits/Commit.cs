using System.Collections.Immutable;

namespace TradingEngine.Streaming.Commits;

/// <summary>
/// One decision, written whole or not at all: the guards are checked first, then every record, index entry, counter,
/// outgoing message and audit line is written and the inputs it answers are acknowledged. Nothing is written when a
/// guard refuses, the acknowledgements included.
/// </summary>
/// <remarks>
/// The type knows nothing of trading: which modes let an order pass, or what a counter means, is its caller's affair.
/// </remarks>
public sealed record Commit
{
    /// <summary>Bit mask of the modes in which this commit may happen: bit <c>1 &lt;&lt; mode</c>. All by default.</summary>
    public int AllowedModes { get; init; } = ~0;

    /// <summary>Names of halts any one of which refuses this commit while it stands.</summary>
    public ImmutableArray<string> HaltScopes { get; init; } = [];

    /// <summary>The ownership token this commit was decided under, where it needs one.</summary>
    public Fence? Fence { get; init; }

    /// <summary>Versioned records to create or replace.</summary>
    public ImmutableArray<RecordWrite> Records { get; init; } = [];

    /// <summary>Entries of secondary indexes to set or remove. Each index touched has its version raised by one.</summary>
    public ImmutableArray<IndexWrite> Index { get; init; } = [];

    /// <summary>Additions to counters. Each counter group touched has its version raised by one.</summary>
    public ImmutableArray<CounterDelta> Counters { get; init; } = [];

    /// <summary>Messages to append to outgoing queues, in order.</summary>
    public ImmutableArray<QueueAppend> Appends { get; init; } = [];

    /// <summary>Snapshots to push on bounded lists that people and agents read, newest first.</summary>
    public ImmutableArray<ListPush> Pushes { get; init; } = [];

    /// <summary>Values to take out of such lists, the newest of equal ones. Each is a guard as well: where one is gone, nothing is
    /// written, so what is taken out and put elsewhere is neither doubled nor lost.</summary>
    public ImmutableArray<ListRemoval> Removals { get; init; } = [];

    /// <summary>Lines of the audit record, in order.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> Audit { get; init; } = [];

    /// <summary>Inputs this commit answers; each is removed from its queue.</summary>
    public ImmutableArray<QueueAck> Acks { get; init; } = [];
}

/// <summary>Replaces a record if its version is still <paramref name="ExpectedVersion"/>; 0 means it must not exist.</summary>
/// <param name="Key">The record's key, unique in the partition.</param>
/// <param name="ExpectedVersion">Version read before; 0 creates.</param>
/// <param name="Data">The new content.</param>
/// <param name="Retention">How long the record is kept after this write; null keeps it until it is written again.</param>
public readonly record struct RecordWrite(
    string Key, long ExpectedVersion, ReadOnlyMemory<byte> Data, TimeSpan? Retention = null);

/// <summary>Sets a field of an index, or removes it when <paramref name="Data"/> is null.</summary>
public readonly record struct IndexWrite(string Index, string Field, ReadOnlyMemory<byte>? Data);

/// <summary>Adds <paramref name="Delta"/> to a field of a counter group.</summary>
public readonly record struct CounterDelta(string Group, string Field, long Delta);

/// <summary>Appends a message to a queue. <paramref name="Id"/> names it for stores that can carry an id beside it.</summary>
public readonly record struct QueueAppend(string Queue, string Id, ReadOnlyMemory<byte> Payload);

/// <summary>Pushes a value on the left of a list and cuts the list to its newest <paramref name="MaxLength"/> values.</summary>
public readonly record struct ListPush(string Key, ReadOnlyMemory<byte> Payload, int MaxLength);

/// <summary>Takes one value, equal byte for byte, out of a list that <see cref="ListPush"/> writes.</summary>
public readonly record struct ListRemoval(string Key, ReadOnlyMemory<byte> Payload);

/// <summary>Names an entry of an incoming queue by the id its reader gave it.</summary>
public readonly record struct QueueAck(string Queue, string EntryId);

/// <summary>A token of the <c>fence</c> of a counter group; <see cref="IPartitionStore.RaiseFenceAsync"/> makes older ones void.</summary>
public readonly record struct Fence(string Group, long Token);

/// <summary>What a store did with a commit.</summary>
public enum CommitOutcome
{
    /// <summary>Everything was written.</summary>
    Committed = 0,

    /// <summary>A record's version was not the expected one, or a value to take out of a list was gone;
    /// <see cref="CommitResult.Detail"/> names the key.</summary>
    VersionConflict = 1,

    /// <summary>The mode does not allow it; <see cref="CommitResult.Mode"/> is the mode that stood.</summary>
    ModeRefused = 2,

    /// <summary>A halt stands; <see cref="CommitResult.Detail"/> names its scope.</summary>
    Halted = 3,

    /// <summary>Somebody else took over the fence's group.</summary>
    FenceLost = 4,

    /// <summary>The store is not the one that was opened: it was emptied or replaced.</summary>
    EpochLost = 5,
}

/// <summary>The answer to one <see cref="Commit"/>.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Detail">Key, scope or group that caused a refusal; null when committed.</param>
/// <param name="Mode">The mode at the time of the commit.</param>
/// <param name="CounterVersions">Versions of the counter groups touched, in the order of first appearance in
/// <see cref="Commit.Counters"/>; empty unless committed.</param>
public readonly record struct CommitResult(
    CommitOutcome Outcome, string? Detail, int Mode, ImmutableArray<long> CounterVersions)
{
    /// <summary>True when everything was written.</summary>
    public bool IsCommitted => Outcome == CommitOutcome.Committed;
}
