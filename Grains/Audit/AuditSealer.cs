using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Audit;

namespace TradingEngine.Grains.Audit;

/// <summary>Seals what was recorded since the last seal.</summary>
internal sealed class AuditSealer(IPartitionStore partition)
{
    // A seal is moved whole, so this also bounds a segment.
    private const int MostEntries = 4_000;
    private const int MostSeals = 16;

    public async Task SealAsync(DateTimeOffset now)
    {
        for (var i = 0; i < MostSeals; i++)
        {
            var (head, version) = await AuditHeads.ReadAsync(partition);
            var entries = await partition.ReadAuditAsync(head.Sealed?.LastId, MostEntries);
            if (entries.Count == 0)
            {
                return;
            }

            var seal = AuditSeal.Next(
                head.Sealed, entries[^1].Id, [.. entries.Select(entry => AuditHash.OfEntry(entry.Id, entry.Line.Span))], now);
            var result = await partition.CommitAsync(
                [new Commit { Records = [AuditHeads.Write(head with { Sealed = seal }, version), AuditHeads.Write(seal)] }]);
            if (!result[0].IsCommitted || entries.Count < MostEntries)
            {
                // Where another activation was first, it seals.
                return;
            }
        }
    }
}
