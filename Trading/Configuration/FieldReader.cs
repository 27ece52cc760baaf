using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace TradingEngine.Trading.Configuration;

/// <summary>Reads fields of a JSON object, and keeps every error with path, value and what to write instead.</summary>
internal sealed class FieldReader
{
    private const int LongestShown = 60;

    /// <summary>Errors so far.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The object with the fields that are written changed.</summary>
    /// <param name="path">Path of the object; empty for the root.</param>
    /// <param name="element">The object.</param>
    /// <param name="start">What counts where nothing is written.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="said">Gets the names of fields that are written; null where nobody asks.</param>
    public T Object<T>(
        string path, JsonElement element, T start, ImmutableArray<ConfigurationField<T>> fields, ICollection<string>? said = null)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong(path, element, $"an object of {string.Join(", ", fields.Select(field => field.Name))}");
            return start;
        }

        foreach (var property in element.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (fields.FirstOrDefault(field => field.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase)) is not { } found)
            {
                Wrong(at, property.Value, $"{string.Join(", ", fields[..^1].Select(field => field.Name))} or {fields[^1].Name}");
                continue;
            }

            said?.Add(found.Name);
            start = Set(at, property.Value, start, found);
        }

        return start;
    }

    /// <summary>One field set to what is written; as it was where that is wrong.</summary>
    public T Set<T>(string path, JsonElement element, T start, ConfigurationField<T> field)
    {
        if (ValueOf(element, field) is { } value)
        {
            return field.Set(start, value);
        }

        Wrong(path, element, field.Range);
        return start;
    }

    /// <summary>Notes a value that is wrong.</summary>
    public void Wrong(string path, JsonElement element, string fix)
    {
        var text = element.GetRawText();
        Errors.Add($"{path} is {(text.Length > LongestShown ? text[..LongestShown] + "…" : text)}; use {fix}");
    }

    private static ConfigurationValue? ValueOf(JsonElement element, ConfigurationField field)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return field.IsNullable ? new ConfigurationValue(null) : null;
        }

        return field.Kind switch
        {
            ConfigurationKind.Flag => element.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? ConfigurationValue.Of(element.GetBoolean())
                : null,
            ConfigurationKind.Choice => field.Choices.FirstOrDefault(
                choice => choice.Equals(TextOf(element), StringComparison.OrdinalIgnoreCase)) is { } word
                ? ConfigurationValue.Of(word)
                : null,
            ConfigurationKind.Currency => TextOf(element) is { Length: > 0 and <= 16 } code
                && code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '.')
                ? ConfigurationValue.Of(code)
                : null,
            ConfigurationKind.Duration => SecondsOf(element) is { } seconds && field.Holds(seconds) ? new ConfigurationValue(seconds) : null,
            ConfigurationKind.Share or ConfigurationKind.Factor or ConfigurationKind.Count or ConfigurationKind.Lots or ConfigurationKind.Money
                or ConfigurationKind.Price or ConfigurationKind.PerSecond or ConfigurationKind.BasisPoints =>
                NumberOf(element) is { } number && field.Holds(number) ? new ConfigurationValue(number) : null,
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "Not a kind."),
        };
    }

    private static string? TextOf(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    private static decimal? NumberOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) ? number : null;

    private static decimal? SecondsOf(JsonElement element) =>
        element.ValueKind != JsonValueKind.String ? NumberOf(element)
        : TimeSpan.TryParseExact(element.GetString(), "c", CultureInfo.InvariantCulture, out var time) ? ConfigurationValue.Of(time).Number
        : null;
}
