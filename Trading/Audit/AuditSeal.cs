using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TradingEngine.Trading.Audit;

/// <summary>
/// Seals a run of audit entries: whoever changes, removes or moves one of them must make this and every later seal anew.
/// </summary>
public sealed record AuditSeal
{
    /// <summary>Number of the seal, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Sequence of its first entry; the first ever is 1.</summary>
    public required long First { get; init; }

    /// <summary>Sequence of its last entry.</summary>
    public required long Last { get; init; }

    /// <summary>The store's id of its last entry.</summary>
    public required string LastId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Hash of the seal before; empty in the first.</summary>
    public required string Previous { get; init; }

    /// <summary>Hash of all of this and of the entries.</summary>
    public required string Hash { get; init; }

    /// <summary>Seals the entries behind a seal.</summary>
    /// <param name="before">The last seal; null before the first.</param>
    /// <param name="lastId">The store's id of the last entry.</param>
    /// <param name="entries">Hashes of the entries (<see cref="AuditHash.OfEntry"/>), oldest first, at least one.</param>
    /// <param name="now">The time.</param>
    public static AuditSeal Next(AuditSeal? before, string lastId, IReadOnlyCollection<byte[]> entries, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count, nameof(entries));
        var first = (before?.Last ?? 0) + 1;
        var seal = new AuditSeal
        {
            Number = (before?.Number ?? 0) + 1,
            First = first,
            Last = first + entries.Count - 1,
            LastId = lastId,
            Time = now,
            Previous = before?.Hash ?? "",
            Hash = "",
        };
        return seal with { Hash = seal.HashWith(entries) };
    }

    /// <summary>The hash this seal has if these are its entries.</summary>
    public string HashWith(IEnumerable<byte[]> entries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{Number}|{First}|{Last}|{LastId}|{Time.UtcTicks}|{Previous}|")));
        foreach (var entry in entries)
        {
            hash.AppendData(entry);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>How far the audit is sealed, and how far it was moved to segment files. One record, written by compare and set.</summary>
public sealed record AuditHead
{
    /// <summary>The last seal; null before the first.</summary>
    public AuditSeal? Sealed { get; init; }

    /// <summary>The last seal whose entries were moved to a segment; null before the first move.</summary>
    public AuditSeal? Moved { get; init; }

    /// <summary>Number of the last segment; 0 before the first.</summary>
    public long Segment { get; init; }
}
