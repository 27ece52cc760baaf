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
            Check(value, limits);
            return limits with { Name = limits.Name.Length == 0 ? Path.GetFileName(value) : limits.Name };
        }
        catch (JsonException exception)
        {
            throw new SettingsException($"--risk is {value}, which is not a file of limits: {exception.Message}", exception);
        }
    }

    private static void Check(string file, RiskLimits limits)
    {
        foreach (var (name, time) in new[]
        {
            (nameof(limits.MaxHftSignalAge), limits.MaxHftSignalAge), (nameof(limits.MaxSignalAge), limits.MaxSignalAge),
            (nameof(limits.MaxSignalLead), limits.MaxSignalLead), (nameof(limits.MaxPriceAge), limits.MaxPriceAge),
        })
        {
            if (time < TimeSpan.Zero || time > RiskCheck.SignalWindow)
            {
                throw new SettingsException($"--risk is {file}: {name} is {time}; use 00:00:00 to {RiskCheck.SignalWindow}");
            }
        }

        foreach (var (name, confidence) in limits.MinConfidences.Append(new("MinConfidence", limits.MinConfidence)))
        {
            if (confidence is < 0m or > 1m)
            {
                throw new SettingsException($"--risk is {file}: the least confidence of {name} is {confidence}; use 0 to 1");
            }
        }
    }
}
