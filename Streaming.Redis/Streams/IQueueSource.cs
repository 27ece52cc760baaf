using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>Takes new entries from one key over a connection of its own, until that breaks.</summary>
internal interface IQueueSource
{
    /// <summary>The key it takes from, for logs.</summary>
    string Key { get; }

    /// <summary>Fills <paramref name="buffer"/> until cancelled, or until something fails.</summary>
    Task RunAsync(RespConnection connection, EntryBuffer buffer, CancellationToken cancellation);
}
