using System.Globalization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Data;
using TradingEngine.Streaming.Sqlite.Queues;

namespace TradingEngine.Streaming.Sqlite.Commits;

/// <summary>
/// What a job sees of the database, and what the rest of the process is told once the transaction stands: new entries,
/// acknowledged ones, and the change of <see cref="QueueActivity"/>.
/// </summary>
internal sealed class WriteSession(Database database, QueueSet queues, QueueActivity? activity, TimeProvider time)
{
    private readonly List<(DurableQueue Queue, long Sequence)> _appended = [];
    private readonly List<(DurableQueue Queue, long Sequence)> _acknowledged = [];
    private readonly List<(PriceQueue Queue, long Number)> _prices = [];

    public Database Database => database;

    /// <summary>Time of the store in milliseconds since 1970; compared with the ends of retention.</summary>
    public long Now { get; private set; }

    public void Begin()
    {
        Now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _appended.Clear();
        _acknowledged.Clear();
        _prices.Clear();
    }

    public void Append(string queue, string id, ReadOnlySpan<byte> payload)
    {
        var target = queues.Durable(queue);
        var sequence = database.Sql("INSERT INTO queue(queue, id, payload) VALUES(?, ?, ?) RETURNING seq")
            .Bind(target.Number).Bind(id).Bind(payload).Returning();
        _appended.Add((target, sequence));
    }

    /// <summary>Removes an entry; one that is unknown or gone already counts for nothing.</summary>
    public void Acknowledge(QueueAck ack)
    {
        if (queues.Price(ack.Queue) is { } prices)
        {
            if (PriceQueue.TryParse(ack.EntryId, out var number))
            {
                _prices.Add((prices, number));
            }

            return;
        }

        var queue = queues.Durable(ack.Queue);
        if (DurableQueue.TryParse(ack.EntryId, out var sequence))
        {
            database.Sql("DELETE FROM queue WHERE seq=? AND queue=?").Bind(sequence).Bind(queue.Number).Run();
            if (database.Changes == 1)
            {
                _acknowledged.Add((queue, sequence));
            }
        }
    }

    public void Push(ListPush push)
    {
        var position = 1 + (database.Sql("SELECT max(position) FROM list_item WHERE key=?").Bind(push.Key).Scalar() ?? 0);
        database.Sql("INSERT INTO list_item(key, position, value) VALUES(?, ?, ?)")
            .Bind(push.Key).Bind(position).Bind(push.Payload.Span).Run();
        database.Sql("DELETE FROM list_item WHERE key=? AND position<=?")
            .Bind(push.Key).Bind(position - push.MaxLength).Run();
    }

    /// <summary>End of a retention that starts now; null when there is none.</summary>
    public long? Expiry(TimeSpan? retention) => retention is { } given
        ? Now + (long)Math.Min(Math.Ceiling(given.TotalMilliseconds), TimeSpan.FromDays(365_000).TotalMilliseconds)
        : null;

    /// <summary>Tells the process what the transaction did; called once it is committed.</summary>
    public void Publish()
    {
        var change = 0;
        foreach (var (queue, _) in _appended)
        {
            change += queue.Definition.IsRead ? 1 : 0;
        }

        foreach (var (queue, _) in _acknowledged)
        {
            change -= queue.Definition.IsRead ? 1 : 0;
        }

        foreach (var (queue, number) in _prices)
        {
            change -= queue.Remove(number) && queue.Definition.IsRead ? 1 : 0;
        }

        if (change != 0)
        {
            activity?.Add(change);
        }

        foreach (var (queue, sequence) in _acknowledged)
        {
            queue.OnAcknowledged(sequence);
        }

        foreach (var (queue, sequence) in _appended)
        {
            queue.OnAppended(sequence);
        }
    }

    public static string Format(char kind, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{number}");
}
