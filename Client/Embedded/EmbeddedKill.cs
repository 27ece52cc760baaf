using Microsoft.Data.Sqlite;
using TradingEngine.Client.Commands;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client.Embedded;

/// <summary>
/// Kills an engine through the file of its embedded store, whether its silo runs or not: each commit reads the mode from there.
/// </summary>
internal static class EmbeddedKill
{
    private const string File = "engine.db";
    private const string DefaultPartition = "0";
    private const int BusySeconds = 10;

    /// <summary>Sets the mode of every partition.</summary>
    /// <param name="directory">The silo's <c>--data</c>.</param>
    /// <param name="mode">A killed mode.</param>
    /// <param name="reason">Why, for people.</param>
    /// <returns>Modes that stood before, one for each partition whose mode was changed.</returns>
    /// <exception cref="UsageException">There is no store of ours.</exception>
    public static async Task<IReadOnlyList<EngineMode>> RunAsync(string directory, EngineMode mode, string reason)
    {
        var file = Path.Combine(directory, File);
        if (!System.IO.File.Exists(file))
        {
            throw new UsageException($"--data {directory} holds no {File}: give the silo's --data directory.");
        }

        var connection = new SqliteConnectionStringBuilder
        {
            DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = BusySeconds,
        };
        await using var database = new SqliteConnection(connection.ToString());
        try
        {
            await database.OpenAsync();
            await using var transaction = database.BeginTransaction(deferred: false);
            var before = await ChangeAsync(database, mode, reason);
            await transaction.CommitAsync();
            return before;
        }
        catch (SqliteException exception)
        {
            throw new UsageException($"{file} could not be written: {exception.Message}. Nothing was changed.");
        }
    }

    private static async Task<IReadOnlyList<EngineMode>> ChangeAsync(SqliteConnection database, EngineMode mode, string reason)
    {
        var standing = new Dictionary<string, EngineMode>(StringComparer.Ordinal) { [DefaultPartition] = EngineMode.Running };
        await using (var read = database.CreateCommand())
        {
            read.CommandText = "SELECT partition, mode FROM control";
            await using var rows = await read.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                standing[rows.GetString(0)] = (EngineMode)rows.GetInt32(1);
            }
        }

        var before = new List<EngineMode>();
        foreach (var (partition, stood) in standing.Where(pair => pair.Value != mode))
        {
            await using var write = database.CreateCommand();
            write.CommandText = """
                INSERT INTO control(partition, mode, version, reason) VALUES($partition, $mode, 1, $reason)
                ON CONFLICT(partition) DO UPDATE SET mode=$mode, version=version+1, reason=$reason
                """;
            write.Parameters.AddWithValue("$partition", partition);
            write.Parameters.AddWithValue("$mode", (int)mode);
            write.Parameters.AddWithValue("$reason", reason);
            await write.ExecuteNonQueryAsync();
            before.Add(stood);
        }

        return before;
    }
}
