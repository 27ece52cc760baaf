using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Audit;

namespace TradingEngine.Grains.Interfaces.Audit;

/// <summary>Seals a partition's audit, moves what is old to segment files, and reads both as one. Keyed by partition.</summary>
[GrainInterfaceType("te.audit"), Alias("te.IAuditGrain")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Wakes it; harmless when it is awake.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>How far the audit is sealed and moved.</summary>
    [Alias("GetHead")]
    Task<AuditHead> GetHeadAsync();

    /// <summary>Reads on behind a cursor, from segment files and then from the store.</summary>
    /// <param name="from">Where the page before ended; the default begins.</param>
    /// <param name="positionId">Gives the entries of this position alone; null all of them.</param>
    [Alias("Read")]
    Task<AuditPage> ReadAsync(AuditCursor from, string? positionId);

    /// <summary>Records of positions as they are kept, in the store or in a segment file; those that are not kept are absent.</summary>
    [Alias("Find")]
    Task<ImmutableArray<PositionRecord>> FindAsync(ImmutableArray<string> positionIds);

    /// <summary>The newest closed positions of the segment files, newest first.</summary>
    [Alias("GetTrades")]
    Task<ImmutableArray<TradeView>> GetTradesAsync(int count);
}

/// <summary>A place in the audit.</summary>
/// <param name="Sequence">Sequence of the last entry that was read; 0 before the first.</param>
/// <param name="Id">Its id in the store; null before the first.</param>
/// <param name="Seal">Number of the last seal that was read.</param>
[GenerateSerializer, Immutable, Alias("te.AuditCursor")]
public sealed record AuditCursor(
    [property: Id(0)] long Sequence = 0, [property: Id(1)] string? Id = null, [property: Id(2)] long Seal = 0);

/// <summary>A part of the audit.</summary>
[GenerateSerializer, Immutable, Alias("te.AuditPage")]
public sealed record AuditPage
{
    /// <summary>Entries, oldest first.</summary>
    [Id(0)] public required ImmutableArray<AuditItem> Entries { get; init; }

    /// <summary>Seals whose last entry was reached, oldest first.</summary>
    [Id(1)] public required ImmutableArray<AuditSeal> Seals { get; init; }

    /// <summary>Records that lie in the segment file with these entries.</summary>
    [Id(2)] public ImmutableArray<PositionRecord> Records { get; init; } = [];

    /// <summary>Where the next page begins.</summary>
    [Id(3)] public required AuditCursor Next { get; init; }

    /// <summary>True when there was nothing behind.</summary>
    [Id(4)] public bool IsEnd { get; init; }

    /// <summary>Why entries up to <see cref="Next"/> cannot be read; null when they can.</summary>
    [Id(5)] public string? Problem { get; init; }

    /// <summary>Where a gap ends; null without one.</summary>
    [Id(6)] public AuditSeal? GapEnd { get; init; }
}

/// <summary>An entry of the audit.</summary>
[GenerateSerializer, Immutable, Alias("te.AuditItem")]
public readonly record struct AuditItem(
    [property: Id(0)] long Sequence, [property: Id(1)] string Id, [property: Id(2)] ReadOnlyMemory<byte> Line);

/// <summary>A position's record as the store or a segment file holds it.</summary>
[GenerateSerializer, Immutable, Alias("te.PositionRecord")]
public readonly record struct PositionRecord(
    [property: Id(0)] string PositionId, [property: Id(1)] long Version, [property: Id(2)] ReadOnlyMemory<byte> Data);
