namespace TradingEngine.Streaming.Queues;

/// <summary>The agents' queues, whatever carries them.</summary>
public interface IQueueStore
{
    /// <summary>Appends messages as an agent outside would, in order.</summary>
    /// <param name="queue">A queue of <see cref="QueueDefinition"/>.</param>
    /// <param name="payloads">Messages as bytes of the wire.</param>
    /// <param name="cancellation">Stops waiting; the outcome is then unknown.</param>
    ValueTask PushAsync(string queue, IReadOnlyList<ReadOnlyMemory<byte>> payloads, CancellationToken cancellation = default);

    /// <summary>Opens the one reader of a queue. It first returns what an earlier reader took and nobody acknowledged.</summary>
    IQueueReader OpenReader(string queue);

    /// <summary>
    /// Gives back the room of messages that every agent outside has acknowledged, where they stay after it. Never of one that
    /// somebody has yet to read or acknowledge, and none while nobody is known to read.
    /// </summary>
    ValueTask TrimAsync(string queue, CancellationToken cancellation = default);
}

/// <summary>
/// Reads a queue at least once: an entry stays in flight until a commit acknowledges it, and is returned again when it was
/// not acknowledged within <see cref="QueueDefinition.RedeliverAfter"/>. A reader is used by one caller at a time.
/// </summary>
public interface IQueueReader : IAsyncDisposable
{
    /// <summary>Waits until there is at least one entry, at most <paramref name="wait"/>, and returns up to <paramref name="max"/>
    /// entries, oldest first; empty when none came. Throws <see cref="Commits.StoreException"/> when the store is away.</summary>
    ValueTask<IReadOnlyList<QueueEntry>> ReadAsync(int max, TimeSpan wait, CancellationToken cancellation = default);
}

/// <summary>A message in flight.</summary>
/// <param name="Id">Stable id given when the message entered the engine: the same at every delivery.</param>
/// <param name="Payload">The bytes the agent sent.</param>
/// <param name="Deliveries">How often it was delivered, this time included.</param>
public readonly record struct QueueEntry(string Id, ReadOnlyMemory<byte> Payload, int Deliveries);

/// <summary>What a queue is and how it appears to agents.</summary>
public sealed record QueueDefinition
{
    /// <summary>Name used inside the engine, such as <c>signals:fast</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Keys under which agents see it as a list; several mean the same queue. The first is written to.</summary>
    public required IReadOnlyList<string> ListKeys { get; init; }

    /// <summary>True where the engine (or an agent inside it) reads the queue, false where only agents outside do.</summary>
    public bool IsRead { get; init; }

    /// <summary>Pub/sub channel that carries it instead of a list: for prices, where only the newest matters. Never durable.</summary>
    public string? Channel { get; init; }

    /// <summary>
    /// What a message of <see cref="Channel"/> is about, such as a symbol; null where that cannot be told. Where more come than are
    /// handled, those of the same subject give way to one another.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, string?>? SubjectOf { get; init; }

    /// <summary>An entry not acknowledged for this long is delivered again.</summary>
    public TimeSpan RedeliverAfter { get; init; } = TimeSpan.FromSeconds(2);
}
