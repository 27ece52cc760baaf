using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Tests.Stores.Contract;

namespace TradingEngine.Tests.Stores;

/// <summary>The embedded store keeps every promise of a store.</summary>
public sealed class SqliteContract : TradingStoreContract, IDisposable
{
    private readonly SqliteDirectory _directory = new();

    protected override int ModelHistories => 500;

    public void Dispose() => _directory.Dispose();

    protected override Task<ITradingStore> CreateAsync(
        IReadOnlyList<QueueDefinition> queues, QueueActivity? activity = null) => OpenAsync(queues, activity);

    protected override async Task<ITradingStore> ReopenAsync(
        ITradingStore store, IReadOnlyList<QueueDefinition> queues, QueueActivity? activity = null)
    {
        await store.DisposeAsync();
        return await OpenAsync(queues, activity);
    }

    private async Task<ITradingStore> OpenAsync(IReadOnlyList<QueueDefinition> queues, QueueActivity? activity) =>
        await _directory.OpenAsync(TimeProvider.System, queues, activity);
}
