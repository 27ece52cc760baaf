using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Positions;

/// <summary>Writes the audit of a position: each line holds the hash of the one before, so none can be changed or removed unseen.</summary>
internal static class AuditLine
{
    /// <summary>The line of a transition, and its hash for the next one.</summary>
    public static (byte[] Line, string Hash) Of(Transition transition, long version, string input)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("position", transition.State.Id);
            json.WriteNumber("version", version);
            json.WriteString("input", input);
            json.WriteString("previous", transition.State.AuditHash);
            json.WriteStartArray("facts");
            foreach (var fact in transition.Facts)
            {
                JsonSerializer.Serialize(json, fact, DomainJsonContext.Default.TradingFact);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, hash);
        return (buffer.WrittenSpan.ToArray(), Convert.ToHexStringLower(hash));
    }

    /// <summary>The hash of a line as <see cref="Of"/> gives it.</summary>
    public static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));
}
