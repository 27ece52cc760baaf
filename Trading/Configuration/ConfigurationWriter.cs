using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Trading.Configuration;

/// <summary>Writes a configuration whole, as <see cref="ConfigurationReader"/> reads it: every value, those by default too. Pure.</summary>
public static class ConfigurationWriter
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    /// <summary>The configuration as UTF-8.</summary>
    /// <param name="configuration">What to write.</param>
    /// <param name="version">Version to write with it; null for none.</param>
    /// <param name="isIndented">For people.</param>
    public static byte[] Write(TradingConfiguration configuration, long? version = null, bool isIndented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, isIndented ? Indented : Compact))
        {
            Write(json, configuration, version);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the configuration as an object.</summary>
    public static void Write(Utf8JsonWriter json, TradingConfiguration configuration, long? version = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(configuration);
        json.WriteStartObject();
        if (version is { } stands)
        {
            json.WriteNumber("version", stands);
        }

        Write(json, configuration, ConfigurationFields.LogLevel);
        Write(json, "account", configuration.Account, ConfigurationFields.Account);
        Map(json, "accounts", configuration.Accounts, (name, terms) => Write(json, name, terms, ConfigurationFields.Account));
        json.WritePropertyName("risk");
        RiskFileWriter.Write(json, configuration.Risk);
        Write(json, "riskAgent", configuration.RiskAgent, ConfigurationFields.RiskAgent);
        Map(json, "sizing", configuration.Sizing, (name, rule) => Write(json, name, rule, ConfigurationFields.Sizing));
        Map(
            json, "instruments", configuration.Instruments.Declared.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            (symbol, instrument) => Write(json, symbol, instrument, FieldsOf(instrument)));
        Map(
            json, "positionModes", configuration.PositionModes,
            (name, mode) => Write(json, mode, ConfigurationFields.Mode with { Name = name }));
        Map(json, "tierOne", configuration.TierOne, (name, terms) => Write(json, name, terms, ConfigurationFields.TierOne));
        Write(json, "tactics", configuration.Tactics, ConfigurationFields.Tactics);
        Write(json, "weights", configuration.Weights, ConfigurationFields.Weights);
        Write(json, "review", configuration.Review, ConfigurationFields.Review);
        json.WriteEndObject();
    }

    /// <summary>A base currency that follows from the symbol may be no code, and is left to follow from it.</summary>
    private static ImmutableArray<ConfigurationField<Instrument>> FieldsOf(Instrument instrument)
    {
        var follows = InstrumentCatalog.Default.Find(instrument.Symbol)?.BaseCurrency ?? instrument.Symbol;
        return instrument.BaseCurrency == follows
            ? InstrumentFields.All.RemoveAll(field => field.Name == "baseCurrency")
            : InstrumentFields.All;
    }

    private static void Map<T>(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, T>> map, Action<string, T> write)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            write(key, value);
        }

        json.WriteEndObject();
    }

    private static void Write<T>(Utf8JsonWriter json, string name, T owner, ImmutableArray<ConfigurationField<T>> fields)
    {
        json.WriteStartObject(name);
        foreach (var field in fields)
        {
            Write(json, owner, field);
        }

        json.WriteEndObject();
    }

    private static void Write<T>(Utf8JsonWriter json, T owner, ConfigurationField<T> field)
    {
        var value = field.Get(owner);
        if (value.Text is { } text)
        {
            json.WriteString(field.Name, text);
        }
        else if (value.Number is not { } number)
        {
            if (field.IsNullable)
            {
                json.WriteNull(field.Name);
            }
        }
        else if (field.Kind == ConfigurationKind.Flag)
        {
            json.WriteBoolean(field.Name, number == 1m);
        }
        else if (field.Kind == ConfigurationKind.Duration)
        {
            json.WriteString(field.Name, value.Time.ToString("c", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNumber(field.Name, number);
        }
    }
}
