using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Commits;
using TradingEngine.Streaming.Sqlite.Data;

namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>Reads a queue's rows in order, from the oldest that nobody acknowledged.</summary>
/// <remarks>
/// First deliveries are not written down, which would double the cost of every message. Written down are deliveries of
/// what was already there when the reader opened, and repeated ones: so a message that kills the process each time it is
/// delivered still has a count that rises.
/// </remarks>
internal sealed class DurableReader : WaitingReader
{
    /// <summary>Nothing new is handed out while so many entries are in flight.</summary>
    private const int MostInFlight = 262_144;

    private readonly DurableQueue _queue;
    private readonly ReadPool _reads;
    private readonly Writer _writer;
    private readonly InFlight _inFlight;
    private readonly long _backlogEnd;
    private long _cursor;

    public DurableReader(DurableQueue queue, ReadPool reads, Writer writer, TimeProvider time)
        : base(queue.Appended, time)
    {
        _queue = queue;
        _reads = reads;
        _writer = writer;
        _inFlight = new InFlight(queue.Definition.RedeliverAfter, time);
        _backlogEnd = queue.LastSequence;
        queue.Attach(_inFlight);
    }

    protected override TimeSpan? UntilDue() => _inFlight.UntilDue();

    protected override async ValueTask<IReadOnlyList<QueueEntry>> TakeAsync(int max, CancellationToken cancellation)
    {
        _reads.ThrowIfClosed();
        var due = _inFlight.TakeDue(max);
        var room = Math.Min(max - due.Count, MostInFlight - due.Count - _inFlight.Count);
        var hasNew = room > 0 && _queue.LastSequence > _cursor;
        if (due.Count == 0 && !hasNew)
        {
            return [];
        }

        List<Row> rows;
        try
        {
            rows = _reads.Read(database => ReadRows(database, due, hasNew ? room : 0));
            await WriteDownAsync(rows, cancellation);
        }
        catch
        {
            // Out of flight and not delivered, they would be forgotten until the next reader.
            due.ForEach(entry => _inFlight.Add(entry.Entry, entry.Deliveries));
            throw;
        }

        var entries = new QueueEntry[rows.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var row = rows[i];
            _cursor = Math.Max(_cursor, row.Sequence);
            _inFlight.Add(row.Sequence, row.Deliveries);
            entries[i] = new QueueEntry(DurableQueue.Format(row.Sequence), row.Payload, row.Deliveries);
        }

        return entries;
    }

    private List<Row> ReadRows(Database database, List<(long Entry, int Deliveries)> due, int room)
    {
        var rows = new List<Row>();
        foreach (var (sequence, deliveries) in due)
        {
            var again = database.Sql("SELECT payload FROM queue WHERE seq=? AND queue=?").Bind(sequence).Bind(_queue.Number);
            if (again.Step())
            {
                rows.Add(new Row(sequence, again.Blob(0), deliveries + 1, IsWrittenDown: true));
            }
        }

        rows.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        if (room > 0)
        {
            var fresh = database.Sql("SELECT seq, payload, deliveries FROM queue WHERE queue=? AND seq>? ORDER BY seq LIMIT ?")
                .Bind(_queue.Number).Bind(_cursor).Bind(room);
            while (fresh.Step())
            {
                var sequence = fresh.Int64(0);
                rows.Add(new Row(sequence, fresh.Blob(1), (int)fresh.Int64(2) + 1, sequence <= _backlogEnd));
            }
        }

        return rows;
    }

    private async Task WriteDownAsync(List<Row> rows, CancellationToken cancellation)
    {
        if (rows.Exists(row => row.IsWrittenDown))
        {
            await _writer.RunAsync(
                session =>
                {
                    foreach (var row in rows.Where(row => row.IsWrittenDown))
                    {
                        session.Database.Sql("UPDATE queue SET deliveries=? WHERE seq=?")
                            .Bind(row.Deliveries).Bind(row.Sequence).Run();
                    }

                    return true;
                },
                cancellation);
        }
    }

    private readonly record struct Row(long Sequence, byte[] Payload, int Deliveries, bool IsWrittenDown);
}
