using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Queues;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Queues;

namespace TradingEngine.Grains.Queues;

/// <summary>The one reader of a queue that agents take from over HTTP. It keeps nothing: an activation elsewhere begins with what was not acknowledged.</summary>
[GrainType("outlet")]
public sealed class OutletGrain(ITradingStore store) : Grain, IOutletGrain
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private IQueueReader? _reader;

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<OutletMessage>> TakeAsync(int max, TimeSpan wait)
    {
        _reader ??= store.Queues.OpenReader(this.GetPrimaryKeyString());
        var entries = await _reader.ReadAsync(max, wait < LongestWait ? wait : LongestWait);
        return [.. entries.Select(entry => new OutletMessage(entry.Id, entry.Payload, entry.Deliveries))];
    }
}
