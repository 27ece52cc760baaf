using System.Collections.Immutable;
using System.Globalization;

namespace TradingEngine.Grains.Interfaces.Security;

/// <summary>A key that signs commands: the secret is on both sides.</summary>
/// <param name="Name">Who signs with it, as it is audited.</param>
/// <param name="Role">What it may command.</param>
/// <param name="Secret">32 bytes of chance.</param>
/// <param name="Expires">When it ends, UTC; null never.</param>
public sealed record CommandKey(string Name, Role Role, ReadOnlyMemory<byte> Secret, DateTimeOffset? Expires)
{
    /// <summary>Length of a secret, in bytes.</summary>
    public const int SecretLength = 32;

    /// <summary>The line of the file: name, role, secret in hexadecimal, and when it ends.</summary>
    public string ToLine() => string.Create(CultureInfo.InvariantCulture,
        $"{Name} {Role.ToString().ToLowerInvariant()} {Convert.ToHexStringLower(Secret.Span)}{(Expires is { } at ? $" {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "")}");

    // A secret is never shown, in a log neither.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"{nameof(Name)} = {Name}, {nameof(Role)} = {Role}, {nameof(Expires)} = {Expires}");
        return true;
    }
}

/// <summary>The keys of a file for signed commands, one a line as those of the API, with the secret in place of the hash. Names are unique.</summary>
/// <param name="Keys">Keys, in the order of the file.</param>
public sealed record CommandKeys(ImmutableArray<CommandKey> Keys)
{
    /// <summary>Reads a file's lines. Every line that is wrong is told, by its number; a secret is never repeated.</summary>
    public static CommandKeys Read(IEnumerable<string> lines, ICollection<string> errors)
    {
        // A secret has the form of a hash, so the rules of a line are the same.
        var read = ApiKeys.Read(lines, errors);
        foreach (var name in read.Keys.GroupBy(key => key.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            errors.Add($"the name {name} is there twice; signatures name their key, so give each another name");
        }

        return new CommandKeys([.. read.Keys.Select(key => new CommandKey(key.Name, key.Role, key.Hash, key.Expires))]);
    }

    /// <summary>The key of that name; null for none, or one that has ended.</summary>
    public CommandKey? Find(string name, DateTimeOffset now) =>
        Keys.FirstOrDefault(key => key.Name == name && !(key.Expires <= now));
}
