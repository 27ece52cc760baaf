using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Placement;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Alerts;
using TradingEngine.Trading.Alerts;

namespace TradingEngine.Grains.Alerts;

/// <summary>
/// Judges the alerts of all silos in one ledger and hands what is told to the sink of its silo. It keeps nothing: after the loss of its silo the
/// next alert wakes it elsewhere, and a cause that lasts may be told once more.
/// </summary>
[GrainType("alert"), PreferLocalPlacement, KeepAlive]
public sealed class AlertGrain(
    IAlertSink sink, [FromKeyedServices(EngineClock.Key)] TimeProvider clock) : Grain, IAlertGrain
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly AlertLedger _ledger = new();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(
            () =>
            {
                Offer(_ledger.Due(clock.GetUtcNow()));
                return Task.CompletedTask;
            },
            new() { DueTime = LookEvery, Period = LookEvery, KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task RaiseAsync(ImmutableArray<Alert> alerts)
    {
        foreach (var alert in alerts)
        {
            Offer(_ledger.Judge(alert, clock.GetUtcNow()));
        }

        return Task.CompletedTask;
    }

    private void Offer(Alert? alert)
    {
        if (alert is not null)
        {
            sink.Offer(alert);
        }
    }
}
