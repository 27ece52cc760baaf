using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
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
    /// <summary>Messages read before they are handed on: while their strategies decide and commit, the next are read.</summary>
    private const int PartLength = 128;

    /// <summary>While one batch is written the next is decided; a strategy still takes one call after the other.</summary>
    private const int MostBatches = 4;

    private readonly int _tier = tier;
    private HopMeter _hops = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _hops = ServiceProvider.GetRequiredService<HopMeter>();
        return base.OnActivateAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override int BatchesAtOnce => Options.IsLockStep ? 1 : MostBatches;

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        var now = clock.GetUtcNow();
        _hops.End(Hop.Deliver, batch.Messages[^1].ReceivedAt);
        var began = Stopwatch.GetTimestamp();
        var broken = new List<(QueueMessage Message, WireError Error)>();
        if (Options.IsLockStep)
        {
            // One after the other, so that the same batch always meets the same limits.
            foreach (var pair in Read(batch, 0, batch.Messages.Length, now, broken))
            {
                await HandleAsync(pair.Key, pair.Value);
            }

            await DeadLetters.AddAsync(batch.Queue, broken);
            return;
        }

        var tasks = new List<Task>();
        for (var first = 0; first < batch.Messages.Length; first += PartLength)
        {
            var end = Math.Min(first + PartLength, batch.Messages.Length);
            foreach (var pair in Read(batch, first, end, now, broken))
            {
                // A strategy takes one call after the other: order within it is kept.
                tasks.Add(HandleAsync(pair.Key, pair.Value));
            }
        }

        // What is broken must not delay what is not.
        tasks.Add(DeadLetters.AddAsync(batch.Queue, broken));
        await Task.WhenAll(tasks);
        _hops.End(Hop.Handle, began);
    }

    private Dictionary<string, List<(SignalInput Input, long ReceivedAt)>> Read(
        QueueBatch batch, int first, int end, DateTimeOffset now, List<(QueueMessage Message, WireError Error)> broken)
    {
        var byStrategy = new Dictionary<string, List<(SignalInput Input, long ReceivedAt)>>(StringComparer.Ordinal);
        for (var i = first; i < end; i++)
        {
            var message = batch.Messages[i];
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

        return byStrategy;
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
