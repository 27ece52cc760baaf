using System.Security.Cryptography;
using TradingEngine.Client.Commands;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Client.Keys;

/// <summary>A file of keys as it is changed by hand: comments stay, the owner alone may read it, and who reads it never sees half of it.</summary>
/// <param name="path">The file.</param>
/// <param name="holdsSecrets">True for keys that sign commands, which are kept as they are; false for keys of the API, of which the file has hashes.</param>
internal sealed class KeyFile(string path, bool holdsSecrets)
{
    private readonly List<string> _lines = File.Exists(path) ? [.. File.ReadAllLines(path)] : [];

    /// <summary>Keys as they stand, ended ones too. Of a key that signs, the hash is its secret, which nobody is shown.</summary>
    public IEnumerable<ApiKey> Keys => _lines.Where(line => !ApiKeys.IsComment(line)).Select(line => ApiKeys.ReadLine(line)!);

    /// <summary>Looks whether every line is a key.</summary>
    public KeyFile Check()
    {
        var errors = new List<string>();
        ApiKeys.Read(_lines, errors);
        return errors.Count == 0 ? this : throw new UsageException($"{path}: {string.Join("; ", errors)}");
    }

    /// <summary>Adds a key; returns what is given to its holder, once.</summary>
    public string Add(string name, Role role, DateTimeOffset? expires)
    {
        if (_lines.Count == 0)
        {
            _lines.Add($"# name role {(holdsSecrets ? "secret" : "SHA-256")} [end]; made by: Client -- keys");
        }

        if (!holdsSecrets)
        {
            var (key, stored) = ApiKey.Create(name, role, expires);
            _lines.Add(stored.ToLine());
            return key;
        }

        if (Keys.Any(key => key.Name == name))
        {
            throw new UsageException($"{path} has a key {name}, and signatures name their key; give it another name, or revoke that one first.");
        }

        var secret = RandomNumberGenerator.GetBytes(CommandKey.SecretLength);
        _lines.Add(new CommandKey(name, role, secret, expires).ToLine());
        return Convert.ToHexStringLower(secret);
    }

    /// <summary>Lets keys end at a time, if they do not end before.</summary>
    public int End(Func<ApiKey, bool> which, DateTimeOffset at) => Change(
        which, key => key.Expires <= at ? key.ToLine() : (key with { Expires = at }).ToLine());

    /// <summary>Takes keys away.</summary>
    public int Remove(Func<ApiKey, bool> which) => Change(which, _ => null);

    /// <summary>Writes the file whole, in one step.</summary>
    public void Save()
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var writer = new StreamWriter(temporary, options))
            {
                _lines.ForEach(writer.WriteLine);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--file is {path}, which cannot be written: {exception.Message}");
        }
    }

    private int Change(Func<ApiKey, bool> which, Func<ApiKey, string?> changed)
    {
        var count = 0;
        for (var i = _lines.Count - 1; i >= 0; i--)
        {
            if (ApiKeys.IsComment(_lines[i]) || ApiKeys.ReadLine(_lines[i]) is not { } key || !which(key))
            {
                continue;
            }

            count++;
            if (changed(key) is { } line)
            {
                _lines[i] = line;
            }
            else
            {
                _lines.RemoveAt(i);
            }
        }

        return count;
    }
}
