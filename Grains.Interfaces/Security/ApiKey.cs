using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TradingEngine.Grains.Interfaces.Security;

/// <summary>Who asks.</summary>
/// <param name="Name">Name of the key, as it is audited.</param>
/// <param name="Role">What it may do.</param>
public sealed record Caller(string Name, Role Role);

/// <summary>A key as its file holds it: by its hash alone.</summary>
/// <param name="Name">Who it is for; letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 64. Two keys may have one, as in a rotation.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Hash">SHA-256 of the key, 32 bytes.</param>
/// <param name="Expires">When it ends, UTC; null never.</param>
public sealed record ApiKey(string Name, Role Role, ReadOnlyMemory<byte> Hash, DateTimeOffset? Expires)
{
    private const string Prefix = "te_";
    private const int Bytes = 32;
    private const int MostName = 64;
    private const int ShownHash = 12;

    /// <summary>Names the key among others of its name without giving it away: the beginning of its hash.</summary>
    public string Id => Convert.ToHexStringLower(Hash.Span)[..ShownHash];

    /// <summary>A new key, 256 bits of chance, and how its file holds it.</summary>
    public static (string Key, ApiKey Stored) Create(string name, Role role, DateTimeOffset? expires)
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        return (key, new ApiKey(name, role, HashOf(key), expires));
    }

    /// <summary>The hash of what somebody presents.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>True for names that can be shown and audited as they are.</summary>
    public static bool IsName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MostName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
    }

    /// <summary>False from when it ends.</summary>
    public bool Stands(DateTimeOffset now) => !(Expires <= now);

    /// <summary>The line of the file: name, role, hash, and when it ends.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture,
        $"{Name} {Role.ToString().ToLowerInvariant()} {Convert.ToHexStringLower(Hash.Span)}{(Expires is { } at ? $" {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "")}");
}
