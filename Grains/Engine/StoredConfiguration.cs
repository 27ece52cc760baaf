using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Configuration;

namespace TradingEngine.Grains.Engine;

/// <summary>The configuration as it stands in the store.</summary>
public sealed record StoredConfiguration
{
    /// <summary>Key of the record.</summary>
    public const string Key = "configuration";

    /// <summary>Version of the record; 0 where there is none yet.</summary>
    public long Version { get; init; }

    /// <summary>The configuration; null where <see cref="Errors"/> say why it cannot be read.</summary>
    public required TradingConfiguration? Configuration { get; init; }

    /// <summary>True once somebody applied one: then files and options of silos count no more.</summary>
    public bool IsApplied { get; init; }

    /// <summary>Who wrote it.</summary>
    public string By { get; init; } = "";

    /// <summary>Why; empty where nothing was said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Where values come from, by path; absent ones are by default.</summary>
    public ImmutableSortedDictionary<string, string> Origins { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Why it cannot be read, as where a newer version of the engine wrote it.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>Reads it; null where there is none.</summary>
    public static async Task<StoredConfiguration?> ReadAsync(IPartitionStore partition, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(partition);
        var record = await partition.ReadAsync(Key, cancellation);
        return record is null ? null : Read(record.Data) with { Version = record.Version };
    }

    /// <summary>What a commit writes for it; it must still have this version.</summary>
    public RecordWrite ToRecord() => new(Key, Version, ToBytes());

    private byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("applied", IsApplied);
            json.WriteString("by", By);
            json.WriteString("reason", Reason);
            json.WriteString("time", Time);
            json.WriteStartObject("origins");
            foreach (var (path, origin) in Origins)
            {
                json.WriteString(path, origin);
            }

            json.WriteEndObject();
            json.WritePropertyName("configuration");
            ConfigurationWriter.Write(json, Configuration ?? throw new InvalidOperationException("What cannot be read is not written."));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static StoredConfiguration Read(ReadOnlyMemory<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            var root = document.RootElement;
            var read = ConfigurationReader.Read(Encoding.UTF8.GetBytes(root.GetProperty("configuration").GetRawText()));
            return new StoredConfiguration
            {
                Configuration = read.Configuration,
                Errors = read.Errors,
                IsApplied = root.GetProperty("applied").GetBoolean(),
                By = root.GetProperty("by").GetString() ?? "",
                Reason = root.GetProperty("reason").GetString() ?? "",
                Time = root.GetProperty("time").GetDateTimeOffset(),
                Origins = root.GetProperty("origins").EnumerateObject().ToImmutableSortedDictionary(
                    property => property.Name, property => property.Value.GetString() ?? "", StringComparer.Ordinal),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new StoredConfiguration { Configuration = null, Errors = [$"the record is not one of a configuration: {exception.Message}"] };
        }
    }
}
