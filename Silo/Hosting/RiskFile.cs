using System.Text.Json;
using System.Text.Json.Serialization;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads limits by name or from a file. An unknown key is an error: a limit that is not followed must not look set.</summary>
internal static class RiskFile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public static RiskLimits Read(string value)
    {
        switch (value)
        {
            case "conservative":
                return RiskLimits.Conservative;
            case "open":
                return RiskLimits.Open;
            default:
                break;
        }

        if (!File.Exists(value))
        {
            throw new SettingsException(
                $"--risk is {value}; use conservative, open, or a JSON file (there is no file {Path.GetFullPath(value)})");
        }

        try
        {
            var limits = JsonSerializer.Deserialize<RiskLimits>(File.ReadAllBytes(value), Strict)!;
            return limits with { Name = limits.Name.Length == 0 ? Path.GetFileName(value) : limits.Name };
        }
        catch (JsonException exception)
        {
            throw new SettingsException($"--risk is {value}, which is not a file of limits: {exception.Message}", exception);
        }
    }
}
