using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace TradingEngine.Streaming.Sqlite.Data;

/// <summary>One connection with its prepared statements; used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    private Database(SqliteConnection connection) => _connection = connection;

    private sqlite3 Handle => _connection.Handle!;

    /// <summary>Rows changed by the last statement that was run.</summary>
    public int Changes => sqlite3_changes(Handle);

    public bool IsReadOnly => sqlite3_db_readonly(Handle, "main") == 1;

    public static Database Open(string path, SqliteSynchronous synchronous)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        };
        var connection = new SqliteConnection(settings.ConnectionString);
        try
        {
            connection.Open();
            var database = new Database(connection);
            database.Execute("PRAGMA busy_timeout=5000");
            database.Execute("PRAGMA journal_mode=WAL");
            database.Execute($"PRAGMA synchronous={Name(synchronous)}");
            database.Execute("PRAGMA temp_store=MEMORY");
            database.Execute("PRAGMA cache_size=-32768");
            database.Execute("PRAGMA journal_size_limit=67108864");
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static Database OpenForReading(string path)
    {
        var database = Open(path, SqliteSynchronous.Normal);
        database.Execute("PRAGMA query_only=1");
        return database;
    }

    public static string Name(SqliteSynchronous synchronous) => synchronous switch
    {
        SqliteSynchronous.Full => "FULL",
        SqliteSynchronous.Normal => "NORMAL",
        SqliteSynchronous.Off => "OFF",
        _ => throw new ArgumentOutOfRangeException(nameof(synchronous), synchronous, "No such setting."),
    };

    /// <summary>The prepared statement for <paramref name="sql"/>, ready to bind. Only constants may be given.</summary>
    public Statement Sql(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new Statement(Handle, sql);
            _statements.Add(sql, statement);
        }

        return statement.Start();
    }

    /// <summary>Executes statements that return nothing of interest and are not worth keeping.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public string? ExecuteText(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }

    public void BeginWrite() => Sql("BEGIN IMMEDIATE").Run();

    public void Commit() => Sql("COMMIT").Run();

    /// <summary>Rolls back whatever is open; a failed statement may have done so already.</summary>
    public void Rollback()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Reset();
        }

        if (sqlite3_get_autocommit(Handle) == 0)
        {
            Sql("ROLLBACK").Run();
        }
    }

    /// <summary>Reads as of one moment.</summary>
    public T InSnapshot<T>(Func<Database, T> read)
    {
        Sql("BEGIN").Run();
        try
        {
            return read(this);
        }
        finally
        {
            Rollback();
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
