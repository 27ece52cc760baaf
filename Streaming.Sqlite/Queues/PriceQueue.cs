using System.Globalization;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Commits;

namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>
/// A queue that lives in memory alone: for prices, where only the newest matters. Full, it forgets the oldest.
/// Thread-safe.
/// </summary>
internal sealed class PriceQueue(QueueDefinition definition, QueueActivity? activity, TimeProvider time)
{
    /// <summary>Most messages kept, those in flight included.</summary>
    public const int Capacity = 65_536;

    private const char Kind = 'm';

    private readonly Lock _gate = new();
    private readonly Dictionary<long, ReadOnlyMemory<byte>> _messages = [];
    private Queue<long> _waiting = new();
    private InFlight _inFlight = new(definition.RedeliverAfter, time);
    private long _oldest = 1;
    private long _newest;

    public QueueDefinition Definition => definition;

    public Signal Appended { get; } = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count;
            }
        }
    }

    public static bool TryParse(string entryId, out long number)
    {
        number = 0;
        return entryId is [Kind, ..]
            && long.TryParse(entryId.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    public void Push(IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        // Counted before anybody can see them: an acknowledgement must never come first.
        AddToActivity(payloads.Count);
        var dropped = 0;
        lock (_gate)
        {
            foreach (var payload in payloads)
            {
                dropped += _messages.Count == Capacity ? DropOldest() : 0;

                // The sender may use its buffer again once this returns.
                _messages.Add(++_newest, payload.ToArray());
                _waiting.Enqueue(_newest);
            }
        }

        AddToActivity(-dropped);
        Appended.Set();
    }

    /// <summary>Forgets a message; false when it was forgotten before. The caller does the counting.</summary>
    public bool Remove(long number)
    {
        lock (_gate)
        {
            _inFlight.Remove(number);
            return _messages.Remove(number);
        }
    }

    /// <summary>A reader that begins with the oldest message still there.</summary>
    public IQueueReader OpenReader()
    {
        lock (_gate)
        {
            _inFlight = new InFlight(definition.RedeliverAfter, time);
            _waiting = new Queue<long>(_messages.Keys.Order());
        }

        return new Reader(this, time);
    }

    private QueueEntry[] Take(int max)
    {
        var entries = new List<QueueEntry>();
        lock (_gate)
        {
            foreach (var (number, deliveries) in _inFlight.TakeDue(max))
            {
                Deliver(number, deliveries + 1);
            }

            while (entries.Count < max && _waiting.TryDequeue(out var number))
            {
                Deliver(number, 1);
            }
        }

        return [.. entries];

        void Deliver(long number, int deliveries)
        {
            if (_messages.TryGetValue(number, out var payload))
            {
                _inFlight.Add(number, deliveries);
                entries.Add(new QueueEntry(WriteSession.Format(Kind, number), payload, deliveries));
            }
        }
    }

    private int DropOldest()
    {
        while (!_messages.Remove(_oldest))
        {
            _oldest++;
        }

        _inFlight.Remove(_oldest);
        if (_waiting.TryPeek(out var head) && head == _oldest)
        {
            _waiting.Dequeue();
        }

        return 1;
    }

    private void AddToActivity(int change)
    {
        if (definition.IsRead && change != 0)
        {
            activity?.Add(change);
        }
    }

    private sealed class Reader(PriceQueue queue, TimeProvider time) : WaitingReader(queue.Appended, time)
    {
        protected override TimeSpan? UntilDue() => queue._inFlight.UntilDue();

        protected override ValueTask<IReadOnlyList<QueueEntry>> TakeAsync(int max, CancellationToken cancellation) =>
            ValueTask.FromResult<IReadOnlyList<QueueEntry>>(queue.Take(max));
    }
}
