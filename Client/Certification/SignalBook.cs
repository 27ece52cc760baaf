using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Client.Certification;

/// <summary>A signal as it came.</summary>
/// <param name="Tier">Tier of its list.</param>
/// <param name="Signal">As the engine reads it; null for one of tier 3 and one that cannot be read.</param>
/// <param name="Id">The id it carries; null for none.</param>
/// <param name="Time">The time it carries; null for none.</param>
/// <param name="At">When it came.</param>
/// <param name="Quote">Newest price the agent may have known.</param>
/// <param name="Text">The message itself.</param>
/// <param name="Error">Why it cannot be read; null where it can.</param>
internal sealed record SeenSignal(
    int Tier, Signal? Signal, string? Id, DateTimeOffset? Time, DateTimeOffset At, decimal Quote, string Text, WireError? Error)
{
    private const string NoId = "none";

    /// <summary>True where the engine would understand it but for its action.</summary>
    public bool IsUnknownAction => Error?.Reason == RejectReason.UnknownAction;

    /// <summary>Reads a message as the engine does.</summary>
    public static SeenSignal Read(int tier, ReadOnlyMemory<byte> message, DateTimeOffset now, decimal quote)
    {
        Signal? signal = null;
        WireError? error;
        if (tier == 3)
        {
            TacticalReader.Read(message, now, out error);
        }
        else
        {
            signal = SignalReader.Read(message, tier, NoId, now, out error);
        }

        using var fields = WireObject.Parse(message, out var malformed);
        string? id = null;
        DateTimeOffset? time = null;
        if (fields is not null && error is null)
        {
            id = fields.Text("signal_id", "message_id", "id");
            time = fields.Time("timestamp");
        }

        return new SeenSignal(tier, signal, id, time, now, quote, fields?.ToText() ?? "", error ?? malformed);
    }
}

/// <summary>The signals of a certification, as they came. Thread-safe.</summary>
internal sealed class SignalBook
{
    private readonly Lock _gate = new();
    private readonly List<SeenSignal> _signals = [];

    /// <summary>All so far.</summary>
    public IReadOnlyList<SeenSignal> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _signals];
            }
        }
    }

    /// <summary>How many so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _signals.Count;
            }
        }
    }

    /// <summary>Takes one.</summary>
    public void Add(SeenSignal signal)
    {
        lock (_gate)
        {
            _signals.Add(signal);
        }
    }
}
