using TradingEngine.Trading.Tiers;

namespace SamplePlugin;

/// <summary>
/// A job for a tier of its own: leaves what was open for more than a day. One line of configuration runs it each hour:
/// <c>--tiers hourly=01:00:00,jobs=leave_old_positions</c>.
/// </summary>
public sealed class LeaveOldPositions : ITierJob
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public string Name => "leave_old_positions";

    /// <inheritdoc/>
    public TierJobResult Run(TierJobInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var old = input.Positions.Where(entry => input.Now - entry.OpenedAt > Oldest).Select(entry => entry.Id).Distinct().ToList();
        return new TierJobResult
        {
            Closes = [.. old.Select(id => (id, Name))],
            Notes = [$"{old.Count} of {input.Positions.Length} positions are older than a day and are left"],
        };
    }
}
