using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Wire;

/// <summary>A message that could not be taken: the code, and the field and value that are to blame.</summary>
public sealed record WireError(RejectReason Reason, string Detail)
{
    /// <summary>The field and value to blame, safe to log and to show: visible characters only, at most 300.</summary>
    public string Detail { get; } = WireText.Shown(Detail);
}

/// <summary>
/// A JSON object of the wire, read strictly: UTF-8 without duplicates, depth at most 16, size at most 64 KiB, numbers
/// finite and within the range of a decimal.
/// </summary>
public sealed class WireObject : IDisposable
{
    /// <summary>Largest message, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// Largest quantity, price or cost. Lots × contract size × price of such numbers is still a decimal, so that nothing
    /// overflows behind the edge.
    /// </summary>
    public const decimal MaxAmount = 100_000_000_000m;

    private const int MaxDepth = 16;

    // Seconds beyond the year 2286 are milliseconds by mistake.
    private const decimal MaxEpochSeconds = 10_000_000_000m;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = MaxDepth,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
    };

    private readonly JsonDocument? _document;
    private readonly JsonElement _element;

    private WireObject(JsonDocument? document, JsonElement element) => (_document, _element) = (document, element);

    /// <summary>Parses a message; on failure says why.</summary>
    public static WireObject? Parse(ReadOnlyMemory<byte> payload, out WireError? error)
    {
        error = null;
        if (payload.Length > MaxBytes)
        {
            error = new WireError(RejectReason.Malformed, $"{payload.Length} bytes; at most {MaxBytes} are taken");
            return null;
        }

        if (!Utf8.IsValid(payload.Span))
        {
            // The parser does not look into text that nobody reads.
            error = new WireError(RejectReason.Malformed, "not UTF-8");
            return null;
        }

        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(payload, Strict);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new WireObject(document, document.RootElement);
            }

            error = new WireError(RejectReason.Malformed, "not a JSON object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            error = new WireError(RejectReason.Malformed, exception.Message);
        }

        document?.Dispose();
        return null;
    }

    /// <summary>The message's text as sent.</summary>
    public string ToText() => _element.GetRawText();

    /// <summary>Names of its fields, as sent.</summary>
    public IEnumerable<string> Names => _element.EnumerateObject().Select(property => property.Name);

    /// <summary>A nested object; null when absent.</summary>
    /// <exception cref="WireFieldException">It is present but no object.</exception>
    public WireObject? Object(string name) =>
        !_element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.Object ? new WireObject(null, value)
        : throw new WireFieldException(name, value.ValueKind.ToString(), "an object");

    /// <summary>The objects of an array; empty when absent.</summary>
    /// <exception cref="WireFieldException">It is present but no array of objects: what one item meant is not guessed.</exception>
    public IReadOnlyList<WireObject> Objects(string name)
    {
        if (!_element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. value.EnumerateArray().Select(item => new WireObject(null, item))]
            : throw new WireFieldException(name, value.ValueKind.ToString(), "an array of objects");
    }

    /// <summary>The first of the given names that is present and not null, as text; numbers are spelled as sent.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!_element.TryGetProperty(name, out var value))
            {
                continue;
            }

            switch (value.ValueKind)
            {
                case JsonValueKind.String:
                    return Unescape(value, name);
                case JsonValueKind.Number:
                    return value.GetRawText();
                case JsonValueKind.Null or JsonValueKind.Undefined:
                    continue;
                case JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.True or JsonValueKind.False:
                    throw new WireFieldException(name, value.ValueKind.ToString(), "text");
                default:
                    throw new WireFieldException(name, value.ValueKind.ToString(), "text");
            }
        }

        return null;
    }

    /// <summary>The first of the given names that is present, as a number; null when none is.</summary>
    /// <exception cref="WireFieldException">It is present but no finite number.</exception>
    public decimal? Number(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!_element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var text = value.ValueKind switch
            {
                JsonValueKind.Number => value.GetRawText(),
                JsonValueKind.String => Unescape(value, name),
                _ => throw new WireFieldException(name, value.ValueKind.ToString(), "a number"),
            };
            return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new WireFieldException(name, text, "a finite number");
        }

        return null;
    }

    /// <summary>Like <see cref="Number"/>, and greater than zero and at most <see cref="MaxAmount"/>.</summary>
    public decimal? Positive(params ReadOnlySpan<string> names)
    {
        var number = Number(names);
        return number is <= 0m or > MaxAmount
            ? throw new WireFieldException(
                names[0], number.Value.ToString(CultureInfo.InvariantCulture), $"greater than 0 and at most {MaxAmount}")
            : number;
    }

    /// <summary>Like <see cref="Number"/>, and between <paramref name="least"/> and <see cref="MaxAmount"/>.</summary>
    public decimal? Amount(decimal least, params ReadOnlySpan<string> names)
    {
        var number = Number(names);
        return number < least || number > MaxAmount
            ? throw new WireFieldException(
                names[0], number.Value.ToString(CultureInfo.InvariantCulture), $"between {least} and {MaxAmount}")
            : number;
    }

    /// <summary>Like <see cref="Number"/>, and between 0 and 1.</summary>
    public decimal? Share(string name) => Number(name) is not { } number ? null
        : number is >= 0m and <= 1m ? number
        : throw new WireFieldException(name, number.ToString(CultureInfo.InvariantCulture), "between 0 and 1");

    /// <summary>A time in epoch seconds; null when absent. Milliseconds are refused.</summary>
    public DateTimeOffset? Time(params ReadOnlySpan<string> names)
    {
        var number = Number(names);
        return number is null ? null
            : number is <= 0m or >= MaxEpochSeconds
                ? throw new WireFieldException(names[0], number.Value.ToString(CultureInfo.InvariantCulture), "epoch seconds")
                : DateTimeOffset.UnixEpoch.AddTicks((long)(number.Value * TimeSpan.TicksPerSecond));
    }

    /// <summary>A flag; false when absent.</summary>
    /// <exception cref="WireFieldException">It is neither true nor false.</exception>
    public bool Flag(string name) =>
        _element.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
        && (TruthOf(value, name) ?? throw new WireFieldException(name, value.ToString(), "true or false"));

    /// <summary>A flag that must be said; null where it is absent or anything but JSON's true and false.</summary>
    public bool? Truth(string name) => !_element.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose() => _document?.Dispose();

    /// <summary>The fields of a stream's entry are texts, and so are flags among them.</summary>
    private static bool? TruthOf(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt32(out var number) ? number switch { 1 => true, 0 => false, _ => null } : null,
        JsonValueKind.String => Unescape(value, name) switch
        {
            "1" => true,
            "0" => false,
            var text => bool.TryParse(text, out var truth) ? truth : null,
        },
        _ => null,
    };

    private static string Unescape(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new WireFieldException(name, "(not UTF-8)", "text");
        }
    }
}

/// <summary>A field of a message is not what it must be.</summary>
public sealed class WireFieldException : Exception
{
    /// <summary>Creates the exception.</summary>
    public WireFieldException(string field, string value, string expected)
        : base($"{field} is {WireText.Shown(value, WireText.LongestName)}; it must be {expected}")
    {
    }

    /// <summary>Creates the exception.</summary>
    public WireFieldException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public WireFieldException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public WireFieldException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
