using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Providers;
using Orleans.Streams;
using TradingEngine.Streaming.Streams;

namespace TradingEngine.Streaming.Hosting;

/// <summary>Adds the stream provider of the agents' queues to a silo.</summary>
public static class QueueStreamExtensions
{
    /// <summary>Adds it. The <see cref="Commits.ITradingStore"/> registered in the silo carries the queues.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">Name of the stream provider.</param>
    /// <param name="queues">Queues the cluster reads.</param>
    /// <param name="partition">Partition, the key of every stream.</param>
    public static ISiloBuilder AddQueueStreams(
        this ISiloBuilder silo, string name, IReadOnlyList<string> queues, string partition)
    {
        silo.Services.TryAddSingleton<QueueProgress>();
        return silo.AddPersistentStreams(
            name,
            (services, provider) => QueueStreamAdapterFactory.Create(services, provider, queues, partition),
            streams =>
            {
                streams.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
                streams.ConfigureBackoffProvider((_, _) => (IMessageDeliveryBackoffProvider)new DeliveryPause());
                streams.ConfigurePullingAgent(options => options.Configure(agent =>
                {
                    // The read itself waits for messages, so the timer only starts the next one.
                    agent.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(1);
                    agent.BatchContainerBatchSize = 1;

                    // Consumers catch what fails; an entry nobody acknowledged comes again from the queue.
                    agent.MaxEventDeliveryTime = TimeSpan.FromSeconds(2);
                    agent.StreamInactivityPeriod = TimeSpan.FromDays(1);
                }));
            });
    }
}
