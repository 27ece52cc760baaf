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

/// <summary>
/// Tier 3, 30 s: asks for market analysis, agents' health and portfolio risk, and takes tactical signals and the warnings
/// of market observers, which are checked and counted.
/// </summary>
[GrainType("tier-tactical"), KeepAlive]
[ImplicitStreamSubscription(StreamNames.TacticalSignals), ImplicitStreamSubscription(StreamNames.Warnings)]
[ImplicitStreamSubscription(StreamNames.Alerts)]
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
        var now = clock.GetUtcNow();
        var acks = ImmutableArray.CreateBuilder<QueueAck>();
        var broken = new List<(QueueMessage Message, WireError Error)>();
        foreach (var message in batch.Messages)
        {
            if (ErrorIn(batch.Queue, message, now) is { } error)
            {
                Meter.DeadLetter();
                broken.Add((message, error));
            }
            else
            {
                acks.Add(new QueueAck(batch.Queue, message.EntryId));
                Meter.Take();
            }
        }

        if (acks.Count > 0)
        {
            await store.Partition(Options.Partition).CommitAsync([new Commit { Acks = acks.ToImmutable() }]);
        }

        await DeadLetters.AddAsync(batch.Queue, broken);
    }

    private static WireError? ErrorIn(string queue, QueueMessage message, DateTimeOffset now)
    {
        WireError? error;
        if (queue == StreamNames.TacticalSignals)
        {
            _ = TacticalReader.Read(message.Payload, now, out error);
        }
        else
        {
            _ = AlertReader.Read(message.Payload, now, out error);
        }

        return error;
    }
}
