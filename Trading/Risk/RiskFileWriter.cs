using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace TradingEngine.Trading.Risk;

/// <summary>Writes a profile as <see cref="RiskFileReader"/> reads it: every limit that is set, without <c>basedOn</c>. Pure.</summary>
public static class RiskFileWriter
{
    /// <summary>Writes the profile as an object.</summary>
    public static void Write(Utf8JsonWriter json, RiskProfile profile)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(profile);
        json.WriteStartObject();
        json.WriteString("name", profile.Name);
        json.WriteBoolean("isStructuralOnly", profile.General.IsStructuralOnly);
        foreach (var field in LimitFields.All)
        {
            if (field.Get(profile.General) is { } value)
            {
                Write(json, field, value);
            }
        }

        json.WriteStartObject("minConfidences");
        foreach (var (strategy, confidence) in Sorted(profile.General.MinConfidences))
        {
            json.WriteNumber(strategy, confidence);
        }

        json.WriteEndObject();
        Write(json, "accounts", profile.Accounts);
        Write(json, "strategies", profile.Strategies);
        Write(json, "symbols", profile.Symbols);
        json.WriteStartObject("groups");
        foreach (var group in profile.Groups.GroupBy(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            json.WriteStartArray(group.Key);
            foreach (var symbol in group.Order(StringComparer.Ordinal))
            {
                json.WriteStringValue(symbol);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableDictionary<string, LimitScope> scopes)
    {
        json.WriteStartObject(name);
        foreach (var (key, scope) in Sorted(scopes))
        {
            json.WriteStartObject(key);
            foreach (var field in LimitFields.All)
            {
                if (scope.Values.TryGetValue(field.Name, out var value))
                {
                    Write(json, field, value);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LimitField field, decimal? value)
    {
        var name = char.ToLowerInvariant(field.Name[0]) + field.Name[1..];
        var ticks = value * TimeSpan.TicksPerSecond;
        if (field.Kind == LimitKind.Flag)
        {
            json.WriteBoolean(name, value == 1m);
        }
        else if (field.Kind == LimitKind.Duration && ticks is { } whole && whole == decimal.Truncate(whole))
        {
            json.WriteString(name, TimeSpan.FromTicks((long)whole).ToString("c", CultureInfo.InvariantCulture));
        }
        else if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static IEnumerable<KeyValuePair<string, T>> Sorted<T>(ImmutableDictionary<string, T> map) =>
        map.OrderBy(pair => pair.Key, StringComparer.Ordinal);
}
