using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Orleans.TestingHost;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Tiers;
using TradingEngine.Silo.Hosting;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Tiers;
using Xunit;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>
/// One silo over an embedded store, with the test as its agents. The engine decides by a clock that only the test moves.
/// Every message counts as outstanding until a commit acknowledged it, orders until the test's executor took them: when
/// none is left, all that was sent has had all its effects, and nothing more will come.
/// </summary>
internal sealed class TestEngine : IAsyncDisposable
{
    /// <summary>The engine's time at the start: a Wednesday, so every market is open.</summary>
    public static readonly DateTimeOffset Started = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("te-cluster-");
    private readonly EngineOptions _options;
    private readonly Lock _gate = new();
    private readonly List<SentOrder> _orders = [];
    private QueueActivity _activity = new();
    private SqliteTradingStore? _store;
    private UnreliableStore? _faults;
    private InProcessTestCluster? _cluster;
    private CancellationTokenSource _ending = new();
    private Task _executor = Task.CompletedTask;

    private TestEngine(EngineOptions options) => _options = options;

    public FakeTimeProvider Clock { get; } = new(Started);

    /// <summary>True when the executor fills every order at its price as it comes.</summary>
    public bool Fills { get; set; }

    /// <summary>The store as the engine has it, where a test makes commits fail.</summary>
    public UnreliableStore Faults => _faults!;

    /// <summary>The store as agents have it.</summary>
    public ITradingStore Store => _store!;

    public IPartitionStore Partition => Store.Partition(StreamNames.DefaultPartition);

    public IClusterClient Cluster => _cluster!.Client;

    public IEngineGrain Engine => Cluster.GetGrain<IEngineGrain>(StreamNames.DefaultPartition);

    /// <summary>All orders that were ever sent, oldest first.</summary>
    public ImmutableArray<SentOrder> Orders
    {
        get
        {
            lock (_gate)
            {
                return [.. _orders];
            }
        }
    }

    public static async Task<TestEngine> StartAsync(RiskLimits? limits = null, params ImmutableArray<TierDefinition> tiers)
    {
        var engine = new TestEngine(TestOptions.Create(limits ?? RiskLimits.Open, tiers));
        await engine.OpenAsync();
        return engine;
    }

    /// <summary>The engine of the first of several partitions.</summary>
    public static async Task<TestEngine> StartOfPartitionsAsync(int count)
    {
        var engine = new TestEngine(TestOptions.Create(RiskLimits.Open) with { Partitions = count });
        await engine.OpenAsync();
        return engine;
    }

    /// <summary>An engine on which nothing happens by itself: the test beats its tiers.</summary>
    public static async Task<TestEngine> StartInLockStepAsync(params ImmutableArray<TierDefinition> tiers)
    {
        var engine = new TestEngine(TestOptions.Create(RiskLimits.Open, tiers, isLockStep: true));
        await engine.OpenAsync();
        return engine;
    }

    /// <summary>Beats of the tiers from now on.</summary>
    public Task<VirtualBeats> BeatsAsync() => VirtualBeats.StartAsync(Cluster, _options, Clock.GetUtcNow());

    /// <summary>Ends silo and store, and starts others over what they left.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public Task SignalAsync(params SentSignal[] signals) =>
        PushAsync(StreamNames.FastSignals, [.. signals.Select(signal => signal.Json)]);

    /// <summary>Puts messages on a queue in one call, and waits until they have had all their effects.</summary>
    public async Task PushAsync(string queue, params string[] messages)
    {
        await Store.Queues.PushAsync(
            queue, [.. messages.Select(message => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(message))]);
        await IdleAsync();
    }

    /// <summary>A quote at the engine's time.</summary>
    public Task PriceAsync(decimal bid, decimal ask, string symbol = "BTCUSD") => PushAsync(StreamNames.Market, string.Create(
        CultureInfo.InvariantCulture, $$"""{"symbol":"{{symbol}}","bid":{{bid}},"ask":{{ask}}}"""));

