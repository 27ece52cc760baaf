using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Queues;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Api.Contracts;

internal sealed record DeadLetterEntry(
    string Id, string Queue, string Reason, string Detail, DateTimeOffset Time, int Deliveries, long Size, string? Text, string? Base64)
{
    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public static DeadLetterEntry Of(DeadLetter letter)
    {
        var text = TextOf(letter.Payload);
        return new(
            letter.Id, letter.Queue, letter.Reason, letter.Detail, letter.Time, letter.Deliveries, letter.Size, text,
            text is null && !letter.Payload.IsEmpty ? Convert.ToBase64String(letter.Payload.Span) : null);
    }

    private static string? TextOf(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return payload.IsEmpty ? null : s_strict.GetString(payload.Span);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

internal sealed record DeadLettersEntry(IReadOnlyList<DeadLetterEntry> Items, long Kept, IReadOnlyDictionary<string, long> Counts);

internal sealed record FactEntry(
    long Sequence, string Cursor, DateTimeOffset At, string Kind, string? PositionId, string? OrderId, string? Symbol, string? Strategy,
    string? Side, decimal? Quantity, decimal? Price, decimal? Pnl, string? Reason, string Summary)
{
    /// <summary>What an entry of the audit says; empty for one that cannot be read, or says nothing that people follow.</summary>
    public static IEnumerable<FactEntry> Of(AuditItem item, string cursor) => AuditLineJson.Read(item.Line) is not { } line
        ? []
        : line.Facts.Select(fact => new FactEntry(
            item.Sequence, cursor, fact.Time, Words.Of(fact.Kind), fact.PositionId ?? (line.PositionId == AuditLine.OfEngine ? null : line.PositionId), fact.OrderId, fact.Symbol,
            fact.Strategy, fact.Side is { } side ? Words.Of(side) : null, fact.Quantity, fact.Price, fact.Pnl, fact.Reason, SummaryOf(fact)));

    private static string SummaryOf(TradingFact fact)
    {
        var text = new StringBuilder(Words.Of(fact.Kind).Replace('_', ' '));
        void Add(string? part) => text.Append(part is null ? "" : " " + part);
        Add(fact.Symbol);
        Add(fact.Side is { } side ? Words.Of(side) : null);
        Add(fact.Quantity?.ToString(CultureInfo.InvariantCulture));
        Add(fact.Price is { } price ? $"at {price.ToString(CultureInfo.InvariantCulture)}" : null);
        Add(fact.Pnl is { } pnl ? $"P&L {pnl.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture)}" : null);
        Add(fact.Reason);
        return text.ToString();
    }
}

internal sealed record SealEntry(long Number, long First, long Last, DateTimeOffset Time, string Hash);

internal sealed record AuditHeadEntry(SealEntry? Sealed, SealEntry? Moved, long Segment)
{
    public static AuditHeadEntry Of(AuditHead head) => new(SealOf(head.Sealed), SealOf(head.Moved), head.Segment);

    private static SealEntry? SealOf(AuditSeal? seal) => seal is null ? null : new(seal.Number, seal.First, seal.Last, seal.Time, seal.Hash);
}

internal sealed record StoryStep(DateTimeOffset At, string Step, string Title, string? Detail, long? SincePreviousMicroseconds);

internal sealed record StoryEntry(string PositionId, bool IsComplete, IReadOnlyList<StoryStep> Steps);

internal sealed record CommandEntry(string Command, string Status, string Reason)
{
    public static CommandEntry Of(string command, CommandResult result) => new(command, result.Status, result.Reason);
}

internal sealed record ChangeEntry(string Path, string? Before, string? After);

internal sealed record ConfigurationResultEntry(
    string Status, string Reason, long Version, ImmutableArray<string> Errors, ImmutableArray<ChangeEntry> Changes)
{
    public static ConfigurationResultEntry Of(ConfigurationResult result) => new(
        result.Answer.Status, result.Answer.Reason, result.Version, result.Errors,
        [.. result.Changes.Select(change => new ChangeEntry(change.Path, change.Before, change.After))]);
}

internal sealed record CommandRequest(
    string? Reason = null, string? Scope = null, double? DurationSeconds = null, bool Flatten = false);

internal sealed record LevelRequest(string Level);

internal sealed record SessionRequest(string Key);

internal sealed record SessionEntry(string Name, string Role, string? Antiforgery);

internal sealed record QueuedEntry(string Queue, int Count);

internal sealed record AcknowledgeRequest(IReadOnlyList<string> Ids);

internal sealed record HeartbeatRequest(
    string? Status = null, bool Reconcile = false, double? HeartbeatInterval = null, string? Version = null);

internal sealed record TakenMessage(string Id, int Deliveries, JsonElement Message);

internal sealed record TakenEntry(string Queue, ImmutableArray<TakenMessage> Messages)
{
    public static TakenEntry Of(string queue, ImmutableArray<OutletMessage> messages) => new(
        queue, [.. messages.Select(message => new TakenMessage(message.Id, message.Deliveries, JsonElement.Parse(message.Payload.Span)))]);
}
