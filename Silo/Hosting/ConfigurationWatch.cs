using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Tiers;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Silo.Hosting;

/// <summary>Lets this silo follow the configuration of the store, wherever it is applied. A replay has one silo, where it is.</summary>
internal sealed class ConfigurationWatch(ConfigurationFollower follower, TierRecords records, IOptions<EngineOptions> options) : BackgroundService
{
    // A read that is late or fails once is made up for within the bound.
    private static readonly TimeSpan Period = ConfigurationFollower.Bound / 3;

    /// <summary>What stands counts before the silo takes its first message.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (!options.Value.IsLockStep && await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ReadAsync(stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            if (await follower.ReadAsync(cancellation))
            {
                // What a cut strategy has left depends on it.
                await records.ReadAsync(cancellation);
            }
        }
        catch (StoreException)
        {
            // Nothing is committed either while the store does not answer; the next look is soon.
        }
    }
}
