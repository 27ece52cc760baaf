using TradingEngine.Trading.Configuration;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads a file of what the engine trades by.</summary>
internal static class ConfigurationFile
{
    /// <exception cref="SettingsException">There is no such file, or something in it is wrong: all of it is told.</exception>
    public static TradingConfiguration Read(string path, string origin)
    {
        if (!File.Exists(path))
        {
            throw new SettingsException($"{origin} is {path}, but there is no file {Path.GetFullPath(path)}");
        }

        var document = ConfigurationReader.Read(File.ReadAllBytes(path));
        return document.Configuration ?? throw new SettingsException(
            $"{origin} is {path}, which is no configuration:{string.Concat(document.Errors.Select(error => $"\n  {error}"))}");
    }
}
