using System.Text.Json;

namespace TradingEngine.Trading.Tiers;

/// <summary>Tells agents what is held: signed lots by account and symbol, on the list <c>exposure_reports</c>.</summary>
public sealed class ExposureReport : ITierJob
{
    /// <summary>List of the reports.</summary>
    public const string Key = "exposure_reports";

    /// <inheritdoc/>
    public string Name => "exposure_report";

    /// <inheritdoc/>
    public TierJobResult Run(TierJobInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var held = input.Positions
            .GroupBy(entry => (entry.Account, entry.Symbol))
            .OrderBy(group => group.Key.Account, StringComparer.Ordinal).ThenBy(group => group.Key.Symbol, StringComparer.Ordinal)
            .Select(group => new { account = group.Key.Account, symbol = group.Key.Symbol, lots = group.Sum(entry => entry.Quantity) })
            .ToList();
        var json = JsonSerializer.Serialize(new
        {
            type = "exposure_report",
            timestamp = input.Now.ToUnixTimeMilliseconds() / 1000m,
            positions = input.Positions.Length,
            held,
        });
        return new TierJobResult
        {
            Messages = [new TierMessage(Key, json)],
            Notes = [$"{input.Positions.Length} positions in {held.Count} accounts and symbols"],
        };
    }
}
