using System.Collections.Immutable;
using System.Threading.Channels;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Grains.Hosting;

/// <summary>Hands committed facts to whoever listens in this silo. A listener that falls behind loses the oldest. Thread-safe.</summary>
public sealed class FactHub
{
    private const int Capacity = 4096;

    private ImmutableArray<Channel<TradingFact>> _listeners = [];

    /// <summary>Tells every listener.</summary>
    public void Publish(ImmutableArray<TradingFact> facts)
    {
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
