using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>Reads the entries in replies of XREADGROUP and XCLAIM.</summary>
internal static class StreamEntries
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entries of the one stream in a reply of XREADGROUP; empty when it read none.</summary>
    public static RespValue[] OfReply(in RespValue reply) =>
        reply.OrThrow().Items is [var stream, ..] && stream.Items is [_, var entries] ? entries.Items : [];

    public static List<QueueEntry> Read(RespValue[] entries, int deliveries = 1)
    {
        var read = new List<QueueEntry>(entries.Length);
        foreach (var entry in entries)
        {
            if (entry.Items is [var id, { IsNull: false } fields])
            {
                read.Add(new QueueEntry(id.Text, Payload(fields.Items), deliveries));
            }
        }

        return read;
    }

    /// <summary>The message: the data field, or where an agent set fields only, these as a flat object of strings.</summary>
    private static byte[] Payload(RespValue[] fields)
    {
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            if (fields[i].Bytes.AsSpan().SequenceEqual("data"u8))
            {
                return fields[i + 1].Bytes;
            }
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            for (var i = 0; i + 1 < fields.Length; i += 2)
            {
                writer.WriteString(fields[i].Text, fields[i + 1].Text);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
