using Orleans.Runtime.Providers;

namespace TradingEngine.Streaming.Streams;

/// <summary>
/// Pause before an event is offered again to a grain that could not be reached. Orleans waits for a second and more; but the
/// grain of a silo that was voted out is elsewhere at the next call, and a signal waits for it meanwhile.
/// </summary>
internal sealed class DeliveryPause : IMessageDeliveryBackoffProvider
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private const int MostDoublings = 4;

    /// <summary>20 ms, then twice as long each time, up to 320 ms.</summary>
    public TimeSpan Next(int attempt) => First * (1 << Math.Clamp(attempt, 0, MostDoublings));
}
