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
internal sealed record QueueRoute(QueueDefinition Definition, QueueCarrier Carrier, string Target, string Stream);

/// <summary>The routes of all queues, as one partition sees them.</summary>
internal sealed class QueueRoutes
{
    private readonly Dictionary<string, QueueRoute> _routes;

    public QueueRoutes(RedisStoreOptions options, RedisKeys keys)
    {
        _routes = options.Queues.ToDictionary(queue => queue.Name, queue => Route(queue, options.Transport, keys));
    }

    public IEnumerable<QueueRoute> All => _routes.Values;

    public QueueRoute this[string queue] => _routes.TryGetValue(queue, out var route)
        ? route
        : throw new ArgumentException($"There is no queue '{queue}'.", nameof(queue));

    private static QueueRoute Route(QueueDefinition queue, RedisTransport transport, RedisKeys keys)
    {
        if (queue.Channel is { } channel)
        {
            return new QueueRoute(queue, QueueCarrier.Channel, channel, string.Empty);
        }

        if (transport == RedisTransport.Lists)
        {
            return new QueueRoute(queue, QueueCarrier.List, queue.ListKeys[0], RedisKeys.Default.Internal(queue.Name));
        }

        // A queue the engine reads has one reader, so one stream; what only agents read stays beside the partition's state.
        var stream = (queue.IsRead ? RedisKeys.Default : keys).Stream(queue.Name);
        return new QueueRoute(queue, QueueCarrier.Stream, stream, stream);
    }
}
