using Orleans.Streams;

namespace TradingEngine.Streaming.Streams;

/// <summary>One queue per stream namespace, spread evenly over the ring of silos.</summary>
internal sealed class QueueStreamMapper : IConsistentRingStreamQueueMapper
{
    private readonly Dictionary<string, QueueId> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<QueueId, string> _byId = [];

    public QueueStreamMapper(IReadOnlyList<string> queues)
    {
        ArgumentOutOfRangeException.ThrowIfZero(queues.Count);
        var step = uint.MaxValue / (uint)queues.Count;
        for (var i = 0; i < queues.Count; i++)
        {
            var id = QueueId.GetQueueId(queues[i].Replace(':', '-'), (uint)i, step * (uint)i);
            _byName[queues[i]] = id;
            _byId[id] = queues[i];
        }
    }

    public IEnumerable<QueueId> GetAllQueues() => _byId.Keys;

    public QueueId GetQueueForStream(StreamId streamId) =>
        _byName.TryGetValue(streamId.GetNamespace() ?? "", out var id)
            ? id
            : throw new InvalidOperationException($"No queue carries streams of the namespace '{streamId.GetNamespace()}'.");

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) =>
        _byId.Keys.Where(id => range.InRange(id.GetUniformHashCode()));

    public string NameOf(QueueId id) => _byId[id];
}
