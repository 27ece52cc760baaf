using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Streams;

/// <summary>
/// Makes the agents' queues Orleans streams: a stream's namespace is the queue's name, its key the partition. Producing
/// is not done through Orleans: an order enters its queue in the commit that decides it, which is what makes it once-only.
/// </summary>
internal sealed class QueueStreamAdapterFactory : IQueueAdapterFactory, IQueueAdapter
{
    /// <summary>
    /// Few, since Orleans' cache gives batches back a tenth of its size at a time: what was handled is to be known as handled
    /// soon. What waits, waits in the store.
    /// </summary>
    private const int CachedBatches = 10;

    private readonly ITradingStore _store;
    private readonly QueueProgress _progress;
    private readonly string _partition;
    private readonly QueueStreamMapper _mapper;
    private readonly SimpleQueueAdapterCache _cache;
    private readonly ILoggerFactory _loggers;

    private QueueStreamAdapterFactory(
        string name, ITradingStore store, QueueProgress progress, IReadOnlyList<string> queues, string partition,
        ILoggerFactory loggers)
    {
        _progress = progress;
        Name = name;
        _store = store;
        _partition = partition;
        _loggers = loggers;
        _mapper = new QueueStreamMapper(queues);
        _cache = new SimpleQueueAdapterCache(new SimpleQueueCacheOptions { CacheSize = CachedBatches }, name, loggers);
    }

    public string Name { get; }

    public bool IsRewindable => false;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public static QueueStreamAdapterFactory Create(
        IServiceProvider services, string name, IReadOnlyList<string> queues, string partition) => new(
            name, services.GetRequiredService<ITradingStore>(), services.GetRequiredService<QueueProgress>(), queues, partition,
            services.GetRequiredService<ILoggerFactory>());

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => _cache;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId)
    {
        var queue = _mapper.NameOf(queueId);
        return new QueueStreamReceiver(
            queue, StreamId.Create(queue, _partition), _store.Queues, _progress, TimeProvider.System,
            _loggers.CreateLogger<QueueStreamReceiver>());
    }

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException(
            $"Messages enter '{streamId}' through a commit or an agent's push, not through the stream.");
}
