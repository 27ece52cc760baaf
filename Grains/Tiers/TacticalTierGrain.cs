using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;

namespace TradingEngine.Grains.Tiers;

/// <summary>Tier 3, 30 s: asks for market analysis, agents' health and portfolio risk, and takes tactical signals.</summary>
[GrainType("tier-tactical"), ImplicitStreamSubscription(StreamNames.TacticalSignals), KeepAlive]
public sealed class TacticalTierGrain(
    ITradingStore store, IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<TacticalTierGrain> logger)
    : TierGrain(3, "tactical", TimeSpan.FromSeconds(30), options, beats, deadLetters, logger), ITacticalTierGrain
{
    /// <inheritdoc/>
    protected override async Task RunCycleAsync()
    {
        var now = clock.GetUtcNow();
        var number = Meter.Cycles;
        await Requests.SendAsync(store.Partition(Options.Partition),
        [
            Requests.Of(BoardKeys.MarketAnalysisRequests, "market_analysis", number, now),
            Requests.Of(BoardKeys.CoordinationMessages, "health_check", number, now),
            Requests.Of(BoardKeys.RiskAssessmentRequests, "portfolio_risk_assessment", number, now),
        ]);
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var acks = ImmutableArray.CreateBuilder<QueueAck>();
        foreach (var message in batch.Messages)
        {
            if (TacticalReader.Read(message.Payload, out var error))
            {
                acks.Add(new QueueAck(batch.Queue, message.EntryId));
                Meter.Take();
            }
            else
            {
                Meter.DeadLetter();
                await DeadLetters.AddAsync(batch.Queue, message, error!);
            }
        }

        if (acks.Count > 0)
        {
            await store.Partition(Options.Partition).CommitAsync([new Commit { Acks = acks.ToImmutable() }]);
        }
    }
}
