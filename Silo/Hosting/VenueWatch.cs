using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Silo.Hosting;

/// <summary>Looks for the execution agent's signs each second: no entry is sent to one that fell silent.</summary>
internal sealed class VenueWatch(
    ITradingStore store, VenueState venue, [FromKeyedServices(EngineClock.Key)] TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var agents = new AgentBoard(store);
        using var timer = new PeriodicTimer(Period, clock);
        do
        {
            try
            {
                venue.Sign = await agents.ReadSignAsync(AgentNames.Execution);
            }
            catch (StoreException)
            {
                // What was seen goes on to age: an agent that nobody can hear of is silent.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
