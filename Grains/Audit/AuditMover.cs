using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Archive;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Audit;

/// <summary>
/// Moves sealed audit, with the positions that closed in it, to segment files: write, force to the disk, read back, set the head,
/// then remove from the store. Whatever ends it in between, the next round does the rest: a file that no head names is
/// written again, what a head names is removed again.
/// </summary>
internal sealed class AuditMover(IPartitionStore partition, SegmentFiles files)
{
    private const int MostSeals = 256;
    private const int MostEntries = 8_000;
    private const int MostSegments = 8;
    private const int RecordsAtOnce = 500;

    // Smaller segments wait for company, so that a quiet engine does not write a file each second.
    private const int FewEntries = 4_000;
    private const int WaitShare = 10;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <summary>Moves what was sealed longer ago than <paramref name="keep"/>, and up to a tenth of that or ten minutes later.</summary>
    public async Task MoveAsync(DateTimeOffset now, TimeSpan keep)
    {
        var wait = keep / WaitShare < LongestWait ? keep / WaitShare : LongestWait;
        for (var i = 0; i < MostSegments; i++)
        {
            if (!await MoveOneAsync(now - keep, now - keep - wait))
            {
                return;
            }
        }
    }

    /// <summary>Moves one segment; false when there is none to move.</summary>
    private async Task<bool> MoveOneAsync(DateTimeOffset before, DateTimeOffset due)
    {
        var (head, version) = await AuditHeads.ReadAsync(partition);
        await FinishAsync(head);
        var seals = await AuditHeads.ReadSealsAsync(
            partition, (head.Moved?.Number ?? 0) + 1, head.Sealed?.Number ?? 0, MostSeals);
        var first = (head.Moved?.Last ?? 0) + 1;
        var moved = seals.TakeWhile(seal => seal.Time < before && seal.Last - first < MostEntries).ToList();
        if (moved.Count == 0 || (moved[0].Time >= due && moved[^1].Last - first < FewEntries && moved.Count < MostSeals))
        {
            return false;
        }

        if (await CollectAsync(head, version, moved) is not { } segment)
        {
            return false;
        }

        var file = await Task.Run(() => files.Write(segment));
        var next = head with { Moved = moved[^1], Segment = segment.Number };
        var result = await partition.CommitAsync([new Commit { Records = [AuditHeads.Write(next, version)] }]);
        if (!result[0].IsCommitted)
        {
            // Somebody else sealed or moved meanwhile: the next round begins with what stands then.
            return false;
        }

        files.DeleteOthers(file);
        await RemoveAsync(segment, moved[^1].LastId);
        return true;
    }

    /// <summary>What a segment is to hold; null where somebody else sealed or moved meanwhile.</summary>
    private async Task<Segment?> CollectAsync(AuditHead head, long version, List<AuditSeal> seals)
    {
        var count = (int)(seals[^1].Last - seals[0].First + 1);
        var entries = await partition.ReadAuditAsync(head.Moved?.LastId, count);
        var sealRecords = await partition.ReadManyAsync([.. seals.Select(seal => AuditHeads.SealKey(seal.Number))]);
        if ((await AuditHeads.ReadAsync(partition)).Version != version)
        {
            // What is missing then was moved, and is no evidence of anything.
            return null;
        }

        Check(head, seals, entries);
        var items = new List<SegmentEntry>(count);
        var last = new Dictionary<string, (long Sequence, AuditLine Line)>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            var line = AuditLineJson.Read(entries[i].Line);
            items.Add(new SegmentEntry(entries[i].Id, entries[i].Line, line?.PositionId ?? ""));
            if (line is { PositionId: not AuditLine.OfEngine })
            {
                last[line.PositionId] = (seals[0].First + i, line);
            }
        }

        return new Segment
        {
            Number = head.Segment + 1,
            First = seals[0].First,
            Entries = items,
            Seals = [.. seals.Zip(sealRecords).Select(pair => (pair.First.Number, pair.Second!.Data))],
            Records = await ClosedAsync([.. last.Values.Where(item => IsClosedBy(item.Line)).OrderBy(item => item.Sequence)]),
        };
    }

    /// <summary>Evidence stays where it is: what does not fit its seal is not moved.</summary>
    private static void Check(AuditHead head, List<AuditSeal> seals, IReadOnlyList<AuditEntry> entries)
    {
        var verifier = new AuditVerifier();
        verifier.Resume(head.Moved);
        var at = 0;
        foreach (var seal in seals)
        {
            for (; at < entries.Count && seals[0].First + at <= seal.Last; at++)
            {
                verifier.Take(seals[0].First + at, entries[at].Id, entries[at].Line.Span, AuditLineJson.Read(entries[at].Line));
            }

            verifier.Take(seal);
        }

        if (verifier.Breaks is [var first, ..])
        {
            throw new InvalidDataException($"The audit is broken at entry {first.Sequence}: {first.Reason}.");
        }
    }

    /// <summary>True where a position was closed after a line: by it, or before, since what is closed still learns of its fills. A line of form 1 tells of the closing alone.</summary>
    private static bool IsClosedBy(AuditLine line) =>
        line.Phase == PositionPhase.Closed || line.Facts.Any(fact => fact.Kind == FactKind.PositionClosed);

    /// <summary>The records of positions that were closed there and did not change since.</summary>
    private async Task<List<SegmentRecord>> ClosedAsync(List<(long Sequence, AuditLine Line)> closed)
    {
        var records = new List<SegmentRecord>(closed.Count);
        foreach (var part in closed.Chunk(RecordsAtOnce))
        {
            var found = await partition.ReadManyAsync([.. part.Select(item => PositionCommits.RecordKey(item.Line.PositionId))]);
            for (var i = 0; i < part.Length; i++)
            {
                if (found[i] is { } record && record.Version == part[i].Line.Version
                    && DomainJson.ReadPosition(record.Data.Span).Phase == PositionPhase.Closed)
                {
                    records.Add(new SegmentRecord(part[i].Sequence, part[i].Line.PositionId, record.Version, record.Data));
                }
            }
        }

        return records;
    }

    /// <summary>Removes again what the last segment holds, where a crash came between the head and the removal.</summary>
    private async Task FinishAsync(AuditHead head)
    {
        if (head.Moved is not { } last || await partition.ReadAsync(AuditHeads.SealKey(last.Number)) is null)
        {
            return;
        }

        var file = files.List().LastOrDefault(file => file.Number == head.Segment && file.Last == last.Last);
        if (file is not null)
        {
            await RemoveAsync(await Task.Run(() => SegmentFiles.Read(file)), last.LastId);
        }
    }

    /// <summary>The last seal goes last: while it is there, the removal is not done.</summary>
    private async Task RemoveAsync(Segment segment, string through)
    {
        await partition.ForgetAsync(
            through, [.. segment.Records.Select(record => (PositionCommits.RecordKey(record.Subject), record.Version))]);
        await partition.ForgetAsync(null, [.. segment.Seals.Select(seal => (AuditHeads.SealKey(seal.Number), 1L))]);
    }
}
