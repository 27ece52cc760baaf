using System.Diagnostics.CodeAnalysis;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Data;

namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>All queues of the store by name.</summary>
internal sealed class QueueSet
{
    private readonly Dictionary<string, DurableQueue> _durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PriceQueue> _prices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PriceQueue> _byChannel = new(StringComparer.Ordinal);

    public IEnumerable<PriceQueue> Prices => _prices.Values;

    public IEnumerable<DurableQueue> Durables => _durable.Values;

    /// <summary>Finds or adds the queues in a database that nobody else uses yet, and counts what waits in them.</summary>
    public static QueueSet Load(
        Database database, IReadOnlyList<QueueDefinition> definitions, QueueActivity? activity, TimeProvider time)
    {
        var set = new QueueSet();
        var waiting = 0L;
        foreach (var definition in definitions)
        {
            if (definition.Channel is not null)
            {
                var prices = new PriceQueue(definition, activity, time);
                set._prices.Add(definition.Name, prices);
                set._byChannel.Add(definition.Channel, prices);
                continue;
            }

            database.Sql("INSERT OR IGNORE INTO queue_name(name) VALUES(?)").Bind(definition.Name).Run();
            var number = database.Sql("SELECT id FROM queue_name WHERE name=?").Bind(definition.Name).Scalar()!.Value;
            var last = database.Sql("SELECT max(seq) FROM queue WHERE queue=?").Bind(number).Scalar() ?? 0;
            set._durable.Add(definition.Name, new DurableQueue(definition, number, last));
            waiting += definition.IsRead ? Depth(database, number) : 0;
        }

        activity?.Add((int)Math.Min(waiting, int.MaxValue));
        return set;
    }

    public static long Depth(Database database, long number) =>
        database.Sql("SELECT count(*) FROM queue WHERE queue=?").Bind(number).Scalar() ?? 0;

    /// <exception cref="ArgumentException">No such queue, or it carries prices and cannot be part of a commit.</exception>
    public DurableQueue Durable(string name) => _durable.TryGetValue(name, out var queue)
        ? queue
        : throw new ArgumentException(_prices.ContainsKey(name)
            ? $"The queue {name} lives on a channel: it cannot be appended to by a commit."
            : $"There is no queue {name}.");

    public PriceQueue? Price(string name) => _prices.GetValueOrDefault(name);

    public bool TryChannel(string channel, [NotNullWhen(true)] out PriceQueue? queue) =>
        _byChannel.TryGetValue(channel, out queue);

    /// <exception cref="ArgumentException">No such queue.</exception>
    public void ThrowIfUnknown(string name)
    {
        if (!_prices.ContainsKey(name))
        {
            _ = Durable(name);
        }
    }

    /// <summary>Lets waiting readers find out that the store is closed.</summary>
    public void WakeReaders()
    {
        foreach (var queue in Durables)
        {
            queue.Appended.Set();
        }

        foreach (var queue in Prices)
        {
            queue.Appended.Set();
        }
    }
}
