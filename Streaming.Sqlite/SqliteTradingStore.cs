using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Commits;
using TradingEngine.Streaming.Sqlite.Data;
using TradingEngine.Streaming.Sqlite.Queues;

namespace TradingEngine.Streaming.Sqlite;

/// <summary>
/// The embedded store: one SQLite file with a write-ahead log in a directory that one process holds. One thread writes,
/// in groups; reads go beside it. Thread-safe once opened.
/// </summary>
/// <param name="options">Directory, durability and queues.</param>
/// <param name="time">Clock of retention, redelivery and housekeeping.</param>
/// <param name="activity">Told of every message that enters or leaves a queue the engine reads.</param>
public sealed class SqliteTradingStore(SqliteStoreOptions options, TimeProvider time, QueueActivity? activity = null)
    : ITradingStore
{
    private readonly string _directory = Path.GetFullPath(options.Directory);
    private readonly ConcurrentDictionary<string, SqlitePartition> _partitions = new(StringComparer.Ordinal);
    private Opened? _opened;
    private bool _disposed;

    /// <inheritdoc />
    public string Description => $"embedded (SQLite in {_directory})";

    /// <summary>Random id given to the database file when it was created.</summary>
    public string Epoch => Open.Epoch;

    /// <inheritdoc />
    public IQueueStore Queues => Open.Queues;

    /// <inheritdoc />
    public IBoard Board => Open.Board;

    internal Writer Writer => Open.Writer;

    internal ReadPool Reads => Open.Reads;

    private Opened Open => _opened ?? throw new InvalidOperationException("The store was not opened.");

    /// <inheritdoc />
    public Task OpenAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_opened is not null)
        {
            throw new InvalidOperationException("The store is open already.");
        }

        // Opening may replay a log and check the file: not on the caller's scheduler.
        return Task.Run(
            () =>
            {
                var directoryLock = DirectoryLock.Take(_directory);
                try
                {
                    _opened = Start(directoryLock);
                }
                catch
                {
                    directoryLock.Dispose();
                    throw;
                }
            },
            cancellation);
    }

    /// <inheritdoc />
    public IPartitionStore Partition(string partition)
    {
        ArgumentNullException.ThrowIfNull(partition);
        return _partitions.GetOrAdd(
            partition, static (name, open) => new SqlitePartition(name, open.Set, open.Reads, open.Writer, open.Time), Open);
    }

    /// <inheritdoc />
    public async Task<StoreStatus> GetStatusAsync(CancellationToken cancellation = default)
    {
        var persistence = $"SQLite WAL, synchronous={Database.Name(options.Synchronous)}";
        try
        {
            var started = time.GetTimestamp();
            await Open.Writer.RunAsync(session => true, cancellation);
            var latency = time.GetElapsedTime(started);
            return new StoreStatus(true, latency, persistence, Open.Queues.ReadDepths(), null);
        }
        catch (Exception failure) when (failure is StoreException or InvalidOperationException)
        {
            return new StoreStatus(false, null, persistence, new Dictionary<string, long>(), failure.Message);
        }
    }

    /// <summary>Writes what was handed in before, then closes the file and gives the directory back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_opened is { } open)
        {
            open.Housekeeping.Dispose();
            await open.Writer.DisposeAsync();
            open.Reads.Dispose();
            open.Database.Dispose();
            open.Set.WakeReaders();
            open.Lock.Dispose();
        }
    }

    private Opened Start(DirectoryLock directoryLock)
    {
        var path = Path.Combine(_directory, "engine.db");
        var database = DatabaseFile.Open(path, _directory, options.Synchronous);
        try
        {
            var set = QueueSet.Load(database, options.Queues, activity, time);
            var epoch = Schema.ReadEpoch(database);
            var reads = new ReadPool(path);
            var writer = new Writer(database, new WriteSession(database, set, activity, time));
            return new Opened(
                directoryLock, database, epoch, set, reads, writer, new SqliteQueues(set, reads, writer, time),
                new SqliteBoard(set, reads, writer, time), new Housekeeping(writer, time), time);
        }
        catch (SqliteException failure)
        {
            database.Dispose();
            throw DatabaseFile.Refuse(path, _directory, failure);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Everything that exists while the store is open.</summary>
    private sealed record Opened(
        DirectoryLock Lock, Database Database, string Epoch, QueueSet Set, ReadPool Reads, Writer Writer,
        SqliteQueues Queues, SqliteBoard Board, Housekeeping Housekeeping, TimeProvider Time);
}
