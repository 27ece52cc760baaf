using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;

namespace TradingEngine.Grains.Tiers;

/// <summary>Tier 4, 5 min: asks for portfolio optimisation. It has no queue.</summary>
[GrainType("tier-strategic"), KeepAlive]
public sealed class StrategicTierGrain(
    ITradingStore store, IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<StrategicTierGrain> logger)
    : TierGrain(4, "strategic", TimeSpan.FromMinutes(5), options, beats, deadLetters, logger), IStrategicTierGrain
{
    /// <inheritdoc/>
    protected override Task RunCycleAsync() => Requests.SendAsync(store.Partition(Options.Partition),
    [
        Requests.Of(BoardKeys.OptimizationRequests, "portfolio_optimization", Meter.Cycles, clock.GetUtcNow()),
    ]);

    /// <inheritdoc/>
    protected override Task HandleAsync(QueueBatch batch) => Task.CompletedTask;
}
