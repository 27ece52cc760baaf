using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TradingEngine.Agents.Execution;
using TradingEngine.Agents.Feeds;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Agents.Hosting;

/// <summary>Keeps the agents of the cluster awake; after a silo is lost, those it held wake on another.</summary>
internal sealed class AgentWaker(IGrainFactory grains, IOptions<AgentOptions> options) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            try
            {
                if (options.Value.ExecutesOnPaper)
                {
                    await grains.GetGrain<IPaperVenueGrain>(options.Value.Partition).WakeAsync();
                }

                if (options.Value.SimulatesFeed)
                {
                    await grains.GetGrain<ISimulatedFeedGrain>(options.Value.Partition).WakeAsync();
                }
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException or StoreException)
            {
                // Tried again in two seconds.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
