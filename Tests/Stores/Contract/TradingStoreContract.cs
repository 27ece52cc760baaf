using System.Diagnostics;
using System.Text;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using Xunit;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>
/// What every store promises. A store's own tests derive from this and say how to create one; nothing here knows
/// which store it is: entry ids are opaque, keys are unique per test, and whatever may take time is awaited by name.
/// </summary>
public abstract partial class TradingStoreContract
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static long _unique;

    private readonly string _suffix = $"{Environment.ProcessId}-{Interlocked.Increment(ref _unique)}";

    /// <summary>Creates and opens an empty store that nobody else uses.</summary>
    protected abstract Task<ITradingStore> CreateAsync(
        IReadOnlyList<QueueDefinition> queues, QueueActivity? activity = null);

    /// <summary>Closes the store and opens another one on the same data.</summary>
    protected abstract Task<ITradingStore> ReopenAsync(
        ITradingStore store, IReadOnlyList<QueueDefinition> queues, QueueActivity? activity = null);

    private static async Task<IReadOnlyList<string>> ReadAuditAsync(ITradingStore store, string? after = null, int max = 1_000) =>
        [.. (await store.Partition("0").ReadAuditAsync(after, max, Stop)).Select(entry => Text(entry.Line))];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private QueueDefinition Input => Queue("in");

    private QueueDefinition Output => Queue("out");

    private IReadOnlyList<QueueDefinition> InputAndOutput => [Input, Output];

    private string Unique(string name) => $"{name}-{_suffix}";

    private QueueDefinition Queue(string name, double redeliverMilliseconds = 60_000) => new()
    {
        Name = Unique(name),
        ListKeys = [Unique($"wire:{name}")],
        IsRead = true,
        RedeliverAfter = TimeSpan.FromMilliseconds(redeliverMilliseconds),
    };

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static async Task<CommitResult> CommitOneAsync(ITradingStore store, Commit commit)
    {
        var results = await store.Partition("0").CommitAsync([commit], Stop);
        return Assert.Single(results);
    }

    private static async Task MustCommitAsync(ITradingStore store, Commit commit) =>
        Assert.Equal(CommitOutcome.Committed, (await CommitOneAsync(store, commit)).Outcome);

    private static async Task PushAsync(ITradingStore store, QueueDefinition queue, params string[] messages) =>
        await store.Queues.PushAsync(queue.Name, [.. messages.Select(Bytes)], Stop);

    /// <summary>Reads exactly <paramref name="count"/> entries, in however many deliveries they come.</summary>
    private static async Task<List<QueueEntry>> ReadExactlyAsync(IQueueReader reader, int count, string what)
    {
        var clock = Stopwatch.StartNew();
        var entries = new List<QueueEntry>();
        while (entries.Count < count)
        {
            if (clock.Elapsed > Deadline)
            {
                Assert.Fail($"Waited {Deadline} for {what}: {entries.Count} of {count} entries came.");
            }

            entries.AddRange(await reader.ReadAsync(count - entries.Count, TimeSpan.FromMilliseconds(500), Stop));
        }

        return entries;
    }

    private static async Task AssertNothingArrivesAsync(IQueueReader reader, int milliseconds = 60) =>
        Assert.Empty(await reader.ReadAsync(10, TimeSpan.FromMilliseconds(milliseconds), Stop));

    private static async Task EventuallyAsync(string what, Func<Task<bool>> isTrue)
    {
        var clock = Stopwatch.StartNew();
        while (!await isTrue())
        {
            if (clock.Elapsed > Deadline)
            {
                Assert.Fail($"Waited {Deadline} for {what}.");
            }

            await Task.Delay(5, Stop);
        }
    }
}
