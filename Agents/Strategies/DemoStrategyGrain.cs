using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Agents.Hosting;
using TradingEngine.Agents.Wire;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;

namespace TradingEngine.Agents.Strategies;

/// <summary>The strategy agent inside the cluster: listens to prices, runs the registered strategies and pushes their signals,
/// as an external one would.</summary>
[GrainType("demo-strategy"), ImplicitStreamSubscription(StreamNames.Market), KeepAlive]
public sealed partial class DemoStrategyGrain(
    ITradingStore store,
    IOptions<AgentOptions> options,
    DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<DemoStrategyGrain> logger) : QueueConsumerGrain(deadLetters, logger), IDemoStrategyGrain
{
    // The simulated market is to be seen trading at once; prices of others have the bars of the usual length.
    private readonly StrategyRunner _runner = new(
        options.Value, options.Value.SimulatesFeed ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(1),
        (strategy, symbol, exception) => LogStrategyFailed(logger, exception, strategy, symbol));

    // A replay runs its strategies itself, in lock step.
    private readonly bool _runs = options.Value.ReplaysFile is null && options.Value.Strategies.Entries.Length > 0;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (options.Value.SimulatesFeed)
        {
            this.RegisterGrainTimer(
                _ => Heartbeat.SendAsync(store.Board, AgentNames.Strategy, clock.GetUtcNow()),
                new() { DueTime = TimeSpan.Zero, Period = Heartbeat.Period, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        if (!_runs)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var signals = new List<ReadOnlyMemory<byte>>();
        foreach (var message in batch.Messages)
        {
            if (MarketReader.Read(message.Payload, now, out _) is { } update)
            {
                signals.AddRange(_runner.OnMarket(update).Select(signal => (ReadOnlyMemory<byte>)AgentJson.Signal(signal)));
            }
        }

        if (signals.Count > 0)
        {
            await store.Queues.PushAsync(StreamNames.FastSignals, signals);
        }
    }

    [LoggerMessage(3201, LogLevel.Error, "Strategy {Strategy} failed on {Symbol} and is not asked again for it until a restart")]
    private static partial void LogStrategyFailed(ILogger logger, Exception exception, string strategy, string symbol);
}

/// <summary>The strategy agent inside the cluster. Keyed by partition.</summary>
[GrainInterfaceType("te.demo-strategy"), Alias("te.IDemoStrategyGrain")]
public interface IDemoStrategyGrain : IGrainWithStringKey;
