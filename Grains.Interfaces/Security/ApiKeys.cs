using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;

namespace TradingEngine.Grains.Interfaces.Security;

/// <summary>The keys of a file: a line each, of name, role, SHA-256 of the key, and when it ends if it does; <c>#</c> begins a comment.</summary>
/// <param name="Keys">Keys, in the order of the file.</param>
public sealed record ApiKeys(ImmutableArray<ApiKey> Keys)
{
    private const int HashLength = 64;

    /// <summary>No keys.</summary>
    public static ApiKeys None { get; } = new([]);

    /// <summary>Reads a file's lines. Every line that is wrong is told, by its number; a hash is never repeated.</summary>
    public static ApiKeys Read(IEnumerable<string> lines, ICollection<string> errors)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(errors);
        var keys = ImmutableArray.CreateBuilder<ApiKey>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Trim();
            if (IsComment(text))
            {
                continue;
            }

            if (ReadLine(text, out var wrong) is { } key)
            {
                keys.Add(key);
            }
            else
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"line {number} of the API keys {wrong}"));
            }
        }

        foreach (var twice in keys.GroupBy(key => Convert.ToHexString(key.Hash.Span)).Where(group => group.Count() > 1))
        {
            errors.Add($"the API keys {string.Join(" and ", twice.Select(key => key.Name))} are one key; create one for each");
        }

        return new ApiKeys(keys.ToImmutable());
    }

    /// <summary>The key that somebody presents; null for none, or one that has ended. Takes as long for any.</summary>
    public ApiKey? Find(string presented, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(presented);
        return FindHash(ApiKey.HashOf(presented), now);
    }

    /// <summary>The key of that hash; null for none, or one that has ended.</summary>
    public ApiKey? FindHash(ReadOnlySpan<byte> hash, DateTimeOffset now)
    {
        ApiKey? found = null;
        foreach (var key in Keys)
        {
            // Each is compared whole, whichever fits: how long it takes says nothing.
            if (CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span) && key.Stands(now))
            {
                found = key;
            }
        }

        return found;
    }

    /// <summary>True for a line that holds no key and is none that is wrong.</summary>
    public static bool IsComment(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return string.IsNullOrWhiteSpace(line) || line.TrimStart()[0] == '#';
    }

    /// <summary>The key of a line; null where it is none.</summary>
    public static ApiKey? ReadLine(string text) => ReadLine(text, out _);

    private static ApiKey? ReadLine(string text, out string wrong)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        wrong = "";
        if (parts.Length is < 3 or > 4)
        {
            wrong = "is not name, role, hash and perhaps a time; create one with: Client -- keys create";
        }
        else if (!ApiKey.IsName(parts[0]))
        {
            wrong = "has no name of letters, digits, '-', '_' and '.'";
        }
        else if (!Enum.TryParse<Role>(parts[1], ignoreCase: true, out var role) || !Enum.IsDefined(role) || char.IsDigit(parts[1][0]))
        {
            wrong = $"has the role {parts[1]}; use viewer, trader, risk or admin";
        }
        else if (parts[2].Length != HashLength || !parts[2].All(char.IsAsciiHexDigit))
        {
            wrong = "has no SHA-256 in 64 hexadecimal digits; a key itself does not belong there";
        }
        else if (parts.Length == 4 && !IsTime(parts[3], out _))
        {
            wrong = $"ends at {parts[3]}; use a time such as 2030-01-31T00:00:00Z";
        }
        else
        {
            DateTimeOffset? expires = parts.Length == 4 && IsTime(parts[3], out var at) ? at : null;
            return new ApiKey(parts[0], role, Convert.FromHexString(parts[2]), expires);
        }

        return null;
    }

    /// <summary>Reads when a key ends, such as <c>2030-01-31T00:00:00Z</c>.</summary>
    public static bool IsTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
