using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Tiers;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// Beats the tiers with work of their own in virtual time, in lock step: each cycle ends before time goes on. The faster tiers only count
/// in their cycles, and are not beaten. Used by one caller at a time.
/// </summary>
public sealed class VirtualBeats
{
    private static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(1);

    private readonly List<DueTier> _tiers = [];

    private VirtualBeats()
    {
    }

    /// <summary>Beats from a time on: each tier first after one period.</summary>
    public static async Task<VirtualBeats> StartAsync(IGrainFactory grains, EngineOptions options, DateTimeOffset time)
    {
        var beats = new VirtualBeats();
        foreach (var tier in Tiers.All(grains, options))
        {
            if ((await tier.GetStatisticsAsync()).Period is var period && period >= ShortestPeriod)
            {
                beats._tiers.Add(new DueTier(tier, period, time + period));
            }
        }

        return beats;
    }

    /// <summary>Runs the cycles that come due until a time, one of each tier: a gap of days has one at its end, not thousands of empty ones.</summary>
    public async Task BeatAsync(DateTimeOffset time)
    {
        foreach (var due in _tiers.Where(due => due.Next <= time))
        {
            await due.Tier.BeatAsync();
            due.Next = time + due.Period;
        }
    }

    private sealed class DueTier(ITierGrain tier, TimeSpan period, DateTimeOffset next)
    {
        public ITierGrain Tier => tier;

        public TimeSpan Period => period;

        public DateTimeOffset Next { get; set; } = next;
    }
}
