using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Data;

namespace TradingEngine.Streaming.Sqlite;

/// <summary>The reads of a partition; each sees one moment.</summary>
internal static class PartitionReads
{
    public static StoredRecord? Record(Database database, string partition, string key, long now)
    {
        var row = database.Sql(
                "SELECT version, data FROM record WHERE partition=? AND key=? AND (expires IS NULL OR expires>?)")
            .Bind(partition).Bind(key).Bind(now);
        return row.Step() ? new StoredRecord(row.Int64(0), row.Blob(1)) : null;
    }

    public static IndexSnapshot? Index(Database database, string partition, string index, long knownVersion)
    {
        var version = database.Sql("SELECT version FROM index_version WHERE partition=? AND name=?")
            .Bind(partition).Bind(index).Scalar() ?? 0;
        if (version == knownVersion)
        {
            return null;
        }

        var fields = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var rows = database.Sql("SELECT field, data FROM index_entry WHERE partition=? AND name=?")
            .Bind(partition).Bind(index);
        while (rows.Step())
        {
            fields.Add(rows.Text(0), rows.Blob(1));
        }

        return new IndexSnapshot(version, fields);
    }

    public static IndexChanges? Changes(Database database, string partition, string index, long knownVersion)
    {
        var version = database.Sql("SELECT version FROM index_version WHERE partition=? AND name=?")
            .Bind(partition).Bind(index).Scalar() ?? 0;
        if (version == knownVersion)
        {
            return null;
        }

        var oldest = database.Sql("SELECT MIN(version) FROM index_change WHERE partition=? AND name=? AND version>?")
            .Bind(partition).Bind(index).Bind(knownVersion).Scalar();
        if (knownVersion < 0 || oldest != knownVersion + 1)
        {
            return IndexChanges.Whole(Index(database, partition, index, -1)!);
        }

        var fields = new Dictionary<string, ReadOnlyMemory<byte>?>(StringComparer.Ordinal);
        var rows = database.Sql("""
            SELECT DISTINCT change.field, entry.data FROM index_change AS change
            LEFT JOIN index_entry AS entry
                ON entry.partition=change.partition AND entry.name=change.name AND entry.field=change.field
            WHERE change.partition=? AND change.name=? AND change.version>?
            """)
            .Bind(partition).Bind(index).Bind(knownVersion);
        while (rows.Step())
        {
            fields[rows.Text(0)] = rows.IsNull(1) ? (ReadOnlyMemory<byte>?)null : rows.Blob(1);
        }

        return new IndexChanges(version, false, fields);
    }

    public static IReadOnlyDictionary<string, long> IndexVersions(Database database, string partition)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var rows = database.Sql("SELECT name, version FROM index_version WHERE partition=?").Bind(partition);
        while (rows.Step())
        {
            versions.Add(rows.Text(0), rows.Int64(1));
        }

        return versions;
    }

    public static CounterSnapshot? Counters(Database database, string partition, string group, long knownVersion)
    {
        var version = database.Sql("SELECT version FROM counter_group WHERE partition=? AND name=?")
            .Bind(partition).Bind(group).Scalar() ?? 0;
        if (version == knownVersion)
        {
            return null;
        }

        var fields = new Dictionary<string, long>(StringComparer.Ordinal);
        var rows = database.Sql("SELECT field, value FROM counter WHERE partition=? AND name=?").Bind(partition).Bind(group);
        while (rows.Step())
        {
            fields.Add(rows.Text(0), rows.Int64(1));
        }

        return new CounterSnapshot(version, fields);
    }

    public static IReadOnlyList<string> CounterGroups(Database database, string partition, string prefix)
    {
        var names = new List<string>();
        var rows = database.Sql("SELECT name FROM counter_group WHERE partition=? AND name>=? ORDER BY name")
            .Bind(partition).Bind(prefix);
        while (rows.Step())
        {
            var name = rows.Text(0);
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                // Sorted by bytes: behind the last name with the prefix comes no other.
                rows.Reset();
                break;
            }

            names.Add(name);
        }

        return names;
    }

    public static string? Halt(Database database, string partition, string scope)
    {
        var row = database.Sql("SELECT reason FROM halt WHERE partition=? AND scope=?").Bind(partition).Bind(scope);
        return row.Step() ? row.Text(0) : null;
    }

    public static ControlState Control(Database database, string partition)
    {
        var halts = new Dictionary<string, string>(StringComparer.Ordinal);
        var rows = database.Sql("SELECT scope, reason FROM halt WHERE partition=?").Bind(partition);
        while (rows.Step())
        {
            halts.Add(rows.Text(0), rows.Text(1));
        }

        var control = database.Sql("SELECT mode, version, reason FROM control WHERE partition=?").Bind(partition);
        return control.Step()
            ? new ControlState((int)control.Int64(0), control.Int64(1), control.Text(2), halts)
            : new ControlState(0, 0, "", halts);
    }
}
