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

/// <summary>A strategy agent for demonstration: listens to prices and pushes signals, as an external one would.</summary>
[GrainType("demo-strategy"), ImplicitStreamSubscription(StreamNames.Market), KeepAlive]
public sealed class DemoStrategyGrain(
    ITradingStore store,
    IOptions<AgentOptions> options,
    DeadLetters deadLetters,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<DemoStrategyGrain> logger) : QueueConsumerGrain(deadLetters, logger), IDemoStrategyGrain
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromSeconds(1);

    private readonly DemoTrader _trader = new(options.Value, BarInterval);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (options.Value.SimulatesFeed)
        {
            this.RegisterGrainTimer(
                _ => Heartbeat.SendAsync(store.Board, "strategy_engine", clock.GetUtcNow()),
                new() { DueTime = TimeSpan.Zero, Period = Heartbeat.Period, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        if (!options.Value.SimulatesFeed)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var signals = new List<ReadOnlyMemory<byte>>();
        foreach (var message in batch.Messages)
        {
            if (MarketReader.Read(message.Payload, now, out _) is { } update)
            {
                signals.AddRange(_trader.OnMarket(update).Select(signal => (ReadOnlyMemory<byte>)AgentJson.Signal(signal)));
            }
        }

        if (signals.Count > 0)
        {
            await store.Queues.PushAsync(StreamNames.FastSignals, signals);
        }
    }
}

/// <summary>The demonstration's strategy agent. Keyed by partition.</summary>
[GrainInterfaceType("te.demo-strategy"), Alias("te.IDemoStrategyGrain")]
public interface IDemoStrategyGrain : IGrainWithStringKey;
