using System.Collections.Immutable;
using System.Text.Json;
using StackExchange.Redis;
using TradingEngine.Grains.Interfaces;

namespace TradingEngine.Client.Certification;

/// <summary>A queue of the wire by both its keys.</summary>
/// <param name="List">Key of the list.</param>
/// <param name="Stream">Name of the stream, without what every stream's key begins with.</param>
internal sealed record WireQueue(string List, string Stream)
{
    public static WireQueue Orders { get; } = new(QueueKeys.Orders, StreamNames.Orders);

    public static WireQueue Updates { get; } = new(QueueKeys.Updates, StreamNames.Updates);

    public static WireQueue ReconcileRequests { get; } = new(QueueKeys.ReconcileRequests, StreamNames.Reconcile);

    public static WireQueue ReconcileReplies { get; } = new(QueueKeys.ReconcileReplies, StreamNames.Reconciled);

    public static WireQueue HftSignals { get; } = new(QueueKeys.HftSignals, StreamNames.HftSignals);

    public static WireQueue StrategySignals { get; } = new(QueueKeys.StrategySignals, StreamNames.FastSignals);

    public static WireQueue FastSignals { get; } = new(QueueKeys.FastSignals, StreamNames.FastSignals);

    public static WireQueue TacticalSignals { get; } = new(QueueKeys.TacticalSignals, StreamNames.TacticalSignals);

    /// <summary>Those that agents meet.</summary>
    public static ImmutableArray<WireQueue> All { get; } =
        [Orders, Updates, ReconcileRequests, ReconcileReplies, HftSignals, StrategySignals, FastSignals, TacticalSignals, new(QueueKeys.Commands, StreamNames.Commands)];
}

/// <summary>The queues of the wire as a silo's <c>--transport</c> lets them appear: lists or streams.</summary>
internal sealed class WireQueues(IDatabase database, bool usesStreams)
{
    private const string StreamPrefix = "te:{" + StreamNames.DefaultPartition + "}:";
    private const string Data = "data";

    /// <summary>True where they are streams.</summary>
    public bool UsesStreams => usesStreams;

    /// <summary>Key of a queue.</summary>
    public RedisKey KeyOf(WireQueue queue) => usesStreams ? StreamPrefix + queue.Stream : queue.List;

    /// <summary>Puts messages on a queue, in order; in a stream each under an id of the sender's.</summary>
    public async Task SendAsync(WireQueue queue, IEnumerable<(string Id, byte[] Message)> messages)
    {
        if (!usesStreams)
        {
            await database.ListLeftPushAsync(queue.List, [.. messages.Select(message => (RedisValue)message.Message)]);
            return;
        }

        await Task.WhenAll(messages.Select(message => database.StreamAddAsync(KeyOf(queue),
        [
            new NameValueEntry("v", "1"), new NameValueEntry("id", message.Id),
            new NameValueEntry("ts", TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000), new NameValueEntry("src", AgentNames.Engine),
            new NameValueEntry("type", queue.Stream), new NameValueEntry(Data, message.Message),
        ])));
    }

    /// <summary>Takes up to so many messages off a queue, oldest first.</summary>
    public async Task<IReadOnlyList<byte[]>> TakeAsync(WireQueue queue, int most)
    {
        if (!usesStreams)
        {
            return [.. (await database.ListRightPopAsync(queue.List, most) ?? []).Select(message => (byte[])message!)];
        }

        var entries = await database.StreamRangeAsync(KeyOf(queue), count: most);
        if (entries.Length > 0)
        {
            await database.StreamDeleteAsync(KeyOf(queue), [.. entries.Select(entry => entry.Id)]);
        }

        return [.. entries.Select(MessageOf)];
    }

    /// <summary>True for a stream of the wire that holds nothing, as an agent leaves one that brought its group to it.</summary>
    public async Task<bool> IsEmptyStreamAsync(RedisKey key) =>
        usesStreams && WireQueue.All.Any(queue => KeyOf(queue) == key) && await database.StreamLengthAsync(key) == 0;

    /// <summary>An entry without the field is a flat object of all its fields, as the engine reads it.</summary>
    private static byte[] MessageOf(StreamEntry entry) => entry[Data] is { IsNull: false } data
        ? (byte[])data!
        : JsonSerializer.SerializeToUtf8Bytes(entry.Values.DistinctBy(pair => pair.Name).ToDictionary(pair => pair.Name.ToString(), pair => pair.Value.ToString()));
}
