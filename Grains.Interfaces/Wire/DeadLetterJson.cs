using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using TradingEngine.Grains.Interfaces.Engine;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>Writes and reads dead letters: <c>text</c> where the bytes are text, else <c>bytes</c> in base 64.</summary>
public static class DeadLetterJson
{
    private const int IdLength = 12;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Id of a letter: the same message set aside at another time is another letter.</summary>
    public static string IdOf(string queue, string entryId, DateTimeOffset time) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{queue}\n{entryId}\n{time.UtcTicks}")))[..IdLength];

    /// <summary>The letter as it is kept.</summary>
    public static byte[] Write(DeadLetter letter)
    {
        ArgumentNullException.ThrowIfNull(letter);
        var buffer = new ArrayBufferWriter<byte>(256 + letter.Payload.Length);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("id", letter.Id);
            json.WriteString("queue", letter.Queue);
            json.WriteString("entry", letter.EntryId);
            json.WriteString("reason", letter.Reason);
            json.WriteString("detail", letter.Detail);
            json.WriteNumber("timestamp", TradeWriter.Seconds(letter.Time));
            json.WriteNumber("deliveries", letter.Deliveries);
            json.WriteNumber("size", letter.Size);
            var bytes = letter.Payload.Span;
            if (IsText(bytes))
            {
                json.WriteString("text", bytes);
            }
            else
            {
                json.WriteBase64String("bytes", bytes);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a letter; null for what is none.</summary>
    public static DeadLetter? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var letter = document.RootElement;
            return new DeadLetter
            {
                Id = letter.GetProperty("id").GetString()!,
                Queue = letter.GetProperty("queue").GetString()!,
                EntryId = letter.GetProperty("entry").GetString()!,
                Reason = letter.GetProperty("reason").GetString()!,
                Detail = letter.GetProperty("detail").GetString()!,
                Time = DateTimeOffset.UnixEpoch.AddTicks((long)(letter.GetProperty("timestamp").GetDecimal() * TimeSpan.TicksPerSecond)),
                Deliveries = letter.GetProperty("deliveries").GetInt32(),
                Size = letter.GetProperty("size").GetInt64(),
                Payload = letter.TryGetProperty("text", out var text)
                    ? Encoding.UTF8.GetBytes(text.GetString()!)
                    : letter.GetProperty("bytes").GetBytesFromBase64(),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException)
        {
            // The list is a key that others can write to.
            return null;
        }
    }

    /// <summary>Text grows to twice its size at most when written; control characters would make it six times as large.</summary>
    public static bool IsText(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) && bytes.IndexOfAnyInRange((byte)0, (byte)8) < 0 && bytes.IndexOfAnyInRange((byte)11, (byte)12) < 0
        && bytes.IndexOfAnyInRange((byte)14, (byte)31) < 0 && !bytes.Contains((byte)127);
}
