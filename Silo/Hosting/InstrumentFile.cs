using TradingEngine.Trading.Market;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads the instruments of a file beside the built-in ones.</summary>
internal static class InstrumentFile
{
    public static InstrumentCatalog Read(string path)
    {
        if (path.Length == 0)
        {
            return InstrumentCatalog.Default;
        }

        if (!File.Exists(path))
        {
            throw new SettingsException($"--instruments is {path}, but there is no file {Path.GetFullPath(path)}");
        }

        var (catalog, errors) = InstrumentFileReader.Read(File.ReadAllBytes(path), InstrumentCatalog.Default);
        return catalog ?? throw new SettingsException(
            $"--instruments is {path}, which is not a file of instruments:{string.Concat(errors.Select(error => $"\n  {error}"))}");
    }
}
