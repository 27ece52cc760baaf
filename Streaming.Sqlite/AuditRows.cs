using System.Globalization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Data;

namespace TradingEngine.Streaming.Sqlite;

/// <summary>The audit's rows: their sequence is the entry's id.</summary>
internal static class AuditRows
{
    /// <summary>Rows per job, so that no commit waits behind a long deletion.</summary>
    public const int Batch = 500;

    public static long Parse(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw new ArgumentException($"'{id}' is no id of an audit entry.", nameof(id));

    public static IReadOnlyList<AuditEntry> Read(Database database, string partition, long after, int max)
    {
        var entries = new List<AuditEntry>();
        var rows = database.Sql("SELECT seq, line FROM audit WHERE seq>? AND partition=? ORDER BY seq LIMIT ?")
            .Bind(after).Bind(partition).Bind(max);
        while (rows.Step())
        {
            entries.Add(new AuditEntry(rows.Int64(0).ToString(CultureInfo.InvariantCulture), rows.Blob(1)));
        }

        return entries;
    }

    /// <summary>Deletes the oldest rows up to a sequence; true while there may be more.</summary>
    public static bool Delete(Database database, string partition, long through)
    {
        database.Sql("""
            DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE seq<=? AND partition=? ORDER BY seq LIMIT ?)
            """)
            .Bind(through).Bind(partition).Bind(Batch).Run();
        return database.Changes == Batch;
    }

    public static bool Delete(Database database, string partition, (string Key, long Version)[] records)
    {
        foreach (var (key, version) in records)
        {
            database.Sql("DELETE FROM record WHERE partition=? AND key=? AND version=?")
                .Bind(partition).Bind(key).Bind(version).Run();
        }

        return true;
    }
}
