using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Sqlite.Data;

/// <summary>
/// Connections that only read. With a write-ahead log they never wait for the writer, and each read sees every commit
/// that was answered before it began.
/// </summary>
internal sealed class ReadPool(string path) : IDisposable
{
    private const int Kept = 8;

    private readonly ConcurrentBag<Database> _idle = [];
    private volatile bool _closed;

    /// <summary>Reads as of one moment.</summary>
    /// <exception cref="StoreException">The read failed, or the store is closed.</exception>
    public T Read<T>(Func<Database, T> read)
    {
        ThrowIfClosed();
        try
        {
            var database = _idle.TryTake(out var idle) ? idle : Database.OpenForReading(path);
            var isSound = false;
            try
            {
                var result = database.InSnapshot(read);
                isSound = true;
                return result;
            }
            finally
            {
                GiveBack(database, isSound);
            }
        }
        catch (SqliteException failure)
        {
            throw new StoreException($"Reading {path} failed: {failure.Message}", failure);
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var database))
        {
            database.Dispose();
        }
    }

    private void GiveBack(Database database, bool isSound)
    {
        if (!isSound || _closed || _idle.Count >= Kept)
        {
            database.Dispose();
        }
        else
        {
            _idle.Add(database);
        }
    }

    /// <exception cref="StoreException">The store is closed.</exception>
    public void ThrowIfClosed()
    {
        if (_closed)
        {
            throw new StoreException("The store is closed.");
        }
    }
}
