using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Grains.Tiers;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Silo.Hosting;

/// <summary>
/// Wakes what must always be awake: the tiers, the engine, and the instruments whose positions wait for a price. At the
/// start and at every change of membership, since what a lost silo held is nobody's until it is called.
/// </summary>
internal sealed class TierWaker(
    IGrainFactory grains, ITradingStore store, ISiloStatusOracle silos, IOptions<EngineOptions> options)
    : BackgroundService, ISiloStatusListener
{
    private readonly SemaphoreSlim _changed = new(1, 1);

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        silos.SubscribeToSiloStatusEvents(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(stoppingToken);
            if (silos.CurrentStatus != SiloStatus.Active)
            {
                // Nobody can be woken yet; becoming active is a change too.
                continue;
            }

            try
            {
                await WakeAsync(options.Value.Partition);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // Tried again, whatever it was: something that must be awake may not be, and reminders throw what their own
                // client of Redis does.
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
                SiloStatusChangeNotification(silos.SiloAddress, SiloStatus.Active);
            }
        }
    }

    private async Task WakeAsync(string partition)
    {
        foreach (var tier in Tiers.All(grains, options.Value))
        {
            await tier.WakeAsync();
        }

        await grains.GetGrain<IEngineGrain>(partition).WakeAsync();
        await grains.GetGrain<IReconciliationGrain>(partition).WakeAsync();
        await grains.GetGrain<IAuditGrain>(partition).WakeAsync();
        ExceptionDispatchInfo? failure = null;
        foreach (var symbol in (await store.Partition(partition).ReadIndexVersionsAsync()).Keys)
        {
            try
            {
                await grains.GetGrain<IInstrumentGrain>(symbol).WakeAsync();
            }
            catch (Exception exception)
            {
                // One that cannot be woken must not leave those behind it asleep.
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }
}
