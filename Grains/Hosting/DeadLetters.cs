using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Hosting;

/// <summary>
/// Sets aside what cannot be understood, with source, reason and bytes, in the commit that acknowledges and counts it;
/// tells of it at most once a second per reason. Thread-safe.
/// </summary>
public sealed partial class DeadLetters(
    ITradingStore store,
    IOptions<EngineOptions> options,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<DeadLetters> logger)
{
    /// <summary>
    /// Letters that are kept, the newest: at most some 260 MB, were each as large as it may be and in need of base 64.
    /// </summary>
    public const int MaxKept = 3_000;

    /// <summary>Counter group of what was ever set aside, by <c>queue REASON</c>.</summary>
    public const string CounterGroup = "dead-letters";

    private const int MaxBytes = WireObject.MaxBytes;

    private readonly Lock _gate = new();
    private long _total;
    private readonly Dictionary<RejectReason, (DateTimeOffset At, long Untold)> _told = [];

    /// <summary>Messages set aside in this silo since it started.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>Sets a message aside and acknowledges it.</summary>
    public Task AddAsync(string queue, QueueMessage message, WireError error) => AddAsync(queue, [(message, error)]);

    /// <summary>Sets messages aside in one call to the store, a commit each.</summary>
    public async Task AddAsync(string queue, IReadOnlyList<(QueueMessage Message, WireError Error)> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await store.Partition(options.Value.Partition).CommitAsync(
            [.. items.Select(item => CommitOf(queue, item.Message, item.Error, now))]);
        Interlocked.Add(ref _total, items.Count);
        foreach (var (_, error) in items)
        {
            Tell(queue, error, now);
        }
    }

    private static Commit CommitOf(string queue, QueueMessage message, WireError error, DateTimeOffset now)
    {
        var letter = new DeadLetter
        {
            Id = DeadLetterJson.IdOf(queue, message.EntryId, now),
            Queue = queue,
            EntryId = message.EntryId,
            Reason = error.Reason.Code(),
            Detail = error.Detail,
            Time = now,
            Deliveries = message.Deliveries,
            Size = message.Size,
            Payload = message.Payload.Length > MaxBytes ? message.Payload[..MaxBytes] : message.Payload,
        };
        return new Commit
        {
            Pushes = [new ListPush(BoardKeys.DeadLetters, DeadLetterJson.Write(letter), MaxKept)],
            Counters = [new CounterDelta(CounterGroup, $"{queue} {letter.Reason}", 1)],
            Acks = [new QueueAck(queue, message.EntryId)],
        };
    }

    /// <summary>A flood of broken messages must neither fill the log nor drive other facts out of their listeners' buffers.</summary>
    private void Tell(string queue, WireError error, DateTimeOffset now)
    {
        long untold;
        lock (_gate)
        {
            var (at, count) = _told.GetValueOrDefault(error.Reason, (DateTimeOffset.MinValue, 0));
            if (now - at < TimeSpan.FromSeconds(1))
            {
                _told[error.Reason] = (at, count + 1);
                return;
            }

            _told[error.Reason] = (now, 0);
            untold = count;
        }

        var more = untold == 0 ? "" : $" ({untold} more since the last)";
        facts.Publish(
        [
            new TradingFact
            {
                Kind = FactKind.DeadLettered, Time = now, Reason = $"{queue}: {error.Reason.Code()} {error.Detail}{more}",
            },
        ]);
        LogDeadLetter(logger, queue, error.Reason.Code(), error.Detail, more);
    }

    [LoggerMessage(2201, LogLevel.Warning, "Set aside a message of {Queue}: {Code}, {Detail}{More}")]
    private static partial void LogDeadLetter(ILogger logger, string queue, string code, string detail, string more);
}
