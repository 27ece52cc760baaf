using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>
/// Takes from a list of the agents. A blocking move only wakes: what it moved, and what else waits, is drained by one script
/// that takes from the list, gives each message its id in the internal stream and marks it delivered. So at every moment
/// a message is in the list, in the wake list or in the stream, and never in this process alone.
/// </summary>
internal sealed class ListSource(RedisStoreSession session, string key, string stream, TroubleLog trouble) : IQueueSource
{
    private const int MaxEntries = 512;
    private const int MaxBytes = 1024 * 1024;
    private const string BlockSeconds = "1";
    private static readonly TimeSpan BlockLimit = TimeSpan.FromSeconds(1) + RespClient.CommandLimit;
    private static readonly TimeSpan WrongTypeDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>KEYS: control, wake list, source list, stream. ARGV: epoch, group, consumer, most entries, most bytes.</summary>
    private static readonly RedisScript Drain = new($$"""
        {{ControlScripts.Guard}}
        local kind = redis.call('TYPE', KEYS[4]).ok
        if kind ~= 'stream' and kind ~= 'none' then return redis.error_reply('WRONGTYPE key ' .. KEYS[4] .. ' is no stream') end
        local count, bytes, most, limit = 0, 0, tonumber(ARGV[4]), tonumber(ARGV[5])
        for i = 2, 3 do
          if redis.call('TYPE', KEYS[i]).ok == 'list' then
            while count < most and bytes < limit do
              local item = redis.call('RPOP', KEYS[i])
              if not item then break end
              redis.call('XADD', KEYS[4], '*', 'data', item)
              count, bytes = count + 1, bytes + #item
            end
          end
        end
        if count == 0 then return false end
        return redis.call('XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', count, 'STREAMS', KEYS[4], '>')
        """);

    public string Key => key;

    public async Task RunAsync(RespConnection connection, EntryBuffer buffer, CancellationToken cancellation)
    {
        using RespBuffer round = new(), keys = new(), arguments = new();
        keys.Add(session.Keys.Control).Add(session.Keys.Wake(key)).Add(key).Add(stream);
        arguments.Add(session.Epoch).Add(RedisKeys.Group).Add(session.Options.ConsumerName).Add(MaxEntries).Add(MaxBytes);
        await LoadAsync(connection);
        Drain.Write(round, keys, arguments);
        round.Command("BLMOVE", key, session.Keys.Wake(key), "RIGHT", "LEFT", BlockSeconds);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var drain = new RespCall(1, RespClient.CommandLimit, inline: true);
            var move = new RespCall(1, BlockLimit, inline: true);
            connection.Send(round, drain, move);
            var drained = (await drain.Task)[0];
            if (!drained.IsNull && !drained.IsError)
            {
                await buffer.AddAsync(StreamEntries.Read(StreamEntries.OfReply(drained)), cancellation);
            }

            var moved = (await move.Task)[0];
            if (drained.IsErrorOf("NOSCRIPT"))
            {
                await LoadAsync(connection);
            }
            else if (drained.IsError)
            {
                throw new StoreException($"Draining '{key}' failed: {drained.Text}");
            }

            if (moved.IsError)
            {
                trouble.Report(key, moved.Text);
                await Task.Delay(WrongTypeDelay, TimeProvider.System, cancellation);
            }
        }
    }

    private static async Task LoadAsync(RespConnection connection)
    {
        using var load = new RespBuffer();
        Drain.WriteLoad(load);
        var call = new RespCall(1, RespClient.CommandLimit);
        connection.Send(load, call);
        (await call.Task)[0].OrThrow();
    }
}
