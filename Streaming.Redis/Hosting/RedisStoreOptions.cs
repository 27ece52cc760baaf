using System.Globalization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Hosting;

/// <summary>How queues appear in Redis.</summary>
public enum RedisTransport
{
    /// <summary>As lists under <see cref="QueueDefinition.ListKeys"/>, pushed left and taken right. The default.</summary>
    Lists = 0,

    /// <summary>As streams <c>te:{partition}:queue</c> with ids, acknowledgements and consumer groups.</summary>
    Streams = 1,
}

/// <summary>Whether an empty Redis may become a new store.</summary>
public enum RedisInitMode
{
    /// <summary>Yes, where it holds nothing of ours and no store was known before. The default.</summary>
    Auto = 0,

    /// <summary>No: a store must have been created before.</summary>
    Never = 1,
}

/// <summary>What a <see cref="Storage.RedisTradingStore"/> needs to know. Read once, when the store is made.</summary>
public sealed class RedisStoreOptions
{
    /// <summary>Default of <see cref="ConnectionString"/>.</summary>
    public const string DefaultConnectionString = "127.0.0.1:6379";

    /// <summary>Default of <see cref="ConsumerName"/>.</summary>
    public const string DefaultConsumerName = "engine";

    /// <summary>One Redis in the syntax of StackExchange.Redis: <c>host:port[,password=…][,defaultDatabase=…]</c>. May hold a
    /// password: not for logs.</summary>
    public string ConnectionString { get; set; } = DefaultConnectionString;

    /// <summary>How queues appear to agents.</summary>
    public RedisTransport Transport { get; set; }

    /// <summary>All queues, with unique names.</summary>
    public IReadOnlyList<QueueDefinition> Queues { get; set; } = [];

    /// <summary>Whether an empty Redis may become a new store.</summary>
    public RedisInitMode InitMode { get; set; }

    /// <summary>The epoch of the store that was opened before from the same data directory; null when none ever was. Any other
    /// store is refused.</summary>
    public string? KnownEpoch { get; set; }

    /// <summary>Name of this reader in the consumer groups.</summary>
    public string ConsumerName { get; set; } = DefaultConsumerName;

    /// <summary>Partitions the accounts are spread over, from 1. The first silo writes it into the store; another number is refused
    /// from then on, as it would lead accounts to partitions that do not hold them.</summary>
    public int Partitions { get; set; } = 1;

    /// <summary>The partition that is served: its queues, its state, and what it shows. A number below <see cref="Partitions"/>.</summary>
    public string Partition { get; set; } = RedisKeys.FirstPartition;

    /// <summary>How names of the wire begin that mean the same key in every partition, as those of prices do.</summary>
    public IReadOnlyList<string> CommonNames { get; set; } = [];

    /// <summary>True for a text that names one Redis; whether it answers is another matter.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return RedisAddress.Parse(text) is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Checks that the options fit together.</summary>
    /// <exception cref="StoreRefusedException">They do not; the message names the option.</exception>
    internal void Validate()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var queue in Queues)
        {
            if (queue.Name.Length == 0 || !names.Add(queue.Name))
            {
                throw new StoreRefusedException($"Queues: '{queue.Name}' is empty or there twice: give each queue one name.");
            }

            if (queue.Channel is null && queue.ListKeys.Count == 0)
            {
                throw new StoreRefusedException($"Queues: '{queue.Name}' has neither a list key nor a channel: give it one.");
            }

            if (queue.RedeliverAfter <= TimeSpan.Zero)
            {
                throw new StoreRefusedException(
                    $"Queues: '{queue.Name}' has RedeliverAfter {queue.RedeliverAfter}: make it positive.");
            }
        }

        if (Partitions < 1)
        {
            throw new StoreRefusedException($"Partitions is {Partitions}: make it 1 or more.");
        }

        if (!int.TryParse(Partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= Partitions)
        {
            throw new StoreRefusedException($"Partition is '{Partition}': make it a number from 0 to {Partitions - 1}.");
        }

        if (string.IsNullOrWhiteSpace(ConsumerName))
        {
            throw new StoreRefusedException($"ConsumerName is empty: set it, for instance to '{DefaultConsumerName}'.");
        }
    }
}
