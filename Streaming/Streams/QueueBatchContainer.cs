using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace TradingEngine.Streaming.Streams;

/// <summary>Carries one <see cref="QueueBatch"/> as one event: hops carry batches, not messages.</summary>
[GenerateSerializer, Alias("te.queue-batch-container")]
public sealed class QueueBatchContainer(StreamId streamId, QueueBatch batch, EventSequenceTokenV2 token) : IBatchContainer
{
    [Id(0)] private readonly QueueBatch _batch = batch;

    [Id(1)] private readonly EventSequenceTokenV2 _token = token;

    /// <inheritdoc/>
    [Id(2)] public StreamId StreamId { get; } = streamId;

    /// <inheritdoc/>
    public StreamSequenceToken SequenceToken => _token;

    /// <inheritdoc/>
    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        if (_batch is T batch)
        {
            yield return Tuple.Create(batch, (StreamSequenceToken)_token);
        }
    }

    /// <inheritdoc/>
    public bool ImportRequestContext() => false;
}
