using TradingEngine.Trading.Risk;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads limits by name or from a file.</summary>
internal static class RiskFile
{
    public static RiskProfile Read(string value)
    {
        switch (value)
        {
            case "conservative":
                return new RiskProfile(RiskLimits.Conservative);
            case "open":
                return new RiskProfile(RiskLimits.Open);
            default:
                break;
        }

        if (!File.Exists(value))
        {
            throw new SettingsException(
                $"--risk is {value}; use conservative, open, or a JSON file (there is no file {Path.GetFullPath(value)})");
        }

        var (profile, errors) = RiskFileReader.Read(File.ReadAllBytes(value), Path.GetFileName(value));
        return profile ?? throw new SettingsException(
            $"--risk is {value}, which is not a file of limits:{string.Concat(errors.Select(error => $"\n  {error}"))}");
    }
}
