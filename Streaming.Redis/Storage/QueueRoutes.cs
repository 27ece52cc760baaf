using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Hosting;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>How messages travel to a queue.</summary>
internal enum QueueCarrier
{
    List = 0,
    Stream = 1,
    Channel = 2,
}

/// <summary>Where a partition appends to a queue and where its entries are acknowledged.</summary>
/// <param name="Definition">The queue.</param>
/// <param name="Carrier">What carries it.</param>
/// <param name="Target">List, stream or channel that is appended to.</param>
/// <param name="Stream">Stream whose pending entries are the ones in flight.</param>
/// <param name="Lists">Lists that are read, where it is carried so.</param>
internal sealed record QueueRoute(QueueDefinition Definition, QueueCarrier Carrier, string Target, string Stream, IReadOnlyList<string> Lists);

/// <summary>The routes of all queues, as one partition sees them.</summary>
internal sealed class QueueRoutes
{
    private readonly Dictionary<string, QueueRoute> _routes;

    /// <param name="options">Queues and transport.</param>
    /// <param name="served">Keys of the partition whose queues are read.</param>
    /// <param name="keys">Keys of the partition whose state is written.</param>
    public QueueRoutes(RedisStoreOptions options, RedisKeys served, RedisKeys keys)
    {
        _routes = options.Queues.ToDictionary(queue => queue.Name, queue => Route(queue, options.Transport, served, keys));
    }

    public IEnumerable<QueueRoute> All => _routes.Values;

    public QueueRoute this[string queue] => _routes.TryGetValue(queue, out var route)
        ? route
        : throw new ArgumentException($"There is no queue '{queue}'.", nameof(queue));

    private static QueueRoute Route(QueueDefinition queue, RedisTransport transport, RedisKeys served, RedisKeys keys)
    {
        if (queue.Channel is { } channel)
        {
            return new QueueRoute(queue, QueueCarrier.Channel, channel, string.Empty, []);
        }

        if (transport == RedisTransport.Lists)
        {
            string[] lists = [.. queue.ListKeys.Select(served.Named)];
            return new QueueRoute(queue, QueueCarrier.List, lists[0], served.Internal(queue.Name), lists);
        }

        // A queue the engine reads has one reader, so one stream; what only agents read stays beside the partition's state.
        var stream = (queue.IsRead ? served : keys).Stream(queue.Name);
        return new QueueRoute(queue, QueueCarrier.Stream, stream, stream, []);
    }
}
