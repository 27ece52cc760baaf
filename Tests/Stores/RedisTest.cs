using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Hosting;
using TradingEngine.Streaming.Redis.Storage;
using Xunit;

namespace TradingEngine.Tests.Stores;

/// <summary>What the tests of the Redis store share.</summary>
internal static class RedisTest
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static readonly ImmutableArray<QueueDefinition> Queues =
    [
        new QueueDefinition
        {
            Name = "signals", ListKeys = ["strategy_signals", "fast_signals"], IsRead = true,
            RedeliverAfter = TimeSpan.FromSeconds(60),
        },
        new QueueDefinition
        {
            Name = "quick", ListKeys = ["quick_signals"], IsRead = true, RedeliverAfter = TimeSpan.FromMilliseconds(200),
        },
        new QueueDefinition { Name = "orders", ListKeys = ["execution_orders"] },
        new QueueDefinition
        {
            Name = "prices", ListKeys = [], Channel = "price_channel", IsRead = true, SubjectOf = payload => Text(payload).Split(' ')[0],
        },
    ];

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    public static string Text(QueueEntry entry) => Text(entry.Payload);

    public static RedisTradingStore Make(RedisServerFixture server, RedisTransport transport = RedisTransport.Lists,
        string? known = null, RedisInitMode init = RedisInitMode.Auto, QueueActivity? activity = null) => new(
        new RedisStoreOptions
        {
            ConnectionString = server.ConnectionString, Transport = transport, Queues = Queues, KnownEpoch = known,
            InitMode = init,
        },
        TimeProvider.System, NullLogger<RedisTradingStore>.Instance, activity);

    /// <summary>An open store on an emptied Redis.</summary>
    public static async Task<RedisTradingStore> OpenAsync(RedisServerFixture server,
        RedisTransport transport = RedisTransport.Lists, QueueActivity? activity = null)
    {
        await server.ExecuteAsync("FLUSHALL");
        var store = Make(server, transport, activity: activity);
        await store.OpenAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public static async Task<CommitResult> CommitAsync(this ITradingStore store, Commit commit, string partition = "0") =>
        (await store.Partition(partition).CommitAsync([commit]))[0];

    /// <summary>Reads until <paramref name="count"/> entries came.</summary>
    public static async Task<List<QueueEntry>> TakeAsync(this IQueueReader reader, int count)
    {
        var taken = new List<QueueEntry>();
        var started = Stopwatch.GetTimestamp();
        while (taken.Count < count)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"{taken.Count} of {count} entries came in {Limit}.");
            try
            {
                taken.AddRange(await reader.ReadAsync(count - taken.Count, TimeSpan.FromMilliseconds(100)));
            }
            catch (StoreException)
            {
                // The store is away for now; the limit above bounds how long.
            }
        }

        return taken;
    }

    /// <summary>Polls until a condition holds; fails naming <paramref name="what"/> was awaited.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"Waited {Limit} in vain for {what}.");
            await Task.Delay(5);
        }
    }
}
