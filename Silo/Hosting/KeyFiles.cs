using TradingEngine.Api.Security;
using TradingEngine.Grains.Interfaces.Security;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads files of keys. What is wrong in them is told by line, and nothing of a key is.</summary>
internal static class KeyFiles
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Keys of the API: hashes, which may be read, and must not be written by others.</summary>
    public static KeyRing ApiKeysOf((string Path, string Origin) setting) =>
        new(setting.Path, Read(setting, OthersWrite, ApiKeys.Read));

    /// <summary>Keys that sign commands: secrets, which are the owner's alone.</summary>
    public static CommandKeys CommandKeysOf((string Path, string Origin) setting)
    {
        var keys = Read(setting, Others, CommandKeys.Read);
        return keys.Keys.Length > 0
            ? keys
            : throw new SettingsException($"{setting.Origin} is {setting.Path}, which holds no key; create one with: Client -- keys create --commands");
    }

    private static T Read<T>(
        (string Path, string Origin) setting, UnixFileMode forbidden, Func<IEnumerable<string>, ICollection<string>, T> read)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(setting.Path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(setting.Path) & forbidden) != 0)
            {
                throw new SettingsException($"{setting.Origin} is {setting.Path}, which others may "
                    + $"{(forbidden == Others ? "read or write" : "write")}; run: chmod 600 {setting.Path}");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{setting.Origin} is {setting.Path}, which cannot be read: {exception.Message}", exception);
        }

        var errors = new List<string>();
        var keys = read(lines, errors);
        return errors.Count == 0
            ? keys
            : throw new SettingsException(string.Join('\n', errors.Select(error => $"{setting.Origin} is {setting.Path}: {error}")));
    }
}
