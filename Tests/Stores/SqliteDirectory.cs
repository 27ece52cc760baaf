using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite;

namespace TradingEngine.Tests.Stores;

/// <summary>A data directory of one test, deleted with it.</summary>
internal sealed class SqliteDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("engine-store-").FullName;

    public string Database => System.IO.Path.Combine(Path, "engine.db");

    public SqliteTradingStore Store(
        TimeProvider time, IReadOnlyList<QueueDefinition>? queues = null, QueueActivity? activity = null) =>
        new(
            new SqliteStoreOptions { Directory = Path, Synchronous = SqliteSynchronous.Normal, Queues = queues ?? [] },
            time,
            activity);

    public async Task<SqliteTradingStore> OpenAsync(
        TimeProvider time, IReadOnlyList<QueueDefinition>? queues = null, QueueActivity? activity = null)
    {
        var store = Store(time, queues, activity);
        await store.OpenAsync();
        return store;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
