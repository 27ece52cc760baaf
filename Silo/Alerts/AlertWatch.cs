using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Alerts;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Alerts;
using TradingEngine.Silo.Hosting;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Alerts;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Silo.Alerts;

/// <summary>
/// Watches what this silo commits and sees, and hands alerts to the cluster's one ledger; where that cannot be reached it tells them itself,
/// since twice is better than never.
/// </summary>
internal sealed partial class AlertWatch(
    FactHub facts, DeadLetters deadLetters, VenueState venue, StoreWatch storeWatch, IAlertSink sink, IGrainFactory grains,
    IOptions<EngineOptions> options, [FromKeyedServices(EngineClock.Key)] TimeProvider clock, ILogger<AlertWatch> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(5);

    private readonly ChannelReader<TradingFact> _facts = facts.Listen();
    private readonly AlertLedger _own = new();
    private readonly DeadLetterRate _deadLetters = new();

    // The store is looked at every two seconds: two looks in a row, and a second to spare.
    private readonly ConditionWatch _storeAway = new(AlertKind.StoreAway, AlertKind.StoreBack, after: 4);
    private readonly ConditionWatch _executor = new(AlertKind.ExecutorSilent, AlertKind.ExecutorBack, after: 1);
    private StoreSighting _sighting = StoreSighting.Same;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    var seen = Look(clock.GetUtcNow());
                    if (!seen.IsEmpty)
                    {
                        await RaiseAsync(seen, stoppingToken);
                    }
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // A silo does not end for want of an alert.
                    LogFailed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo ends.
        }
    }

    private ImmutableArray<Alert> Look(DateTimeOffset now)
    {
        var seen = ImmutableArray.CreateBuilder<Alert>();
        void Add(Alert? alert)
        {
            if (alert is not null)
            {
                seen.Add(alert);
            }
        }

        while (_facts.TryRead(out var fact))
        {
            Add(AlertRules.Of(fact));
        }

        Add(_deadLetters.See(deadLetters.Total, now));
        Add(OfStore(storeWatch.Newest, now));
        if (venue.Sign is { } sign)
        {
            var isUp = Breakers.IsVenueUp(sign.LastHeartbeat, sign.Interval, options.Value.Limits, now);
            Add(_executor.See(!isUp, isUp ? $"{sign.Name} is heard of again" : $"{sign.Name} was last heard of at {sign.LastHeartbeat:yyyy-MM-dd HH:mm:ss} UTC", now));
        }

        return seen.ToImmutable();
    }

    private Alert? OfStore(StoreSighting newest, DateTimeOffset now)
    {
        var isNew = !ReferenceEquals(newest, _sighting);
        _sighting = newest;
        return newest.Finding switch
        {
            StoreFinding.Lost => isNew ? AlertRules.Of(AlertKind.StoreLost, newest.Detail ?? "the store is lost", now) : null,
            StoreFinding.RolledBack => isNew ? AlertRules.Of(AlertKind.StoreRolledBack, newest.Detail ?? "the store was put back", now) : null,
            StoreFinding.Away => _storeAway.See(true, newest.Detail ?? "the store does not answer", now),
            StoreFinding.Same => _storeAway.See(false, "the store answers again", now),
            _ => throw new InvalidOperationException($"Unknown finding {newest.Finding}."),
        };
    }

    private async Task RaiseAsync(ImmutableArray<Alert> seen, CancellationToken stop)
    {
        try
        {
            await grains.GetGrain<IAlertGrain>(options.Value.Partition).RaiseAsync(seen).WaitAsync(LongestCall, stop);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            // Whatever the cluster met, the alert counts more.
            LogAlone(logger, exception.Message);
            foreach (var alert in seen)
            {
                if (_own.Judge(alert, clock.GetUtcNow()) is { } told)
                {
                    sink.Offer(told);
                }
            }
        }
    }

    [LoggerMessage(2904, LogLevel.Error, "What happened could not be judged for alerts")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(2903, LogLevel.Warning, "The cluster's ledger of alerts was not reached, so this silo tells by itself: {Error}")]
    private static partial void LogAlone(ILogger logger, string error);
}

/// <summary>Registers alerts.</summary>
internal static class AlertServices
{
    public static void AddAlerts(this IServiceCollection services, AlertOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<AlertSender>();
        services.AddSingleton<IAlertSink>(provider => provider.GetRequiredService<AlertSender>());
        services.AddHostedService(provider => provider.GetRequiredService<AlertSender>());
        services.AddHostedService<AlertWatch>();
    }
}
