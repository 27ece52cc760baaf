using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Grains.Tiers;

/// <summary>
/// What all tiers share: the cadence and its honest count. Slow tiers beat on a grain timer; the fast one on the silo's
/// beat source. A reminder wakes a tier that lost its activation; a replay beats by itself.
/// </summary>
public abstract class TierGrain(
    int tier, string name, TimeSpan period, IOptions<EngineOptions> options, IBeatSource beats,
    DeadLetters deadLetters, ILogger logger)
    : QueueConsumerGrain(deadLetters, logger), ITierGrain, IRemindable
{
    /// <summary>A tier of the configuration.</summary>
    protected TierGrain(
        TierDefinition tier, IOptions<EngineOptions> options, IBeatSource beats, DeadLetters deadLetters, ILogger logger)
        : this(tier.Number, tier.Name, tier.Period, options, beats, deadLetters, logger)
    {
    }

    private const string SafetyNet = "safety-net";

    /// <summary>Below this a grain timer is too coarse: it fires some milliseconds late.</summary>
    private static readonly TimeSpan FinestTimer = TimeSpan.FromMilliseconds(50);

    /// <summary>A tier beats as soon as it woke: one of five minutes whose silo changes more often would never.</summary>
    private static readonly TimeSpan FirstBeat = TimeSpan.FromMilliseconds(100);

    private IDisposable? _beat;

    internal TierMeter Meter { get; } = new(tier, name, period);

    /// <summary>Configuration.</summary>
    protected EngineOptions Options { get; } = options.Value;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ServiceProvider.GetRequiredService<TierBoard>().Add(Meter);
        if (Options.IsLockStep)
        {
            return;
        }

        if (period < FinestTimer)
        {
            // The callback touches counters only and awaits nothing, so running between the turns of a request is safe.
            _beat = beats.Register(period, TaskScheduler.Current, Meter.Beat);
        }
        else
        {
            // A beat is not held up by the batches that are under way, and neither are the tier's figures.
            this.RegisterGrainTimer(
                BeatAsync, new() { DueTime = FirstBeat, Period = period, KeepAlive = true, Interleave = true });
        }

        await this.RegisterOrUpdateReminder(
            SafetyNet, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _beat?.Dispose();
        ServiceProvider.GetRequiredService<TierBoard>().Remove(Meter);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task BeatAsync()
    {
        Meter.Beat(1);
        try
        {
            await RunCycleAsync();
        }
#pragma warning disable CA1031 // The edge of a cycle: one that fails is counted, and the next one runs.
        catch (Exception)
#pragma warning restore CA1031
        {
            Meter.Fail();
        }
    }

    /// <inheritdoc/>
    public Task<TierStatistics> GetStatisticsAsync() => Task.FromResult(Meter.Read());

    /// <summary>The tier's periodic work.</summary>
    protected virtual Task RunCycleAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    protected override void OnFailed() => Meter.Fail();
}
