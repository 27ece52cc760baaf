using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Tiers;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Silo.Hosting;

/// <summary>Keeps this silo's weights and regime to what the slow tiers wrote, wherever they beat. A replay has one silo, where they do.</summary>
internal sealed class SizingWatch(TierRecords records, IOptions<EngineOptions> options) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (!options.Value.IsLockStep && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await records.ReadAsync(stoppingToken);
            }
            catch (StoreException)
            {
                // What is known goes on to count; the next look is in a few seconds.
            }
        }
    }
}
