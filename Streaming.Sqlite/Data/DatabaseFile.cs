using System.Globalization;
using Microsoft.Data.Sqlite;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Sqlite.Data;

/// <summary>Opens the database file, or says in words a person can act on why it must not be used.</summary>
internal static class DatabaseFile
{
    /// <summary>Files up to this size are checked through at every start; checking larger ones would delay it too long.</summary>
    private const long CheckedSize = 64 << 20;

    /// <exception cref="StoreRefusedException">The file is damaged, cannot be written or is of a newer engine.</exception>
    public static Database Open(string path, string directory, SqliteSynchronous synchronous)
    {
        Database? database = null;
        try
        {
            database = Database.Open(path, synchronous);
            if (database.IsReadOnly)
            {
                throw new StoreRefusedException(
                    $"The database {path} is read-only. Make the data directory {directory} and its files writable, "
                    + "or give another one with --data.");
            }

            Check(database, path, directory);
            return database;
        }
        catch (SqliteException failure)
        {
            database?.Dispose();
            throw Refuse(path, directory, failure);
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    public static StoreRefusedException Refuse(string path, string directory, Exception failure) => new(
        $"The database {path} cannot be used ({failure.Message}). Restore the data directory {directory} from a backup, "
        + "make it writable, or give another one with --data.",
        failure);

    private static void Check(Database database, string path, string directory)
    {
        var version = Schema.Create(database);
        if (version > Schema.Version)
        {
            throw new StoreRefusedException(string.Create(CultureInfo.InvariantCulture,
                $"The database {path} has format {version} and this engine knows {Schema.Version}. "
                + $"Start the newer engine, or give another directory than {directory} with --data."));
        }

        if (new FileInfo(path).Length <= CheckedSize
            && database.ExecuteText("PRAGMA quick_check(1)") is { } found && found != "ok")
        {
            throw new StoreRefusedException(
                $"The database {path} is damaged ({found}). Restore the data directory {directory} from a backup, "
                + "or give another one with --data.");
        }

        // A full or write-protected disk shows here and not at the first order.
        database.Execute("INSERT OR REPLACE INTO meta VALUES('opened', 'yes')");
    }
}
