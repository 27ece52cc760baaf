using System.Globalization;
using System.Text;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Audit;

namespace TradingEngine.Grains.Audit;

/// <summary>The records in which a partition keeps its seals and how far they reach.</summary>
internal static class AuditHeads
{
    private const string HeadKey = "audit/head";

    public static string SealKey(long number) => string.Create(CultureInfo.InvariantCulture, $"audit/seal/{number}");

    public static async Task<(AuditHead Head, long Version)> ReadAsync(IPartitionStore partition)
    {
        var record = await partition.ReadAsync(HeadKey);
        if (record is null)
        {
            return (new AuditHead(), 0);
        }

        try
        {
            return (JsonSerializer.Deserialize(Checked(record.Data.Span), DomainJsonContext.Default.AuditHead)
                ?? throw new InvalidDataException("The record of the audit's head is null."), record.Version);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The record of the audit's head was changed: {exception.Message}", exception);
        }
    }

    public static RecordWrite Write(AuditHead head, long version) =>
        new(HeadKey, version, Hashed(JsonSerializer.SerializeToUtf8Bytes(head, DomainJsonContext.Default.AuditHead)));

    /// <summary>The head stands behind its hash: it is rewritten again and again, so no seal covers it.</summary>
    private static byte[] Hashed(byte[] head) => [.. Encoding.ASCII.GetBytes(AuditHash.Of(head)), .. head];

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> stored)
    {
        if (stored.IsEmpty || stored[0] == (byte)'{')
        {
            // One that was written before heads had a hash; the next seal gives it one.
            return stored;
        }

        var at = Math.Min(AuditHash.Blank.Length, stored.Length);
        return stored[..at].SequenceEqual(Encoding.ASCII.GetBytes(AuditHash.Of(stored[at..])))
            ? stored[at..]
            : throw new InvalidDataException("The record of the audit's head was changed: it is not the one its hash was made of.");
    }

    public static RecordWrite Write(AuditSeal seal) =>
        new(SealKey(seal.Number), 0, JsonSerializer.SerializeToUtf8Bytes(seal, DomainJsonContext.Default.AuditSeal));

    public static AuditSeal ReadSeal(ReadOnlyMemory<byte> data) =>
        JsonSerializer.Deserialize(data.Span, DomainJsonContext.Default.AuditSeal)
        ?? throw new InvalidDataException("A seal of the audit is null.");

    /// <summary>The seals from a number on, up to the first that is missing or cannot be read.</summary>
    public static async Task<List<AuditSeal>> ReadSealsAsync(IPartitionStore partition, long from, long to, int max)
    {
        var keys = new List<string>();
        for (var number = from; number <= to && keys.Count < max; number++)
        {
            keys.Add(SealKey(number));
        }

        var seals = new List<AuditSeal>(keys.Count);
        foreach (var record in await partition.ReadManyAsync(keys))
        {
            if (record is null || TryReadSeal(record.Data) is not { } seal)
            {
                break;
            }

            seals.Add(seal);
        }

        return seals;
    }

    /// <summary>One that was changed beyond reading is as good as gone, which is for the verification to say.</summary>
    private static AuditSeal? TryReadSeal(ReadOnlyMemory<byte> data)
    {
        try
        {
            return ReadSeal(data);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            return null;
        }
    }
}
