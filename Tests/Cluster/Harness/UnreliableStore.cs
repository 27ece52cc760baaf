using System.Text;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Tests.Cluster.Harness;

/// <summary>When a fault strikes a commit.</summary>
internal enum FaultPoint
{
    /// <summary>Nothing was written.</summary>
    BeforeWriting,

    /// <summary>All was written, and the answer was lost.</summary>
    AfterWriting,
}

/// <summary>A store that fails the next commit of some kind, as one that is reached over a network may.</summary>
internal sealed class UnreliableStore(ITradingStore inner) : ITradingStore
{
    private readonly Lock _gate = new();
    private (Func<Commit, bool> Strikes, FaultPoint Point)? _fault;

    /// <summary>True when the fault asked for has struck, or none was.</summary>
    public bool HasStruck
    {
        get
        {
            lock (_gate)
            {
                return _fault is null;
            }
        }
    }

    /// <summary>Runs before each call is handed on: between the decision and its commit. A fault it names strikes that call.</summary>
    public Func<IReadOnlyList<Commit>, Task<FaultPoint?>>? Between { get; set; }

    public string Description => inner.Description;

    public IQueueStore Queues => inner.Queues;

    public IBoard Board => inner.Board;

    /// <summary>Fails, once, the call that holds a commit with an order of this type.</summary>
    public void FailOrder(string type, FaultPoint point) => Fail(
        commit => commit.Appends.Any(append =>
            Encoding.UTF8.GetString(append.Payload.Span).Contains($"\"type\":\"{type}\"", StringComparison.Ordinal)),
        point);

    /// <summary>Fails, once, the call that holds such a commit.</summary>
    public void Fail(Func<Commit, bool> strikes, FaultPoint point)
    {
        lock (_gate)
        {
            _fault = (strikes, point);
        }
    }

    public Task OpenAsync(CancellationToken cancellation = default) => inner.OpenAsync(cancellation);

    public IPartitionStore Partition(string partition) => new UnreliablePartition(this, inner.Partition(partition));

    public Task<StoreStatus> GetStatusAsync(CancellationToken cancellation = default) => inner.GetStatusAsync(cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private FaultPoint? Strike(IReadOnlyList<Commit> commits)
    {
        lock (_gate)
        {
            if (_fault is not { } fault || !commits.Any(fault.Strikes))
            {
                return null;
            }

            _fault = null;
            return fault.Point;
        }
    }

    private sealed class UnreliablePartition(UnreliableStore store, IPartitionStore inner) : IPartitionStore
    {
        string IPartitionStore.Partition => inner.Partition;

        public async ValueTask<CommitResult[]> CommitAsync(
            IReadOnlyList<Commit> commits, CancellationToken cancellation = default)
        {
            var fault = store.Strike(commits);
            if (store.Between is { } between)
            {
                fault ??= await between(commits);
            }

            if (fault == FaultPoint.BeforeWriting)
            {
                throw new StoreException("The test lost the call.");
            }

            var results = await inner.CommitAsync(commits, cancellation);
            return fault is null ? results : throw new StoreException("The test lost the answer.");
        }

        public ValueTask<StoredRecord?> ReadAsync(string key, CancellationToken cancellation = default) =>
            inner.ReadAsync(key, cancellation);

        public ValueTask<StoredRecord?[]> ReadManyAsync(IReadOnlyList<string> keys, CancellationToken cancellation = default) =>
            inner.ReadManyAsync(keys, cancellation);

        public ValueTask<IndexSnapshot?> ReadIndexAsync(
            string index, long knownVersion = -1, CancellationToken cancellation = default) =>
            inner.ReadIndexAsync(index, knownVersion, cancellation);

        public ValueTask<IndexChanges?> ReadIndexChangesAsync(
            string index, long knownVersion, CancellationToken cancellation = default) =>
            inner.ReadIndexChangesAsync(index, knownVersion, cancellation);

        public ValueTask<IReadOnlyDictionary<string, long>> ReadIndexVersionsAsync(CancellationToken cancellation = default) =>
            inner.ReadIndexVersionsAsync(cancellation);

        public ValueTask<CounterSnapshot?> ReadCountersAsync(
            string group, long knownVersion = -1, CancellationToken cancellation = default) =>
            inner.ReadCountersAsync(group, knownVersion, cancellation);

        public ValueTask<IReadOnlyList<string>> ReadCounterGroupsAsync(string prefix, CancellationToken cancellation = default) =>
            inner.ReadCounterGroupsAsync(prefix, cancellation);

        public ValueTask<long> RaiseFenceAsync(string group, CancellationToken cancellation = default) =>
            inner.RaiseFenceAsync(group, cancellation);

        public ValueTask<ControlState> ReadControlAsync(CancellationToken cancellation = default) =>
            inner.ReadControlAsync(cancellation);

        public ValueTask<bool> SetModeAsync(
            long expectedVersion, int mode, string reason, IReadOnlyList<ListPush> pushes, IReadOnlyList<QueueAck> acks,
            CancellationToken cancellation = default) =>
            inner.SetModeAsync(expectedVersion, mode, reason, pushes, acks, cancellation);

        public ValueTask<bool> ReplaceHaltAsync(
            string scope, string? expected, string? text, CancellationToken cancellation = default) =>
            inner.ReplaceHaltAsync(scope, expected, text, cancellation);

        public ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(
            string? after, int max, CancellationToken cancellation = default) =>
            inner.ReadAuditAsync(after, max, cancellation);

        public ValueTask ForgetAsync(
            string? through, IReadOnlyList<(string Key, long Version)> records, CancellationToken cancellation = default) =>
            inner.ForgetAsync(through, records, cancellation);
    }
}
