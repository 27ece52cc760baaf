using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

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

    /// <summary>While one batch is written the next is read, and goes to those strategies that are free.</summary>
    private const int MostBatches = 4;

    private readonly int _tier = tier;
    private HopMeter _hops = null!;
    private StrategyLines _lines = null!;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _hops = ServiceProvider.GetRequiredService<HopMeter>();
        var strategies = ServiceProvider.GetRequiredService<GrainReferences<IStrategyGrain>>();
        _lines = new StrategyLines((key, inputs) => strategies.Of(key).HandleAsync(Options.Partition, inputs));
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
                tasks.Add(HandleAsync(pair.Key, pair.Value));
            }
        }

        // What is broken must not delay what is not.
        tasks.Add(DeadLetters.AddAsync(batch.Queue, broken));
        await Task.WhenAll(tasks);
        _hops.End(Hop.Handle, began);
    }

    private Dictionary<string, List<TakenSignal>> Read(
        QueueBatch batch, int first, int end, DateTimeOffset now, List<(QueueMessage Message, WireError Error)> broken)
    {
        var byStrategy = new Dictionary<string, List<TakenSignal>>(StringComparer.Ordinal);
        var began = Stopwatch.GetTimestamp();
        for (var i = first; i < end; i++)
        {
            var message = batch.Messages[i];
            var signal = SignalReader.Read(
                message.Payload, _tier, message.EntryId, IntakeTime.Of(message.EntryId, message.Deliveries, now), out var error);
            error ??= WrongPartition(signal!);
            if (error is not null)
            {
                Meter.DeadLetter();
                broken.Add((message, error));
                continue;
            }

            var key = $"{signal!.Account}|{signal.Strategy}|{signal.Symbol}";
            if (!byStrategy.TryGetValue(key, out var inputs))
            {
                byStrategy[key] = inputs = [];
            }

            var spans = SignalTrace.Begin(signal, Meter.Name, message.ReceivedAt, began);
            inputs.Add(new TakenSignal(new SignalInput(SignalTrace.Carry(signal, spans), batch.Queue, message.EntryId), message.ReceivedAt, spans));
        }

        return byStrategy;
    }

    /// <summary>Two partitions that traded for one account would each see half of what it risks.</summary>
    private WireError? WrongPartition(Signal signal) => Options.OtherPartitionOf(signal.Account) is { } holder
        ? new WireError(RejectReason.WrongPartition, string.Create(
            CultureInfo.InvariantCulture,
            $"account '{signal.Account}' belongs to partition {holder} of {Options.Partitions}, and this is {Options.Partition}: send it to the queues of {holder}"))
        : null;

    private async Task HandleAsync(string key, List<TakenSignal> inputs)
    {
        var outcomes = await _lines.HandOnAsync(key, [.. inputs.Select(item => item.Input)]);
        for (var i = 0; i < outcomes.Length; i++)
        {
            Meter.Signal(outcomes[i], inputs[i].ReceivedAt);
            if (inputs[i].Spans is { } spans)
            {
                var (result, reason, position) = outcomes[i];
                SignalTrace.End(spans, result.ToString().ToLowerInvariant(), reason == RejectReason.None ? null : reason.Code(), position);
            }
        }
    }

    /// <summary>A signal that was read, with when it came and, where it is traced, its spans.</summary>
    private readonly record struct TakenSignal(SignalInput Input, long ReceivedAt, SignalSpans? Spans);
}
