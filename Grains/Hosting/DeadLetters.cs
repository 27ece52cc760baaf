using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Hosting;

/// <summary>
/// Sets aside what cannot be understood, with source, reason and bytes, in the commit that acknowledges it; logs at most
/// once a second per reason. Thread-safe.
/// </summary>
public sealed partial class DeadLetters(
    ITradingStore store,
    IOptions<EngineOptions> options,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<DeadLetters> logger)
{
    private const int MaxKept = 10_000;
    private const int MaxBytes = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<RejectReason, DateTimeOffset> _loggedAt = [];

    /// <summary>Sets a message aside and acknowledges it.</summary>
    public async Task AddAsync(string queue, QueueMessage message, WireError error)
    {
        var now = clock.GetUtcNow();
        await store.Partition(options.Value.Partition).CommitAsync(
        [
            new Commit
            {
                Pushes = [new ListPush(BoardKeys.DeadLetters, Write(queue, message, error, now), MaxKept)],
                Acks = [new QueueAck(queue, message.EntryId)],
            },
        ]);
        facts.Publish(
        [
            new TradingFact { Kind = FactKind.DeadLettered, Time = now, Reason = $"{queue}: {error.Reason.Code()} {error.Detail}" },
        ]);
        if (MayLog(error.Reason, now))
        {
            LogDeadLetter(logger, queue, error.Reason.Code(), error.Detail);
        }
    }

    private bool MayLog(RejectReason reason, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_loggedAt.TryGetValue(reason, out var at) && now - at < TimeSpan.FromSeconds(1))
            {
                return false;
            }

            _loggedAt[reason] = now;
            return true;
        }
    }

    private static byte[] Write(string queue, QueueMessage message, WireError error, DateTimeOffset now)
    {
        var bytes = message.Payload.Span;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("queue", queue);
            json.WriteString("entry", message.EntryId);
            json.WriteString("reason", error.Reason.Code());
            json.WriteString("detail", error.Detail);
            json.WriteNumber("timestamp", TradeWriter.Seconds(now));
            json.WriteNumber("size", bytes.Length);
            json.WriteBase64String("bytes", bytes.Length > MaxBytes ? bytes[..MaxBytes] : bytes);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    [LoggerMessage(2201, LogLevel.Warning, "Set aside a message of {Queue}: {Code}, {Detail}")]
    private static partial void LogDeadLetter(ILogger logger, string queue, string code, string detail);
}
