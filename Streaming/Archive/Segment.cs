namespace TradingEngine.Streaming.Archive;

/// <summary>A run of audit entries with their seals, and the records that were over with them: what one segment file holds.</summary>
public sealed record Segment
{
    /// <summary>Number of the segment, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Sequence of its first entry.</summary>
    public required long First { get; init; }

    /// <summary>Entries, oldest first, without a hole.</summary>
    public required IReadOnlyList<SegmentEntry> Entries { get; init; }

    /// <summary>Seals over the entries, oldest first, by their number.</summary>
    public required IReadOnlyList<(long Number, ReadOnlyMemory<byte> Data)> Seals { get; init; }

    /// <summary>Records, in the order of the entries that they were over with.</summary>
    public required IReadOnlyList<SegmentRecord> Records { get; init; }

    /// <summary>Sequence of its last entry.</summary>
    public long Last => First + Entries.Count - 1;
}

/// <summary>An entry as the store held it, and what it is about, for the index.</summary>
/// <param name="Id">Its id in the store.</param>
/// <param name="Line">Its bytes.</param>
/// <param name="Subject">Id of what it is about; empty when read from a file.</param>
public readonly record struct SegmentEntry(string Id, ReadOnlyMemory<byte> Line, string Subject = "");

/// <summary>A record as the store held it.</summary>
/// <param name="Sequence">The entry that was written with it.</param>
/// <param name="Subject">Id of what it is.</param>
/// <param name="Version">Its version.</param>
/// <param name="Data">Its bytes.</param>
public readonly record struct SegmentRecord(long Sequence, string Subject, long Version, ReadOnlyMemory<byte> Data);

/// <summary>A segment file by its name.</summary>
/// <param name="Number">Number of the segment.</param>
/// <param name="First">Sequence of its first entry.</param>
/// <param name="Last">Sequence of its last entry.</param>
/// <param name="Hash">SHA-256 of the file's bytes.</param>
/// <param name="Path">Where it is.</param>
public sealed record SegmentFile(long Number, long First, long Last, string Hash, string Path);
