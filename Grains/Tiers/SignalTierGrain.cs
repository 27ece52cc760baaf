using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Streams;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// A tier that takes trading signals: it reads each, sets aside what cannot be read, and hands the rest to their
/// strategies as they arrive, in order per strategy and symbol. The cycle is the deadline, not the trigger.
/// </summary>
public abstract class SignalTierGrain(
    int tier, string name, TimeSpan period, IOptions<EngineOptions> options, IBeatSource beats,
    DeadLetters deadLetters, TimeProvider clock, ILogger logger)
    : TierGrain(tier, name, period, options, beats, deadLetters, logger)
{
    private readonly int _tier = tier;

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var now = clock.GetUtcNow();
        var byStrategy = new Dictionary<string, List<(SignalInput Input, long ReceivedAt)>>(StringComparer.Ordinal);
        var broken = new List<(QueueMessage Message, WireError Error)>();
        foreach (var message in batch.Messages)
        {
            var signal = SignalReader.Read(
                message.Payload, _tier, message.EntryId, IntakeTime.Of(message.EntryId, message.Deliveries, now), out var error);
            if (signal is null)
            {
                Meter.DeadLetter();
                broken.Add((message, error!));
                continue;
            }

            var key = $"{signal.Account}|{signal.Strategy}|{signal.Symbol}";
            if (!byStrategy.TryGetValue(key, out var inputs))
            {
                byStrategy[key] = inputs = [];
            }

            inputs.Add((new SignalInput(signal, batch.Queue, message.EntryId), message.ReceivedAt));
        }

        if (Options.IsLockStep)
        {
            // One after the other, so that the same batch always meets the same limits.
            foreach (var pair in byStrategy)
            {
                await HandleAsync(pair.Key, pair.Value);
            }

            await DeadLetters.AddAsync(batch.Queue, broken);
            return;
        }

        // What is broken must not delay what is not.
        await Task.WhenAll(
            [.. byStrategy.Select(pair => HandleAsync(pair.Key, pair.Value)), DeadLetters.AddAsync(batch.Queue, broken)]);
    }

    private async Task HandleAsync(string key, List<(SignalInput Input, long ReceivedAt)> inputs)
    {
        var outcomes = await GrainFactory.GetGrain<IStrategyGrain>(key).HandleAsync(
            Options.Partition, inputs.Select(item => item.Input).ToImmutableArray());
        for (var i = 0; i < outcomes.Length; i++)
        {
            Meter.Signal(outcomes[i], inputs[i].ReceivedAt);
        }
    }
}
