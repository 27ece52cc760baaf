using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Interfaces.Audit;

/// <summary>Lines of the audit as JSON: each holds the hash of its position's line before, and of the record written with it.</summary>
public static class AuditLineJson
{
    /// <summary>The record of a position with its line: each holds the other's hash.</summary>
    /// <param name="transition">What was decided.</param>
    /// <param name="version">Version of the record to be written, from 1.</param>
    /// <param name="input">Id of what caused it.</param>
    /// <returns>Record and line as bytes of the store, and the line's hash for the next one.</returns>
    public static (byte[] Record, byte[] Line, string Hash) Write(Transition transition, long version, string input)
    {
        var record = DomainJson.Write(transition.State with { AuditHash = AuditHash.Blank });
        var line = WriteLine(transition, version, input, AuditHash.Of(record));
        var hash = AuditHash.Of(line);
        AuditHash.Stamp(record, hash);
        return (record, line, hash);
    }

    /// <summary>A line of what happened to no position.</summary>
    public static byte[] Write(TradingFact fact)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", AuditLine.NewestFormat);
            json.WriteString("position", AuditLine.OfEngine);
            json.WriteNumber("version", 0);
            json.WriteStartArray("facts");
            JsonSerializer.Serialize(json, fact, DomainJsonContext.Default.TradingFact);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a line of any form; null where it is none.</summary>
    public static AuditLine? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            string? Text(string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;
            return new AuditLine
            {
                Format = json.TryGetProperty("v", out var format) ? format.GetInt32() : 1,
                PositionId = Text("position") ?? throw new JsonException("A line without a position."),
                Version = json.GetProperty("version").GetInt64(),
                Input = Text("input") ?? "",
                Previous = Text("previous") ?? "",
                Phase = Text("phase") is { } phase ? Enum.Parse<PositionPhase>(phase) : null,
                Record = Text("record"),
                Legs = json.TryGetProperty("legs", out var legs)
                    ? [.. legs.EnumerateArray().Select(leg => leg.Deserialize(DomainJsonContext.Default.PositionLeg)!)]
                    : [],
                Facts = json.TryGetProperty("facts", out var facts)
                    ? [.. facts.EnumerateArray().Select(fact => fact.Deserialize(DomainJsonContext.Default.TradingFact)!)]
                    : ImmutableArray<TradingFact>.Empty,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or ArgumentException)
        {
            // Whoever wrote it, it is no line: that is for the verification to say.
            return null;
        }
    }

    private static byte[] WriteLine(Transition transition, long version, string input, string record)
    {
        var state = transition.State;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("v", AuditLine.NewestFormat);
            json.WriteString("position", state.Id);
            json.WriteNumber("version", version);
            json.WriteString("input", input);
            json.WriteString("previous", state.AuditHash);
            json.WriteString("phase", state.Phase.ToString());
            json.WriteString("record", record);
            if (version == 1)
            {
                json.WriteStartArray("legs");
                foreach (var leg in state.Legs)
                {
                    JsonSerializer.Serialize(json, leg with { Ledger = new LegLedger() }, DomainJsonContext.Default.PositionLeg);
                }

                json.WriteEndArray();
            }

            json.WriteStartArray("facts");
            foreach (var fact in transition.Facts)
            {
                JsonSerializer.Serialize(json, fact, DomainJsonContext.Default.TradingFact);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
