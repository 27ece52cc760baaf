using System.Collections.Immutable;
using System.Text;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Archive;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Audit;

namespace TradingEngine.Grains.Audit;

/// <summary>Reads segment files and store as one audit.</summary>
internal sealed class AuditReader(IPartitionStore partition, SegmentFiles? files)
{
    private const int PageLength = 2_000;
    private const int MostSeals = 2_000;

    public async Task<AuditPage> ReadAsync(AuditCursor from, string? positionId)
    {
        var (head, _) = await AuditHeads.ReadAsync(partition);
        return head.Moved is { } moved && from.Sequence < moved.Last
            ? await Task.Run(() => ReadSegment(from, moved, positionId))
            : await ReadStoreAsync(from, head, positionId);
    }

    /// <summary>Records of the store, else of the newest segment file that has one.</summary>
    public async Task<ImmutableArray<PositionRecord>> FindAsync(ImmutableArray<string> ids)
    {
        var found = ImmutableArray.CreateBuilder<PositionRecord>(ids.Length);
        var live = await partition.ReadManyAsync([.. ids.Select(PositionCommits.RecordKey)]);
        for (var i = 0; i < ids.Length; i++)
        {
            var record = live[i] is { } stored
                ? new PositionRecord(ids[i], stored.Version, stored.Data)
                : await Task.Run(() => FindArchived(ids[i]));
            if (record is { } given)
            {
                found.Add(given);
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Records of the segment files, newest first.</summary>
    public IEnumerable<SegmentRecord> ArchivedNewestFirst() => (files?.List() ?? []).Reverse()
        .SelectMany(file => SegmentFiles.Read(file).Records.Reverse());

    private PositionRecord? FindArchived(string id)
    {
        foreach (var file in (files?.List() ?? []).Reverse().Where(file => SegmentFiles.MayHold(file, id)))
        {
            foreach (var record in SegmentFiles.Read(file).Records.Where(record => record.Subject == id))
            {
                return new PositionRecord(id, record.Version, record.Data);
            }
        }

        return null;
    }

    private AuditPage ReadSegment(AuditCursor from, AuditSeal moved, string? positionId)
    {
        // A file of an attempt that was not committed has the same entries: any of them will do.
        var file = files?.List().FirstOrDefault(file => file.First <= from.Sequence + 1 && from.Sequence < file.Last && file.Last <= moved.Last);
        if (file is null)
        {
            return Gap(moved, $"no segment file {(files is null ? "" : $"in {files.Directory} ")}has entry {from.Sequence + 1}");
        }

        if (positionId is not null && !SegmentFiles.MayHold(file, positionId))
        {
            return new AuditPage { Entries = [], Seals = [], Next = new AuditCursor(file.Last, null, from.Seal) };
        }

        Segment segment;
        try
        {
            segment = SegmentFiles.Read(file);
        }
        catch (InvalidDataException exception)
        {
            return Gap(moved, exception.Message);
        }

        var skip = (int)(from.Sequence + 1 - segment.First);
        var items = segment.Entries.Skip(skip).Take(PageLength)
            .Select((entry, i) => new AuditItem(from.Sequence + 1 + i, entry.Id, entry.Line)).ToList();
        var reached = items[^1].Sequence;
        var seals = segment.Seals.Where(seal => seal.Number > from.Seal).Select(seal => AuditHeads.ReadSeal(seal.Data))
            .TakeWhile(seal => seal.Last <= reached).ToImmutableArray();
        return new AuditPage
        {
            Entries = Of(positionId, items),
            Seals = seals,
            Records = [.. segment.Records
                .Where(record => record.Sequence > from.Sequence && record.Sequence <= reached && record.Subject == (positionId ?? record.Subject))
                .Select(record => new PositionRecord(record.Subject, record.Version, record.Data))],
            Next = new AuditCursor(reached, items[^1].Id, seals.IsEmpty ? from.Seal : seals[^1].Number),
        };
    }

    private async Task<AuditPage> ReadStoreAsync(AuditCursor from, AuditHead head, string? positionId)
    {
        // What a crash left behind after it was moved is not read twice.
        var after = from.Sequence == (head.Moved?.Last ?? 0) ? head.Moved?.LastId : from.Id;
        var entries = await partition.ReadAuditAsync(after, PageLength);
        var items = entries.Select((entry, i) => new AuditItem(from.Sequence + 1 + i, entry.Id, entry.Line)).ToList();
        var reached = from.Sequence + items.Count;
        var first = Math.Max(from.Seal, head.Moved?.Number ?? 0) + 1;
        var known = head.Sealed?.Number ?? 0;
        var seals = await AuditHeads.ReadSealsAsync(partition, first, known + 1, MostSeals);
        if (seals.Count > 0 && seals[^1].Number > known && seals[^1].Last > reached)
        {
            // Sealed meanwhile. Where it seals what was read, a head that does not know of it shows at the end.
            seals.RemoveAt(seals.Count - 1);
        }

        var isEnd = items.Count < PageLength;
        var whole = seals.TakeWhile(seal => isEnd || seal.Last <= reached).ToImmutableArray();
        return new AuditPage
        {
            Entries = Of(positionId, items),
            Seals = whole,
            Next = new AuditCursor(reached, items.Count == 0 ? from.Id : items[^1].Id, whole.IsEmpty ? from.Seal : whole[^1].Number),
            IsEnd = isEnd && whole.Length == seals.Count && seals.Count < MostSeals,
        };
    }

    private static AuditPage Gap(AuditSeal moved, string problem) => new()
    {
        Entries = [],
        Seals = [],
        Next = new AuditCursor(moved.Last, moved.LastId, moved.Number),
        Problem = problem,
        GapEnd = moved,
    };

    private static ImmutableArray<AuditItem> Of(string? positionId, List<AuditItem> items)
    {
        if (positionId is null)
        {
            return [.. items];
        }

        var id = Encoding.UTF8.GetBytes(positionId);
        return [.. items.Where(item => item.Line.Span.IndexOf(id) >= 0 && AuditLineJson.Read(item.Line)?.PositionId == positionId)];
    }
}
