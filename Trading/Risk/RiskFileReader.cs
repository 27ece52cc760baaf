using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using TradingEngine.Trading.Market;

namespace TradingEngine.Trading.Risk;

/// <summary>
/// Reads a profile from JSON: limits by name, <c>name</c>, <c>basedOn</c> (conservative; else it starts with no limit, and an
/// absent limit refuses), <c>isStructuralOnly</c>, and the objects <c>accounts</c>, <c>strategies</c>, <c>symbols</c>,
/// <c>groups</c> and <c>minConfidences</c>. What is not known is an error, since a limit that is not followed must not look
/// set. All errors are found at once, each with field, value and what to write instead. Pure.
/// </summary>
public sealed class RiskFileReader
{
    private const int MostErrors = 100;

    private readonly List<string> _errors = [];

    private RiskFileReader()
    {
    }

    /// <summary>Reads a profile; null beside at least one error.</summary>
    /// <param name="json">The file.</param>
    /// <param name="name">Name for a file that names none.</param>
    public static (RiskProfile? Profile, ImmutableArray<string> Errors) Read(ReadOnlyMemory<byte> json, string name)
    {
        var reader = new RiskFileReader();
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = 8,
                AllowDuplicateProperties = false,
            });
            var profile = reader.Root(document.RootElement, name);
            return (reader._errors.Count == 0 ? profile : null, [.. reader._errors.Take(MostErrors)]);
        }
        catch (JsonException exception)
        {
            return (null, [$"it is not JSON of an object without repeated names: {exception.Message}"]);
        }
    }

    /// <summary>Reads the profile of a larger document; null beside at least one error.</summary>
    /// <param name="element">The profile.</param>
    /// <param name="name">Name where it names none.</param>
    public static (RiskProfile? Profile, ImmutableArray<string> Errors) Read(JsonElement element, string name)
    {
        var reader = new RiskFileReader();
        var profile = reader.Root(element, name);
        return (reader._errors.Count == 0 ? profile : null, [.. reader._errors]);
    }

    private RiskProfile? Root(JsonElement root, string name)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _errors.Add("it is no JSON object; write { \"basedOn\": \"conservative\" } and what is to differ");
            return null;
        }

        var limits = Base(root) with { Name = name };
        var scopes = new Dictionary<string, ImmutableDictionary<string, LimitScope>>();
        var groups = ImmutableDictionary<string, string>.Empty;
        foreach (var property in root.EnumerateObject())
        {
            switch (property.Name.ToUpperInvariant())
            {
                case "NAME":
                    limits = limits with { Name = NameOf(property.Value) is { Length: > 0 } given ? given : name };
                    break;
                case "BASEDON":
                    break;
                case "ISSTRUCTURALONLY":
                    limits = limits with { IsStructuralOnly = Flag(property.Name, property.Value) == 1m };
                    break;
                case "MINCONFIDENCES":
                    limits = limits with { MinConfidences = Confidences(property.Value) };
                    break;
                case "ACCOUNTS":
                    scopes["a"] = Scopes("accounts", property.Value, static key => key);
                    break;
                case "STRATEGIES":
                    scopes["s"] = Scopes("strategies", property.Value, static key => key.ToLowerInvariant());
                    break;
                case "SYMBOLS":
                    scopes["i"] = Scopes("symbols", property.Value, static key => key);
                    CheckSymbols("symbols", scopes["i"].Keys);
                    break;
                case "GROUPS":
                    groups = Groups(property.Value);
                    break;
                default:
                    if (Limit("", property) is var (field, value))
                    {
                        limits = field.Set(limits, value);
                    }

                    break;
            }
        }

        var none = ImmutableDictionary<string, LimitScope>.Empty;
        return new RiskProfile(limits)
        {
            Accounts = scopes.GetValueOrDefault("a", none),
            Strategies = scopes.GetValueOrDefault("s", none),
            Symbols = scopes.GetValueOrDefault("i", none),
            Groups = groups,
        };
    }

    private RiskLimits Base(JsonElement root)
    {
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name.Equals("basedOn", StringComparison.OrdinalIgnoreCase))
            {
                if (property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() == "conservative")
                {
                    return RiskLimits.Conservative;
                }

                Wrong(property.Name, property.Value, "\"conservative\", or leave it away and set every limit");
            }
        }

        return RiskLimits.Empty;
    }

    private (LimitField Field, decimal? Value)? Limit(string path, JsonProperty property)
    {
        if (LimitFields.Find(property.Name) is not { } field)
        {
            var near = Nearest(property.Name);
            Wrong(path + property.Name, property.Value, $"a limit that is known, such as {near}");
            return null;
        }

        var element = property.Value;
        if (element.ValueKind == JsonValueKind.Null && field.IsNullable)
        {
            return (field, null);
        }

        var value = field.Kind switch
        {
            LimitKind.Flag => Flag(path + property.Name, element),
            LimitKind.Duration => Seconds(element),
            _ => Number(element),
        };
        if (field.Kind == LimitKind.Flag)
        {
            return value is null ? null : (field, value);
        }

        if (value is null || value < field.Least || value > field.Most || (field.Kind == LimitKind.Count && value != Math.Floor(value.Value)))
        {
            Wrong(path + property.Name, element, RangeOf(field));
            return null;
        }

        return (field, value);
    }

    private ImmutableDictionary<string, LimitScope> Scopes(string what, JsonElement element, Func<string, string> keyOf)
    {
        var scopes = ImmutableDictionary.CreateBuilder<string, LimitScope>(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong(what, element, $"an object of {what}, each with its limits");
            return scopes.ToImmutable();
        }

        foreach (var scope in element.EnumerateObject())
        {
            if (scope.Value.ValueKind != JsonValueKind.Object)
            {
                Wrong($"{what}.{scope.Name}", scope.Value, "an object of limits");
                continue;
            }

            var values = ImmutableDictionary.CreateBuilder<string, decimal?>(StringComparer.Ordinal);
            foreach (var property in scope.Value.EnumerateObject())
            {
                if (Limit($"{what}.{scope.Name}.", property) is var (field, value))
                {
                    values[field.Name] = value;
                }
            }

            if (!scopes.TryAdd(keyOf(scope.Name), new LimitScope { Values = values.ToImmutable() }))
            {
                _errors.Add($"{what}.{scope.Name} is there twice; write it once");
            }
        }

        return scopes.ToImmutable();
    }

    private ImmutableDictionary<string, string> Groups(JsonElement element)
    {
        var groups = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong("groups", element, "an object of groups, each a list of symbols");
            return groups.ToImmutable();
        }

        foreach (var group in element.EnumerateObject())
        {
            if (group.Value.ValueKind != JsonValueKind.Array
                || group.Value.EnumerateArray().Any(symbol => symbol.ValueKind != JsonValueKind.String))
            {
                Wrong($"groups.{group.Name}", group.Value, "a list of symbols");
                continue;
            }

            foreach (var symbol in group.Value.EnumerateArray().Select(symbol => symbol.GetString()!))
            {
                CheckSymbols($"groups.{group.Name}", [symbol]);
                if (!groups.TryAdd(symbol, group.Name))
                {
                    _errors.Add($"groups.{group.Name} has {symbol}, which is in {groups[symbol]} already; write it in one group");
                }
            }
        }

        return groups.ToImmutable();
    }

    private ImmutableDictionary<string, decimal> Confidences(JsonElement element)
    {
        var confidences = ImmutableDictionary<string, decimal>.Empty;
        if (element.ValueKind != JsonValueKind.Object)
        {
            Wrong("minConfidences", element, "an object of strategies, each with a number from 0 to 1");
            return confidences;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (Number(property.Value) is { } value and >= 0m and <= 1m)
            {
                confidences = confidences.SetItem(property.Name.ToLowerInvariant(), value);
            }
            else
            {
                Wrong("minConfidences." + property.Name, property.Value, "a number from 0 to 1");
            }
        }

        return confidences;
    }

    private void CheckSymbols(string path, IEnumerable<string> symbols)
    {
        foreach (var symbol in symbols.Where(symbol => !InstrumentCatalog.IsSymbol(symbol)))
        {
            _errors.Add($"{path} has '{symbol}', which is no symbol; write 1 to 32 letters, digits and . _ / # + -");
        }
    }

    private string NameOf(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= 64 } name && !name.Any(char.IsControl))
        {
            return name;
        }

        Wrong("name", element, "up to 64 characters");
        return "";
    }

    private decimal? Flag(string path, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.True:
                return 1m;
            case JsonValueKind.False:
                return 0m;
            case JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String
                or JsonValueKind.Number or JsonValueKind.Null:
            default:
                Wrong(path, element, "true or false");
                return null;
        }
    }

    private static decimal? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var value) ? value : null;

    private static decimal? Seconds(JsonElement element) =>
        element.ValueKind != JsonValueKind.String ? Number(element)
        : TimeSpan.TryParseExact(element.GetString(), "c", CultureInfo.InvariantCulture, out var time) ? (decimal)time.TotalSeconds
        : null;

    private static string RangeOf(LimitField field) => field.Kind switch
    {
        LimitKind.Duration => string.Create(CultureInfo.InvariantCulture,
            $"\"{TimeSpan.FromSeconds((double)field.Least):c}\" to \"{TimeSpan.FromSeconds((double)field.Most):c}\""),
        LimitKind.Count => string.Create(CultureInfo.InvariantCulture, $"a whole number from {field.Least} to {field.Most}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a number from {field.Least} to {field.Most}"),
    };

    private static string Nearest(string name) => LimitFields.All
        .Select(field => field.Name)
        .MaxBy(known => known.Zip(name, static (a, b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b) ? 1 : 0).Sum())!;

    private void Wrong(string path, JsonElement value, string fix)
    {
        var text = value.GetRawText();
        _errors.Add($"{path} is {(text.Length > 60 ? text[..60] + "…" : text)}; use {fix}");
    }
}
