using System.Text;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;

namespace TradingEngine.Grains.Engine;

/// <content>Signed commands: where keys are given, nothing else on the queue is followed.</content>
public sealed partial class EngineGrain
{
    private const string NoncePrefix = "command-nonce/";
    private const string UnknownAction = "command";

    // Longer than any command lives, with clocks that differ.
    private static readonly TimeSpan NonceKept = TimeSpan.FromMinutes(2);

    /// <summary>What is to be followed, by whom; a refusal where it is not, an error where it is no message.</summary>
    private async Task<Admitted> AdmitAsync(QueueMessage message)
    {
        if (_options.CommandKeys is not { } keys)
        {
            return new Admitted(message.Payload, QueueSource);
        }

        if (SignedCommandReader.Read(message.Payload, out var error) is not { } signed)
        {
            return error is null
                ? new Admitted(message.Payload, QueueSource) { Refusal = "it is not signed, and this engine follows signed commands alone: docs/wire.md" }
                : new Admitted(default, QueueSource) { Error = error };
        }

        var admitted = new Admitted(Encoding.UTF8.GetBytes(signed.Command), signed.Key);
        return signed.RefusalOf(keys, clock.GetUtcNow()) is { } refusal ? admitted with { By = QueueSource, Refusal = refusal }
            : !await IsNewAsync(signed, message.EntryId) ? admitted with { Refusal = "its nonce was used before" }
            : admitted;
    }

    private string? RoleRefusal(Admitted admitted, string action)
    {
        if (_options.CommandKeys?.Find(admitted.By, clock.GetUtcNow()) is not { } key || admitted.Refusal is not null)
        {
            return admitted.Refusal;
        }

        var required = CommandRoles.Of(action);
        return key.Role < required ? $"{key.Name} is {key.Role}, and {action} takes {required}".ToLowerInvariant() : null;
    }

    /// <summary>True for a nonce that nobody used, but this entry of the queue, which may be delivered again.</summary>
    private async Task<bool> IsNewAsync(SignedCommand signed, string entryId)
    {
        var record = $"{NoncePrefix}{signed.Key}/{signed.Nonce}";
        var mine = Encoding.UTF8.GetBytes(entryId);
        var written = await _partition.CommitAsync([new Commit { Records = [new RecordWrite(record, 0, mine, NonceKept)] }]);
        return written[0].IsCommitted
            || (await _partition.ReadAsync(record) is { } used && used.Data.Span.SequenceEqual(mine));
    }

    private sealed record Admitted(ReadOnlyMemory<byte> Payload, string By)
    {
        public string? Refusal { get; init; }

        public WireError? Error { get; init; }
    }
}
