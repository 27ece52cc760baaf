using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Commits;
using TradingEngine.Streaming.Sqlite.Data;

namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>The agents' queues over tables, and in memory for prices.</summary>
internal sealed class SqliteQueues(QueueSet queues, ReadPool reads, Writer writer, TimeProvider time) : IQueueStore
{
    public async ValueTask PushAsync(
        string queue, IReadOnlyList<ReadOnlyMemory<byte>> payloads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(payloads);
        if (queues.Price(queue) is { } prices)
        {
            prices.Push(payloads);
            return;
        }

        _ = queues.Durable(queue);
        await writer.RunAsync(
            session =>
            {
                foreach (var payload in payloads)
                {
                    session.Append(queue, "", payload.Span);
                }

                return true;
            },
            cancellation,
            payloads.Count);
    }

    public IQueueReader OpenReader(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        return queues.Price(queue)?.OpenReader() ?? new DurableReader(queues.Durable(queue), reads, writer, time);
    }

    /// <summary>Waiting messages by queue.</summary>
    public IReadOnlyDictionary<string, long> ReadDepths()
    {
        var depths = reads.Read(database => queues.Durables.ToDictionary(
            queue => queue.Definition.Name, queue => QueueSet.Depth(database, queue.Number)));
        foreach (var prices in queues.Prices)
        {
            depths[prices.Definition.Name] = prices.Count;
        }

        return depths;
    }

    /// <summary>An acknowledged row is deleted: there is nothing to give back.</summary>
    public ValueTask TrimAsync(string queue, CancellationToken cancellation = default) => ValueTask.CompletedTask;
}
