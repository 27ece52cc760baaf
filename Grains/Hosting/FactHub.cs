using System.Collections.Immutable;
using System.Threading.Channels;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Hosting;

/// <summary>Hands committed facts to whoever listens in this silo. A listener that falls behind loses the oldest. Thread-safe.</summary>
public sealed class FactHub
{
    private const int Capacity = 4096;

    private readonly long[] _counts = new long[(int)Enum.GetValues<FactKind>().Max() + 1];
    private ImmutableArray<Channel<TradingFact>> _listeners = [];

    /// <summary>Facts of a kind since the silo's start.</summary>
    public long CountOf(FactKind kind) => Interlocked.Read(ref _counts[(int)kind]);

    /// <summary>Tells every listener.</summary>
    public void Publish(ImmutableArray<TradingFact> facts)
    {
        foreach (var fact in facts)
        {
            Interlocked.Increment(ref _counts[(int)fact.Kind]);
        }

        foreach (var listener in _listeners)
        {
            foreach (var fact in facts)
            {
                listener.Writer.TryWrite(fact);
            }
        }
    }

    /// <summary>Listens from now on.</summary>
    public ChannelReader<TradingFact> Listen()
    {
        var channel = Channel.CreateBounded<TradingFact>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
        ImmutableInterlocked.Update(ref _listeners, listeners => listeners.Add(channel));
        return channel.Reader;
    }
}
