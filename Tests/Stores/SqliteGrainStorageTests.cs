using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Storage;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite;
using TradingEngine.Streaming.Sqlite.Hosting;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>Grain state over the embedded store.</summary>
public sealed class SqliteGrainStorageTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("engine", "one");

    private readonly SqliteDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task State_is_written_read_and_survives_a_reopen()
    {
        var state = new GrainState<Counter>();
        await using (var store = await _directory.OpenAsync(TimeProvider.System))
        {
            var storage = Storage(store, "main");
            await storage.ReadStateAsync("s", Grain, state);
            Assert.Equal((false, null, 0), (state.RecordExists, state.ETag, state.State!.Value));
            state.State = new Counter { Value = 7 };
            await storage.WriteStateAsync("s", Grain, state);
            state.State = new Counter { Value = 8 };
            await storage.WriteStateAsync("s", Grain, state);
            Assert.True(state.RecordExists);
        }

        await using var again = await _directory.OpenAsync(TimeProvider.System);
        var read = new GrainState<Counter>();
        await Storage(again, "main").ReadStateAsync("s", Grain, read);
        Assert.Equal((true, state.ETag, 8), (read.RecordExists, read.ETag, read.State!.Value));
        var elsewhere = new GrainState<Counter>();
        await Storage(again, "other").ReadStateAsync("s", Grain, elsewhere);
        Assert.False(elsewhere.RecordExists);
    }

    [Fact]
    public async Task Stale_etag_is_refused_also_after_a_clear()
    {
        await using var store = await _directory.OpenAsync(TimeProvider.System);
        var storage = Storage(store, "main");
        var (mine, stale) = (new GrainState<Counter>(), new GrainState<Counter>());
        await storage.WriteStateAsync("s", Grain, mine);
        await storage.ReadStateAsync("s", Grain, stale);
        await storage.WriteStateAsync("s", Grain, mine);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", Grain, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("s", Grain, stale));
        var (exact, former) = (mine.ETag, new GrainState<Counter> { ETag = mine.ETag });
        await storage.ClearStateAsync("s", Grain, mine);
        Assert.Equal((false, null), (mine.RecordExists, mine.ETag));
        await storage.WriteStateAsync("s", Grain, mine);
        Assert.NotEqual(exact, mine.ETag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("s", Grain, former));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => storage.WriteStateAsync("s", Grain, new GrainState<Counter>()));
    }

    private static IGrainStorage Storage(SqliteTradingStore store, string name)
    {
        var host = Host.CreateApplicationBuilder();
        host.Services.AddSingleton<ITradingStore>(store);
        host.UseOrleans(silo => silo.UseLocalhostClustering().AddSqliteGrainStorage(name));

        // Neither started nor disposed: a silo is not needed, and the container would dispose the store under the test.
        return host.Build().Services.GetRequiredKeyedService<IGrainStorage>(name);
    }

    [GenerateSerializer]
    internal sealed class Counter
    {
        [Id(0)]
        public int Value { get; set; }
    }
}
