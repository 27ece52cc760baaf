using System.Collections.Immutable;

namespace TradingEngine.Grains.Interfaces.Engine;

/// <summary>The dead-letter queue of a partition: messages that could not be understood, with their bytes. Keyed by partition.</summary>
[GrainInterfaceType("te.dead-letters"), Alias("te.IDeadLetterGrain")]
public interface IDeadLetterGrain : IGrainWithStringKey
{
    /// <summary>The newest letters, newest first and without their bytes, and how many there ever were.</summary>
    [Alias("List")]
    Task<DeadLetterPage> ListAsync(int count);

    /// <summary>One letter with its bytes; null when there is none of that id.</summary>
    [Alias("Get")]
    Task<DeadLetter?> GetAsync(string id);

    /// <summary>
    /// Puts a letter back on its queue, or all with <c>*</c>, oldest first. Each is moved in one commit: whoever asks at the
    /// same time, and whatever fails, it is in one place or the other.
    /// </summary>
    [Alias("Requeue")]
    Task<CommandResult> RequeueAsync(string id);

    /// <summary>Throws all letters away.</summary>
    [Alias("Purge")]
    Task<CommandResult> PurgeAsync();
}

/// <summary>A message that was set aside.</summary>
[GenerateSerializer, Immutable, Alias("te.DeadLetter")]
public sealed record DeadLetter
{
    /// <summary>Names it among the letters that are kept.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Queue it came from, such as <c>signals:fast</c>.</summary>
    [Id(1)] public required string Queue { get; init; }

    /// <summary>Id of its entry there.</summary>
    [Id(2)] public required string EntryId { get; init; }

    /// <summary>Code, such as <c>MALFORMED</c>.</summary>
    [Id(3)] public required string Reason { get; init; }

    /// <summary>Field and value to blame.</summary>
    [Id(4)] public required string Detail { get; init; }

    /// <summary>When it was set aside.</summary>
    [Id(5)] public required DateTimeOffset Time { get; init; }

    /// <summary>How often it was delivered until then.</summary>
    [Id(6)] public required int Deliveries { get; init; }

    /// <summary>Bytes of the message as it came.</summary>
    [Id(7)] public required long Size { get; init; }

    /// <summary>Its first bytes, at most 64 KiB; empty in a list.</summary>
    [Id(8)] public ReadOnlyMemory<byte> Payload { get; init; }
}

/// <summary>The newest letters.</summary>
/// <param name="Letters">Newest first, without their bytes.</param>
/// <param name="Kept">Letters that are kept.</param>
/// <param name="Counts">Letters ever, by <c>queue REASON</c>.</param>
[GenerateSerializer, Immutable, Alias("te.DeadLetterPage")]
public sealed record DeadLetterPage(
    [property: Id(0)] ImmutableArray<DeadLetter> Letters,
    [property: Id(1)] long Kept,
    [property: Id(2)] ImmutableSortedDictionary<string, long> Counts);
