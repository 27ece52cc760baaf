using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Market;

namespace TradingEngine.Grains.Market;

/// <summary>Takes prices off their queue and hands each to its instrument, in order per symbol.</summary>
[GrainType("market"), ImplicitStreamSubscription(StreamNames.Market), KeepAlive]
public sealed class MarketGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<MarketGrain> logger) : QueueConsumerGrain(deadLetters, logger), IMarketGrain
{
    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var now = clock.GetUtcNow();
        var bySymbol = new Dictionary<string, ImmutableArray<MarketUpdate>.Builder>(StringComparer.Ordinal);
        var broken = new List<(QueueMessage Message, WireError Error)>();
        var acks = ImmutableArray.CreateBuilder<QueueAck>(batch.Messages.Length);
        foreach (var message in batch.Messages)
        {
            var update = MarketReader.Read(message.Payload, now, out var error);
            if (update is null)
            {
                broken.Add((message, error!));
                continue;
            }

            acks.Add(new QueueAck(batch.Queue, message.EntryId));
            if (!bySymbol.TryGetValue(update.Symbol, out var updates))
            {
                bySymbol[update.Symbol] = updates = ImmutableArray.CreateBuilder<MarketUpdate>();
            }

            updates.Add(update);
        }

        await Task.WhenAll(bySymbol.Select(pair =>
            GrainFactory.GetGrain<IInstrumentGrain>(pair.Key).ApplyAsync(pair.Value.ToImmutable())));

        // An unacknowledged price would come again, and then close positions opened since it was true.
        await store.Partition(options.Value.Partition).CommitAsync([new Commit { Acks = acks.ToImmutable() }]);
        await DeadLetters.AddAsync(batch.Queue, broken);
    }
}
