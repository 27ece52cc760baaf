using System.Threading.Channels;

namespace TradingEngine.Api.Events;

/// <summary>Somebody who listens.</summary>
internal sealed class Listener(IReadOnlySet<string>? kinds, Channel<EventBatch> channel)
{
    public Channel<EventBatch> Channel { get; } = channel;

    /// <summary>Sequence up to which it was given what was recorded before it came.</summary>
    public long Seen { get; set; }

    /// <summary>True for a kind it asked for; a gap is told to all who hear facts.</summary>
    public bool Wants(string kind) => kinds is null || kinds.Contains(kind == GapKind ? EventHub.FactKind : kind);

    /// <summary>Kind of the event that says that facts are missing.</summary>
    public const string GapKind = "gap";
}

/// <summary>Events that go out together, as bytes; made once and written to every listener.</summary>
internal sealed class EventBatch(IReadOnlyList<(long Sequence, byte[] Frame)> events)
{
    /// <summary>Sequence of what is not recorded: it is never told again.</summary>
    public const long Always = long.MaxValue;

    private readonly ReadOnlyMemory<byte> _all = events.SelectMany(item => item.Frame).ToArray();

    /// <summary>The bytes of what comes after a sequence.</summary>
    public ReadOnlyMemory<byte> After(long sequence) => events[0].Sequence > sequence
        ? _all
        : events.Where(item => item.Sequence > sequence).SelectMany(item => item.Frame).ToArray();
}
