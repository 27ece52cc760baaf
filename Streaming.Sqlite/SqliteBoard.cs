using System.Text;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Commits;
using TradingEngine.Streaming.Sqlite.Data;
using TradingEngine.Streaming.Sqlite.Queues;

namespace TradingEngine.Streaming.Sqlite;

/// <summary>The board in tables; what is published on a channel goes to the queue on that channel, if there is one.</summary>
internal sealed class SqliteBoard(QueueSet queues, ReadPool reads, Writer writer, TimeProvider time) : IBoard
{
    public ValueTask SetHashAsync(
        string key, IReadOnlyDictionary<string, string> fields, CancellationToken cancellation = default) =>
        WriteAsync(
            session =>
            {
                foreach (var (field, value) in fields)
                {
                    session.Database.Sql("INSERT OR REPLACE INTO board_hash(key, field, value) VALUES(?, ?, ?)")
                        .Bind(key).Bind(field).Bind(Encoding.UTF8.GetBytes(value)).Run();
                }
            },
            cancellation);

    public ValueTask<IReadOnlyDictionary<string, string>> ReadHashAsync(
        string key, CancellationToken cancellation = default) =>
        ValueTask.FromResult(reads.Read<IReadOnlyDictionary<string, string>>(database =>
        {
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            var rows = database.Sql("SELECT field, value FROM board_hash WHERE key=?").Bind(key);
            while (rows.Step())
            {
                fields.Add(rows.Text(0), rows.BlobText(1));
            }

            return fields;
        }));

    public ValueTask SetStringAsync(
        string key, string? value, TimeSpan? timeToLive, CancellationToken cancellation = default) =>
        WriteAsync(
            session =>
            {
                var statement = value is null
                    ? session.Database.Sql("DELETE FROM board_string WHERE key=?").Bind(key)
                    : session.Database.Sql("INSERT OR REPLACE INTO board_string(key, expires, value) VALUES(?, ?, ?)")
                        .Bind(key).Bind(session.Expiry(timeToLive)).Bind(Encoding.UTF8.GetBytes(value));
                statement.Run();
            },
            cancellation);

    public ValueTask<string?> ReadStringAsync(string key, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return ValueTask.FromResult(reads.Read(database =>
        {
            var row = database.Sql("SELECT value FROM board_string WHERE key=? AND (expires IS NULL OR expires>?)")
                .Bind(key).Bind(now);
            return row.Step() ? row.BlobText(0) : null;
        }));
    }

    public ValueTask SetListAsync(
        string key, IReadOnlyList<string> values, CancellationToken cancellation = default) =>
        WriteAsync(
            session =>
            {
                session.Database.Sql("DELETE FROM list_item WHERE key=?").Bind(key).Run();
                for (var i = 0; i < values.Count; i++)
                {
                    session.Database.Sql("INSERT INTO list_item(key, position, value) VALUES(?, ?, ?)")
                        .Bind(key).Bind(values.Count - i).Bind(Encoding.UTF8.GetBytes(values[i])).Run();
                }
            },
            cancellation);

    public ValueTask<IReadOnlyList<string>> ReadListAsync(
        string key, int count, CancellationToken cancellation = default) =>
        ValueTask.FromResult(reads.Read<IReadOnlyList<string>>(database =>
        {
            var values = new List<string>();
            var rows = database.Sql("SELECT value FROM list_item WHERE key=? ORDER BY position DESC LIMIT ?")
                .Bind(key).Bind(Math.Max(0, count));
            while (rows.Step())
            {
                values.Add(rows.BlobText(0));
            }

            return values;
        }));

    public ValueTask PublishAsync(string channel, string message, CancellationToken cancellation = default)
    {
        if (queues.TryChannel(channel, out var queue))
        {
            queue.Push([Encoding.UTF8.GetBytes(message)]);
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask WriteAsync(Action<WriteSession> write, CancellationToken cancellation) =>
        await writer.RunAsync(
            session =>
            {
                write(session);
                return true;
            },
            cancellation);
}
