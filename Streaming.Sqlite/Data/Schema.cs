using System.Globalization;
using System.Security.Cryptography;

namespace TradingEngine.Streaming.Sqlite.Data;

/// <summary>The tables, and what identifies a database file.</summary>
internal static class Schema
{
    /// <summary>Rises with every change of the tables that an older engine could not read.</summary>
    public const int Version = 2;

    // Rows of a kilobyte live in rowid tables; small rows that are read together live clustered by their key.
    // Sequences that name something for ever (entries, audit lines, grain etags) must not be given out again after a
    // deletion, hence AUTOINCREMENT.
    private const string IndexChange = """
        CREATE TABLE index_change(
            partition TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, field TEXT NOT NULL,
            PRIMARY KEY(partition, name, version, field)) WITHOUT ROWID;
        """;

    private const string Tables = IndexChange + """

        CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE record(
            partition TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, expires INTEGER, data BLOB NOT NULL,
            PRIMARY KEY(partition, key));
        CREATE INDEX record_expires ON record(expires) WHERE expires IS NOT NULL;
        CREATE TABLE index_version(
            partition TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY(partition, name)) WITHOUT ROWID;
        CREATE TABLE index_entry(
            partition TEXT NOT NULL, name TEXT NOT NULL, field TEXT NOT NULL, data BLOB NOT NULL,
            PRIMARY KEY(partition, name, field)) WITHOUT ROWID;
        CREATE TABLE counter_group(
            partition TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL,
            PRIMARY KEY(partition, name)) WITHOUT ROWID;
        CREATE TABLE counter(
            partition TEXT NOT NULL, name TEXT NOT NULL, field TEXT NOT NULL, value INTEGER NOT NULL,
            PRIMARY KEY(partition, name, field)) WITHOUT ROWID;
        CREATE TABLE fence(
            partition TEXT NOT NULL, name TEXT NOT NULL, token INTEGER NOT NULL,
            PRIMARY KEY(partition, name)) WITHOUT ROWID;
        CREATE TABLE control(
            partition TEXT PRIMARY KEY, mode INTEGER NOT NULL, version INTEGER NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE halt(
            partition TEXT NOT NULL, scope TEXT NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY(partition, scope)) WITHOUT ROWID;
        CREATE TABLE queue_name(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE queue(
            seq INTEGER PRIMARY KEY AUTOINCREMENT, queue INTEGER NOT NULL, id TEXT NOT NULL,
            payload BLOB NOT NULL, deliveries INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX queue_entries ON queue(queue);
        CREATE TABLE audit(seq INTEGER PRIMARY KEY AUTOINCREMENT, partition TEXT NOT NULL, line BLOB NOT NULL);
        CREATE TABLE board_hash(
            key TEXT NOT NULL, field TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY(key, field)) WITHOUT ROWID;
        CREATE TABLE board_string(key TEXT PRIMARY KEY, expires INTEGER, value BLOB NOT NULL);
        CREATE INDEX board_string_expires ON board_string(expires) WHERE expires IS NOT NULL;
        CREATE TABLE list_item(
            key TEXT NOT NULL, position INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY(key, position));
        CREATE TABLE grain_state(
            etag INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL,
            UNIQUE(name, id));
        """;

    /// <summary>Creates the tables in a new file; returns the file's version as it was found, 0 for a new one.</summary>
    public static long Create(Database database)
    {
        var found = database.Sql("PRAGMA user_version").Scalar() ?? 0;
        if (found == 0)
        {
            // One transaction: a process that dies here leaves an empty file and not half a schema.
            var version = Version.ToString(CultureInfo.InvariantCulture);
            var epoch = RandomNumberGenerator.GetHexString(32, lowercase: true);
            database.BeginWrite();
            database.Execute(Tables);
            database.Execute($"INSERT INTO meta VALUES('epoch', '{epoch}'); PRAGMA user_version={version}");
            database.Commit();
        }

        if (found == 1)
        {
            // Who looks for changes in a log that does not reach back reads the whole index.
            database.BeginWrite();
            database.Execute($"{IndexChange} PRAGMA user_version=2");
            database.Commit();
        }

        return found;
    }

    public static string ReadEpoch(Database database) =>
        database.ExecuteText("SELECT value FROM meta WHERE key='epoch'")
        ?? throw new InvalidOperationException("The database has no epoch.");
}
