using System.Collections.Immutable;

namespace TradingEngine.Grains.Interfaces.Queues;

/// <summary>
/// Hands the messages of a queue to agents outside, one after another whichever silo they ask. Keyed by the queue's name, such as
/// <see cref="StreamNames.Orders"/>. A message is acknowledged by a commit; what is not comes again after the queue's time.
/// </summary>
[GrainInterfaceType("te.outlet"), Alias("te.IOutletGrain")]
public interface IOutletGrain : IGrainWithStringKey
{
    /// <summary>Waits until there is a message, and returns what there is, oldest first; empty when none came.</summary>
    /// <param name="max">Messages at most, 1 or more.</param>
    /// <param name="wait">Longest wait; a second at most, so that others who ask are served too.</param>
    [Alias("Take")]
    Task<ImmutableArray<OutletMessage>> TakeAsync(int max, TimeSpan wait);
}

/// <summary>A message that an agent was given.</summary>
/// <param name="Id">Names it for its acknowledgement; the same at every delivery.</param>
/// <param name="Payload">JSON of the wire.</param>
/// <param name="Deliveries">How often it was given, this time included.</param>
[GenerateSerializer, Immutable, Alias("te.OutletMessage")]
public readonly record struct OutletMessage(
    [property: Id(0)] string Id, [property: Id(1)] ReadOnlyMemory<byte> Payload, [property: Id(2)] int Deliveries);
