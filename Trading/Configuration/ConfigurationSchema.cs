using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Trading.Configuration;

/// <summary>The JSON schema of a configuration, made of the same fields that reader and writer go by. Pure.</summary>
public static class ConfigurationSchema
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as text of UTF-8 with a line break at its end.</summary>
    public static byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(32 * 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Root(json);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static void Root(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        json.WriteString("title", "What the engine trades by");
        json.WriteString("description", "One for the whole cluster. What is not written is as by default.");
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        json.WriteStartObject("$schema");
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteStartObject("version");
        json.WriteString("description", "version this is based on, as config show gave it; a change in between refuses it");
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", 0);
        json.WriteEndObject();
        var start = TradingConfiguration.Default;
        Field(json, ConfigurationFields.LogLevel, start);
        Object(json, "account", "what accounts start with that have no terms of their own", start.Account, ConfigurationFields.Account);
        Map(json, "accounts", "what an account starts with, by account", () =>
            Body<AccountTerms>(json, "both must be written", null, ConfigurationFields.Account, ["currency", "equity"]));
        Risk(json, start.Risk);
        Object(json, "riskAgent", "whether a risk agent outside has the last word on entries", start.RiskAgent, ConfigurationFields.RiskAgent);
        Map(json, "sizing", "how entries are sized, by strategy", () =>
            Body(json, "a rule", SizingRule.AsSent, ConfigurationFields.Sizing));
        Map(json, "instruments", "instruments beside the built-in ones, by symbol; what a symbol that is built in does not say stays", () =>
            Body<Instrument>(json, "an instrument", null, InstrumentFields.All));
        Map(json, "positionModes", ConfigurationFields.Mode.Meaning + ", by strategy", () =>
            Body(json, ConfigurationFields.Mode, TradingConfiguration.DefaultMode));
        Map(json, "tierOne", "how arbitrage groups and quotes are handled, by strategy", () =>
            Body(json, "terms", TierOneTerms.Default, ConfigurationFields.TierOne));
        Object(json, "tactics", "what tier 3 does on what observers tell it", start.Tactics, ConfigurationFields.Tactics);
        Object(json, "weights", "how capital is divided, and how fast and far capital weights move", start.Weights, ConfigurationFields.Weights);
        Object(json, "review", "what a strategy must keep so as not to be cut or suspended", start.Review, ConfigurationFields.Review);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Risk(Utf8JsonWriter json, RiskProfile start)
    {
        json.WriteStartObject("risk");
        json.WriteString(
            "description",
            "limits; by default the conservative ones. With basedOn what is not written is conservative, without it there is no limit but those "
            + "written, and an absent limit refuses");
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("properties");
        Text(json, "name", "shown in banner, status and every order", 64);
        json.WriteStartObject("basedOn");
        json.WriteString("const", "conservative");
        json.WriteEndObject();
        json.WriteStartObject("isStructuralOnly");
        json.WriteString("description", "only structure is checked and no limit: for load tests");
        json.WriteString("type", "boolean");
        json.WriteEndObject();
        foreach (var field in ConfigurationFields.Limits)
        {
            Field(json, field, start.General);
        }

        json.WriteStartObject("minConfidences");
        json.WriteString("description", "least confidence by strategy");
        json.WriteString("type", "object");
        json.WriteStartObject("additionalProperties");
        json.WriteString("type", "number");
        json.WriteNumber("minimum", 0);
        json.WriteNumber("maximum", 1);
        json.WriteEndObject();
        json.WriteEndObject();
        foreach (var scope in (string[])["accounts", "strategies", "symbols"])
        {
            Map(json, scope, $"limits of {scope}, in place of the general ones", () =>
                Body<RiskLimits>(json, "limits", null, ConfigurationFields.Limits));
        }

        json.WriteStartObject("groups");
        json.WriteString("description", "symbols by group; each in one group at most");
        json.WriteString("type", "object");
        json.WriteStartObject("additionalProperties");
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        json.WriteString("type", "string");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string description, int most)
    {
        json.WriteStartObject(name);
        json.WriteString("description", description);
        json.WriteString("type", "string");
        json.WriteNumber("maxLength", most);
        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, string name, string description, Action body)
    {
        json.WriteStartObject(name);
        json.WriteString("description", description);
        json.WriteString("type", "object");
        json.WritePropertyName("additionalProperties");
        body();
        json.WriteEndObject();
    }

    private static void Object<T>(Utf8JsonWriter json, string name, string description, T start, ImmutableArray<ConfigurationField<T>> fields)
        where T : class
    {
        json.WritePropertyName(name);
        Body(json, description, start, fields);
    }

    private static void Body<T>(
        Utf8JsonWriter json, string description, T? start, ImmutableArray<ConfigurationField<T>> fields, ImmutableArray<string> required = default)
        where T : class
    {
        json.WriteStartObject();
        json.WriteString("description", description);
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        if (!required.IsDefault)
        {
            json.WriteStartArray("required");
            foreach (var name in required)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("properties");
        foreach (var field in fields)
        {
            Field(json, field, start);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Field<T>(Utf8JsonWriter json, ConfigurationField<T> field, T? start)
    {
        json.WritePropertyName(field.Name);
        Body(json, field, start);
    }

    private static void Body<T>(Utf8JsonWriter json, ConfigurationField<T> field, T? start)
    {
        json.WriteStartObject();
        if (field.Name.Length > 0)
        {
            json.WriteString("description", $"{field.Meaning}; {field.Range}");
        }

        switch (field.Kind)
        {
            case ConfigurationKind.Flag:
                json.WriteString("type", "boolean");
                break;
            case ConfigurationKind.Choice:
                json.WriteStartArray("enum");
                foreach (var choice in field.Choices)
                {
                    json.WriteStringValue(choice);
                }

                json.WriteEndArray();
                break;
            case ConfigurationKind.Currency:
                json.WriteString("type", "string");
                json.WriteString("pattern", "^[A-Z0-9.]{1,16}$");
                break;
            case ConfigurationKind.Duration:
                Types(json, field, "string", "number");
                Range(json, field);
                json.WriteString("pattern", "^(\\d+\\.)?\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,7})?$");
                break;
            case ConfigurationKind.Count:
                Types(json, field, "integer");
                Range(json, field);
                break;
            case ConfigurationKind.Share or ConfigurationKind.Factor or ConfigurationKind.Lots or ConfigurationKind.Money or ConfigurationKind.Price
                or ConfigurationKind.PerSecond or ConfigurationKind.BasisPoints:
                Types(json, field, "number");
                Range(json, field);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "Not a kind.");
        }

        if (start is not null)
        {
            Default(json, field, field.Get(start));
        }

        json.WriteEndObject();
    }

    private static void Types(Utf8JsonWriter json, ConfigurationField field, params ReadOnlySpan<string> types)
    {
        if (types.Length == 1 && !field.IsNullable)
        {
            json.WriteString("type", types[0]);
            return;
        }

        json.WriteStartArray("type");
        foreach (var type in types)
        {
            json.WriteStringValue(type);
        }

        if (field.IsNullable)
        {
            json.WriteStringValue("null");
        }

        json.WriteEndArray();
    }

    private static void Range(Utf8JsonWriter json, ConfigurationField field)
    {
        json.WriteNumber(field.IsAboveLeast ? "exclusiveMinimum" : "minimum", field.Least);
        json.WriteNumber(field.IsBelowMost ? "exclusiveMaximum" : "maximum", field.Most);
    }

    private static void Default(Utf8JsonWriter json, ConfigurationField field, ConfigurationValue value)
    {
        if (value.Text is { } text)
        {
            json.WriteString("default", text);
        }
        else if (value.Number is not { } number)
        {
            json.WriteNull("default");
        }
        else if (field.Kind == ConfigurationKind.Flag)
        {
            json.WriteBoolean("default", number == 1m);
        }
        else if (field.Kind == ConfigurationKind.Duration)
        {
            json.WriteString("default", value.Time.ToString("c", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNumber("default", number);
        }
    }
}