    public Task FillAsync(SentOrder order, decimal? price = null) => PushAsync(StreamNames.Updates, order.Filled(price));

    /// <summary>Waits until nothing is outstanding.</summary>
    public Task IdleAsync() => Eventually.EndsAsync("every message to be acknowledged", _activity.WhenIdleAsync());

    /// <summary>Sends a signal, fills its order, waits for its exits to be armed, and returns the order.</summary>
    public async Task<SentOrder> OpenAsync(SentSignal signal)
    {
        await SignalAsync(signal);
        var order = Orders[^1];
        Assert.Equal(signal.SignalId, order.SignalId);
        await FillAsync(order);
        if (signal.StopLoss is not null || signal.TakeProfit is not null)
        {
            await ArmedAsync(signal.Symbol, order.PositionId);
        }

        return order;
    }

    /// <summary>Waits until exactly these positions have exits armed.</summary>
    public Task ArmedAsync(string symbol, params string[] positionIds) => Eventually.HoldsAsync(
        $"{positionIds.Length} positions of {symbol} to be armed",
        async () => (await Cluster.GetGrain<IInstrumentGrain>(symbol).GetExitsAsync()).ArmedIds.ToHashSet().SetEquals(positionIds));

    /// <summary>The position as its grain has it.</summary>
    public async Task<PositionState> PositionAsync(string positionId) =>
        await Cluster.GetGrain<IPositionGrain>(positionId).GetAsync()
        ?? throw new InvalidOperationException($"There is no position {positionId}.");

    /// <summary>The index entries of a symbol.</summary>
    public async Task<IReadOnlyList<PositionIndexEntry>> IndexAsync(string symbol = "BTCUSD") =>
        [.. (await Partition.ReadIndexAsync(symbol))!.Fields.Values.Select(data => DomainJson.ReadIndexEntry(data.Span))];

    /// <summary>Messages waiting in a queue.</summary>
    public async Task<long> DepthAsync(string queue) => (await Store.GetStatusAsync()).QueueDepths[queue];

    /// <summary>A list of the wire, newest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string key) =>
        [.. (await Store.Board.ReadListAsync(key, 1000)).Select(text => JsonNode.Parse(text)!)];

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _ending.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        _ending = new CancellationTokenSource();
        _activity = new QueueActivity();
        _store = new SqliteTradingStore(
            new SqliteStoreOptions { Directory = _directory.FullName, Queues = QueueCatalog.Create(ExecutionKind.Paper, _options.Tiers) },
            TimeProvider.System, _activity);
        await _store.OpenAsync();
        _executor = ExecuteAsync(_store.Queues.OpenReader(StreamNames.Orders), _ending.Token);
        _faults = new UnreliableStore(_store);
        _cluster = await ClusterSetup.StartAsync([_faults], _options, Clock);
    }

    private async Task CloseAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.StopAllSilosAsync();
            await _cluster.DisposeAsync();
        }

        await _ending.CancelAsync();
        await _executor;
        _ending.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private async Task ExecuteAsync(IQueueReader reader, CancellationToken ending)
    {
        await using (reader)
        {
            try
            {
                while (true)
                {
                    foreach (var entry in await reader.ReadAsync(256, TimeSpan.FromSeconds(1), ending))
                    {
                        await TakeAsync(entry);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The engine ends.
            }
        }
    }

    private async Task TakeAsync(QueueEntry entry)
    {
        var order = new SentOrder(Encoding.UTF8.GetString(entry.Payload.Span));
        lock (_gate)
        {
            _orders.Add(order);
        }

        if (Fills)
        {
            await Store.Queues.PushAsync(StreamNames.Updates, [Encoding.UTF8.GetBytes(order.Filled())]);
        }

        await Partition.CommitAsync([new Commit { Acks = [new QueueAck(StreamNames.Orders, entry.Id)] }]);
    }
}
