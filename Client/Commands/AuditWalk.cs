using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Audit;

namespace TradingEngine.Client.Commands;

/// <summary>Reads the whole audit of a running engine and checks it here, apart from who wrote it.</summary>
internal sealed class AuditWalk(
    Func<AuditCursor, CancellationToken, Task<AuditPage>> read,
    Func<ImmutableArray<string>, CancellationToken, Task<ImmutableArray<PositionRecord>>> find,
    Func<CancellationToken, Task<AuditHead>> head)
{
    private const int RecordsAtOnce = 200;
    private const int MostRounds = 50;

    private AuditCursor _cursor = new();

    public AuditWalk(TradingEngineClient client)
        : this((from, cancellation) => client.ReadAuditAsync(from, null, cancellation), client.FindRecordsAsync, client.GetAuditHeadAsync)
    {
    }

    /// <summary>The seals, the chains of positions, and their records.</summary>
    public AuditVerifier Verifier { get; } = new();

    /// <summary>The positions worked out anew.</summary>
    public AuditReplay Replay { get; } = new();

    /// <summary>What the audit does not lead to.</summary>
    public List<AuditDifference> Differences { get; } = [];

    /// <summary>Positions that changed as often as they were looked at.</summary>
    public int Restless { get; private set; }

    /// <summary>Told how many entries were read, after each page.</summary>
    public Action<long>? Reading { get; init; }

    /// <summary>Reads to the end, then compares the records.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await ReadOnAsync(cancellation);
        for (var round = 0; round < MostRounds; round++)
        {
            Restless = await CompareAsync(isLast: round == MostRounds - 1, cancellation);
            if (Restless == 0)
            {
                break;
            }

            // The engine goes on meanwhile: what is newer than what was read has entries by now.
            await ReadOnAsync(cancellation);
        }

        // Sealed since is read too, so that the end can be compared with what the store says is sealed.
        var end = await head(cancellation);
        for (var round = 0; round < MostRounds && (end.Sealed?.Number ?? 0) > (Verifier.LastSeal?.Number ?? 0); round++)
        {
            var before = Verifier.Seals;
            await ReadOnAsync(cancellation);
            if (Verifier.Seals == before)
            {
                break;
            }
        }

        var last = Verifier.LastSeal?.Number ?? 0;
        if (last > (end.Sealed?.Number ?? 0))
        {
            // Sealed while it was read, unless the head was turned back.
            end = await head(cancellation);
            if (last < (end.Sealed?.Number ?? 0))
            {
                return;
            }
        }

        Verifier.Finish(end.Sealed);
    }

    private async Task ReadOnAsync(CancellationToken cancellation)
    {
        AuditPage page;
        do
        {
            page = await read(_cursor, cancellation);
            Take(page);
            _cursor = page.Next;
            Reading?.Invoke(_cursor.Sequence);
        }
        while (!page.IsEnd);
    }

    private void Take(AuditPage page)
    {
        if (page.Problem is { } problem)
        {
            Verifier.Skip(_cursor.Sequence + 1, page.GapEnd, problem);
            return;
        }

        var seal = 0;
        foreach (var entry in page.Entries)
        {
            while (seal < page.Seals.Length && page.Seals[seal].Last < entry.Sequence)
            {
                Verifier.Take(page.Seals[seal++]);
            }

            var line = AuditLineJson.Read(entry.Line);
            Verifier.Take(entry.Sequence, entry.Id, entry.Line.Span, line);
            if (line is not null)
            {
                Replay.Take(line);
            }
        }

        while (seal < page.Seals.Length)
        {
            Verifier.Take(page.Seals[seal++]);
        }

        foreach (var record in page.Records)
        {
            // A page may reach beyond the entry the position closed with: then its record is compared at the end.
            if (Verifier.IsLast(record.PositionId, record.Version))
            {
                Compare(record);
            }
        }
    }

    /// <summary>Compares what is not compared yet; returns how many positions are newer than what was read.</summary>
    private async Task<int> CompareAsync(bool isLast, CancellationToken cancellation)
    {
        var newer = 0;
        foreach (var part in Verifier.Unproven.ToList().Chunk(RecordsAtOnce))
        {
            var found = (await find([.. part.Select(item => item.Id)], cancellation))
                .ToDictionary(record => record.PositionId, StringComparer.Ordinal);
            foreach (var (id, version) in part)
            {
                if (!found.TryGetValue(id, out var record))
                {
                    Verifier.TakeAbsent(id);
                }
                else if (record.Version > version && !isLast)
                {
                    newer++;
                }
                else
                {
                    Compare(record);
                }
            }
        }

        return newer;
    }

    private void Compare(PositionRecord record)
    {
        Verifier.TakeRecord(record.PositionId, record.Version, record.Data.Span);
        try
        {
            Differences.AddRange(Replay.Compare(DomainJson.ReadPosition(record.Data.Span), record.Version));
        }
        catch (System.Text.Json.JsonException)
        {
            Differences.Add(new AuditDifference(record.PositionId, "record", "", "cannot be read"));
        }
    }
}
