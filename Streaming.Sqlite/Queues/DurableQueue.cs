using System.Globalization;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Sqlite.Commits;

namespace TradingEngine.Streaming.Sqlite.Queues;

/// <summary>A queue kept in the database: what the process must know of it besides its rows.</summary>
internal sealed class DurableQueue(QueueDefinition definition, long number, long lastSequence)
{
    private const char Kind = 'q';

    private long _lastSequence = lastSequence;
    private volatile InFlight? _reader;

    public QueueDefinition Definition => definition;

    /// <summary>The queue's number in the table.</summary>
    public long Number => number;

    /// <summary>Sequence of the newest committed entry, so that a reader at the end need not ask the database.</summary>
    public long LastSequence => Interlocked.Read(ref _lastSequence);

    public Signal Appended { get; } = new();

    public static string Format(long sequence) => WriteSession.Format(Kind, sequence);

    public static bool TryParse(string entryId, out long sequence)
    {
        sequence = 0;
        return entryId is [Kind, ..]
            && long.TryParse(entryId.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    /// <summary>Makes a reader the one that hears of acknowledgements.</summary>
    public void Attach(InFlight reader) => _reader = reader;

    public void OnAppended(long sequence)
    {
        Interlocked.Exchange(ref _lastSequence, sequence);
        Appended.Set();
    }

    public void OnAcknowledged(long sequence) => _reader?.Remove(sequence);
}
