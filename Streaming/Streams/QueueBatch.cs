using System.Collections.Immutable;

namespace TradingEngine.Streaming.Streams;

/// <summary>One message of an agents' queue as it travels on a stream.</summary>
/// <param name="EntryId">Id to acknowledge it by.</param>
/// <param name="Payload">The bytes the agent sent, cut after <see cref="QueueStreamReceiver.MaxPayload"/>. Nobody writes to them.</param>
/// <param name="Deliveries">How often it was delivered, this time included.</param>
/// <param name="ReceivedAt">Monotonic timestamp of its arrival in this silo, for latencies.</param>
[GenerateSerializer, Immutable, Alias("te.queue-message")]
public readonly record struct QueueMessage(
    [property: Id(0)] string EntryId,
    [property: Id(1)] ReadOnlyMemory<byte> Payload,
    [property: Id(2)] int Deliveries,
    [property: Id(3)] long ReceivedAt)
{
    /// <summary>Bytes the agent sent; more than <see cref="Payload"/> holds where it sent too many.</summary>
    [Id(4)] public long Size { get; init; } = Payload.Length;
}

/// <summary>What was read from a queue at once: the event type of every stream of the provider.</summary>
/// <param name="Queue">Queue it came from.</param>
/// <param name="Messages">Oldest first.</param>
[GenerateSerializer, Immutable, Alias("te.queue-batch")]
public sealed record QueueBatch(
    [property: Id(0)] string Queue,
    [property: Id(1)] ImmutableArray<QueueMessage> Messages);
