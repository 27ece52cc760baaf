using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace TradingEngine.Streaming.Sqlite.Data;

/// <summary>
/// A prepared statement used over and over by one thread at a time. It sits directly on the C interface because the
/// commands of ADO.NET allocate a reader per execution, which would cost more than the statement itself.
/// </summary>
internal sealed class Statement : IDisposable
{
    private const int SmallText = 256;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private int _bound;

    public Statement(sqlite3 database, string sql)
    {
        _database = database;
        Check(sqlite3_prepare_v3(database, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Makes the statement ready to bind its first parameter.</summary>
    public Statement Start()
    {
        _ = sqlite3_reset(_statement);
        _bound = 0;
        return this;
    }

    public Statement Bind(long value)
    {
        Check(sqlite3_bind_int64(_statement, ++_bound, value));
        return this;
    }

    public Statement Bind(long? value) => value is { } given ? Bind(given) : BindNull();

    public Statement Bind(string value)
    {
        var size = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (size <= SmallText)
        {
            Span<byte> small = stackalloc byte[SmallText];
            return BindText(small[..Encoding.UTF8.GetBytes(value, small)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(size);
        BindText(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    public Statement Bind(ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which the C interface would take for NULL.
        Check(value.IsEmpty
            ? sqlite3_bind_zeroblob(_statement, ++_bound, 0)
            : sqlite3_bind_blob(_statement, ++_bound, value));
        return this;
    }

    /// <summary>Moves to the next row; false, and ready for the next use, when there is none.</summary>
    public bool Step()
    {
        var code = sqlite3_step(_statement);
        if (code == SQLITE_ROW)
        {
            return true;
        }

        // The reset repeats a failed step's code; the message must be taken before it.
        if (code != SQLITE_DONE)
        {
            var failure = new SqliteException(
                $"SQLite error {code}: '{sqlite3_errmsg(_database).utf8_to_string()}'.", code & 0xff, code);
            _ = sqlite3_reset(_statement);
            throw failure;
        }

        _ = sqlite3_reset(_statement);
        return false;
    }

    /// <summary>Runs to the end, whatever rows it returns.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>The first column of the first row, or null without a row or with a null in it.</summary>
    public long? Scalar()
    {
        long? value = Step() && !IsNull(0) ? Int64(0) : null;
        _ = sqlite3_reset(_statement);
        return value;
    }

    /// <summary>The first column of the only row of a statement that writes and returns what it wrote.</summary>
    public long Returning()
    {
        var value = Step() ? Int64(0) : throw new InvalidOperationException("The statement returned no row.");
        Run();
        return value;
    }

    public void Reset() => _ = sqlite3_reset(_statement);

    public bool IsNull(int column) => sqlite3_column_type(_statement, column) == SQLITE_NULL;

    public long Int64(int column) => sqlite3_column_int64(_statement, column);

    public string Text(int column) => sqlite3_column_text(_statement, column).utf8_to_string() ?? "";

    public byte[] Blob(int column) => sqlite3_column_blob(_statement, column).ToArray();

    public string BlobText(int column) => Encoding.UTF8.GetString(sqlite3_column_blob(_statement, column));

    public void Dispose() => _statement.Dispose();

    private Statement BindNull()
    {
        Check(sqlite3_bind_null(_statement, ++_bound));
        return this;
    }

    private Statement BindText(ReadOnlySpan<byte> utf8)
    {
        // Same as for blobs: without an address an empty text would become NULL.
        Check(utf8.IsEmpty
            ? sqlite3_bind_text(_statement, ++_bound, "")
            : sqlite3_bind_text(_statement, ++_bound, utf8));
        return this;
    }

    private void Check(int code)
    {
        if (code != SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
