using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>Takes from a stream that agents write to.</summary>
internal sealed class StreamSource(RedisStoreSession session, string stream) : IQueueSource
{
    private const string MaxEntries = "512";
    private const string BlockMilliseconds = "1000";
    private static readonly TimeSpan BlockLimit = TimeSpan.FromSeconds(1) + RespClient.CommandLimit;

    public string Key => stream;

    public async Task RunAsync(RespConnection connection, EntryBuffer buffer, CancellationToken cancellation)
    {
        using var read = new RespBuffer();
        read.Command("XREADGROUP", "GROUP", RedisKeys.Group, session.Options.ConsumerName, "COUNT", MaxEntries,
            "BLOCK", BlockMilliseconds, "STREAMS", stream, ">");
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var call = new RespCall(1, BlockLimit, inline: true);
            connection.Send(read, call);
            var entries = StreamEntries.OfReply((await call.Task)[0]);
            if (entries.Length > 0)
            {
                await buffer.AddAsync(StreamEntries.Read(entries), cancellation);
            }
        }
    }
}
