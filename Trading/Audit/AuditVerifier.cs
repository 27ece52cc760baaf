using System.Collections.Immutable;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Audit;

/// <summary>Something in the audit that is not as it was written.</summary>
/// <param name="Sequence">Entry it shows at, or the last one before it; 0 where none is known.</param>
/// <param name="PositionId">Position it shows at; null where it is no position's.</param>
/// <param name="Reason">What is wrong, in words.</param>
public sealed record AuditBreak(long Sequence, string? PositionId, string Reason);

/// <summary>
/// Checks an audit as it is read: the seals against the entries, the lines of each position against one another, and
/// the positions' records against their last lines. Entries are taken in their order, each seal behind its last entry, records at the end.
/// </summary>
public sealed class AuditVerifier
{
    private const int KeptBreaks = 20;

    private readonly Queue<(long Sequence, byte[] Hash, string Id)> _unsealed = new();
    private readonly Dictionary<string, Last> _positions = new(StringComparer.Ordinal);
    private readonly List<AuditBreak> _breaks = [];
    private bool _hasGap;

    /// <summary>Entries taken.</summary>
    public long Entries { get; private set; }

    /// <summary>Entries behind the last seal.</summary>
    public int Unsealed => _unsealed.Count;

    /// <summary>The last seal taken.</summary>
    public AuditSeal? LastSeal { get; private set; }

    /// <summary>Seals taken.</summary>
    public long Seals { get; private set; }

    /// <summary>Records compared with their last lines.</summary>
    public long Records { get; private set; }

    /// <summary>Positions met.</summary>
    public int Positions => _positions.Count;

    /// <summary>How much is wrong.</summary>
    public long BreakCount { get; private set; }

    /// <summary>What is wrong first; the first twenty.</summary>
    public ImmutableArray<AuditBreak> Breaks => [.. _breaks];

    /// <summary>Positions whose record must be looked at, with the version it should have.</summary>
    public IEnumerable<(string Id, long Version)> Unproven =>
        _positions.Where(pair => !pair.Value.IsProven && pair.Value.Phase is not null)
            .Select(pair => (pair.Key, pair.Value.Version));

    /// <summary>True when this is the version of a position's last entry so far.</summary>
    public bool IsLast(string positionId, long version) => _positions.GetValueOrDefault(positionId)?.Version == version;

    /// <summary>Takes an entry.</summary>
    /// <param name="sequence">Its place in the audit, from 1.</param>
    /// <param name="id">Its id in the store.</param>
    /// <param name="raw">Its bytes.</param>
    /// <param name="line">What they say; null where they say nothing that can be read.</param>
    public void Take(long sequence, string id, ReadOnlySpan<byte> raw, AuditLine? line)
    {
        Entries++;
        _unsealed.Enqueue((sequence, AuditHash.OfEntry(id, raw), id));
        if (line is null)
        {
            Break(sequence, null, "the entry cannot be read");
            return;
        }

        if (line.PositionId == AuditLine.OfEngine)
        {
            return;
        }

        var before = _positions.GetValueOrDefault(line.PositionId);
        if (before is null || (line.Version == 1 && before.Phase is PositionPhase.Closed or PositionPhase.Rejected))
        {
            if (!_hasGap && line is not { Version: 1, Previous: "" })
            {
                Break(sequence, line.PositionId, $"version {line.Version} is the first that is found");
            }
        }
        else if (line.Version != before.Version + 1)
        {
            Break(sequence, line.PositionId, $"version {line.Version} follows version {before.Version}");
        }
        else if (line.Previous != before.Hash)
        {
            Break(sequence, line.PositionId, $"version {line.Version} was not written after the version {before.Version} that is found");
        }

        _positions[line.PositionId] = new Last(sequence, line.Version, AuditHash.Of(raw), line.Record, line.Phase);
    }

    /// <summary>Takes a seal, behind its last entry.</summary>
    public void Take(AuditSeal seal)
    {
        Seals++;
        if (seal.Number != (LastSeal?.Number ?? 0) + 1 || seal.Previous != (LastSeal?.Hash ?? ""))
        {
            Break(seal.First, null, $"seal {seal.Number} does not follow seal {LastSeal?.Number ?? 0}");
        }

        var hashes = new List<byte[]>();
        string? lastId = null;
        while (_unsealed.TryPeek(out var entry) && entry.Sequence <= seal.Last)
        {
            _unsealed.Dequeue();
            hashes.Add(entry.Hash);
            lastId = entry.Id;
        }

        if (hashes.Count != seal.Last - seal.First + 1)
        {
            Break(seal.First + hashes.Count, null,
                $"seal {seal.Number} has {seal.Last - seal.First + 1} entries from {seal.First} on, {hashes.Count} are found");
        }
        else if (lastId != seal.LastId || seal.HashWith(hashes) != seal.Hash)
        {
            Break(seal.First, null, $"the entries {seal.First} to {seal.Last} are not those of seal {seal.Number}");
        }

        LastSeal = seal;
    }

    /// <summary>Notes that entries are not at hand: what follows cannot be linked to what was before.</summary>
    public void Skip(long sequence, AuditSeal? to, string reason)
    {
        Break(sequence, null, reason);
        _unsealed.Clear();
        Resume(to);
    }

    /// <summary>Begins behind a seal: what was before is not looked at, and positions may have begun there.</summary>
    public void Resume(AuditSeal? behind)
    {
        _hasGap = true;
        LastSeal = behind;
    }

    /// <summary>Compares a position's record with its last line.</summary>
    public void TakeRecord(string positionId, long version, ReadOnlySpan<byte> record)
    {
        Records++;
        if (_positions.GetValueOrDefault(positionId) is not { } last)
        {
            Break(0, positionId, "there is a record, and no entry of it");
            return;
        }

        last.IsProven = true;
        if (version != last.Version)
        {
            Break(last.Sequence, positionId, $"the record has version {version}, its last entry {last.Version}");
        }
        else if (last.Record is not null && (AuditHash.OfRecord(record) != last.Record || AuditHash.InRecord(record) != last.Hash))
        {
            Break(last.Sequence, positionId, "the record is not the one that was written with its last entry");
        }
    }

    /// <summary>Notes that a position has no record: one that was refused is forgotten, any other must have one.</summary>
    public void TakeAbsent(string positionId)
    {
        if (_positions.GetValueOrDefault(positionId) is { } last)
        {
            last.IsProven = true;
            if (last.Phase is not (null or PositionPhase.Rejected))
            {
                Break(last.Sequence, positionId, "the position has no record");
            }
        }
    }

    /// <summary>Compares the end with what the store says was sealed last.</summary>
    public void Finish(AuditSeal? expected)
    {
        if ((expected?.Number ?? 0) != (LastSeal?.Number ?? 0) || (expected?.Hash ?? "") != (LastSeal?.Hash ?? ""))
        {
            Break(LastSeal?.Last ?? 0, null, $"the last seal is {LastSeal?.Number ?? 0}, and should be {expected?.Number ?? 0}");
        }
    }

    private void Break(long sequence, string? positionId, string reason)
    {
        BreakCount++;
        if (_breaks.Count < KeptBreaks)
        {
            _breaks.Add(new AuditBreak(sequence, positionId, reason));
        }
    }

    private sealed class Last(long sequence, long version, string hash, string? record, PositionPhase? phase)
    {
        public long Sequence => sequence;

        public long Version => version;

        public string Hash => hash;

        public string? Record => record;

        public PositionPhase? Phase => phase;

        public bool IsProven { get; set; }
    }
}
