using System.Globalization;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>Finds what was delivered and never acknowledged.</summary>
internal sealed class PendingEntries(RedisStoreSession session, string stream, TimeSpan redeliverAfter)
{
    private const int Page = 256;

    /// <summary>Bound on the pages of one look for entries to deliver again; the next look goes on.</summary>
    private const int MaxPages = 64;

    /// <summary>Puts all entries pending for this consumer into the buffer, and those that nobody was ever given, in order.</summary>
    public async Task RecoverAsync(RespConnection connection, EntryBuffer buffer, CancellationToken cancellation)
    {
        await EnsureGroupAsync(cancellation);
        var consumer = session.Options.ConsumerName;
        var page = Page.ToString(CultureInfo.InvariantCulture);
        using var commands = new RespBuffer();
        for (var last = "0-0"; ;)
        {
            commands.Clear();
            commands.Command("XREADGROUP", "GROUP", RedisKeys.Group, consumer, "COUNT", page, "STREAMS", stream, last)
                .Command("XPENDING", stream, RedisKeys.Group, "(" + last, "+", page, consumer);
            var call = new RespCall(2, RespClient.CommandLimit);
            connection.Send(commands, call);
            var replies = await call.Task;
            var entries = StreamEntries.OfReply(replies[0]);
            if (entries.Length == 0)
            {
                break;
            }

            last = entries[^1].Items[0].Text;
            await buffer.AddAsync(Counted(entries, replies[1]), cancellation);
            await ForgetDeletedAsync(entries, cancellation);
        }

        for (var more = true; more;)
        {
            commands.Clear();
            commands.Command("XREADGROUP", "GROUP", RedisKeys.Group, consumer, "COUNT", page, "STREAMS", stream, ">");
            var call = new RespCall(1, RespClient.CommandLimit);
            connection.Send(commands, call);
            var entries = StreamEntries.OfReply((await call.Task)[0]);
            await buffer.AddAsync(StreamEntries.Read(entries), cancellation);
            more = entries.Length > 0;
        }
    }

    /// <summary>Puts entries of any consumer that were not acknowledged in time into the buffer, once more.</summary>
    public async Task RedeliverAsync(EntryBuffer buffer, CancellationToken cancellation)
    {
        var idle = ((long)redeliverAfter.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        using var command = new RespBuffer();
        var from = "-";
        for (var i = 0; i < MaxPages; i++)
        {
            command.Clear();
            command.Command("XPENDING", stream, RedisKeys.Group, "IDLE", idle, from, "+",
                Page.ToString(CultureInfo.InvariantCulture));
            var found = (await session.Reads.CallAsync(command, cancellation)).Items;
            var late = found.Where(item => !buffer.Holds(item.Items[0].Text)).ToArray();
            if (late.Length > 0)
            {
                command.Clear();
                command.Command(5 + late.Length).Add("XCLAIM").Add(stream).Add(RedisKeys.Group)
                    .Add(session.Options.ConsumerName).Add(idle);
                foreach (var item in late)
                {
                    command.Add(item.Items[0].Bytes);
                }

                var claimed = (await session.Reads.CallAsync(command, cancellation)).Items;
                var before = late.ToDictionary(item => item.Items[0].Text, item => (int)item.Items[3].Integer);
                await buffer.AddAsync(
                    [.. StreamEntries.Read(claimed).Select(entry => entry with { Deliveries = before[entry.Id] + 1 })],
                    cancellation);
            }

            if (found.Length < Page)
            {
                return;
            }

            from = "(" + found[^1].Items[0].Text;
        }
    }

    private static List<QueueEntry> Counted(RespValue[] entries, in RespValue pending)
    {
        var deliveries = pending.OrThrow().Items.ToDictionary(item => item.Items[0].Text, item => (int)item.Items[3].Integer);
        return StreamEntries.Read(entries)
            .ConvertAll(entry => entry with { Deliveries = deliveries.GetValueOrDefault(entry.Id, 1) });
    }

    private async Task EnsureGroupAsync(CancellationToken cancellation)
    {
        using RespBuffer keys = new(), arguments = new();
        keys.Add(session.Keys.Control).Add(stream);
        arguments.Add(session.Epoch).Add(RedisKeys.Group);
        await ControlScripts.EnsureGroup.RunAsync(session.Reads, keys, arguments, cancellation);
    }

    /// <summary>An entry that somebody deleted by hand stays pending without content: it would be looked at for ever.</summary>
    private async Task ForgetDeletedAsync(RespValue[] entries, CancellationToken cancellation)
    {
        foreach (var entry in entries.Where(entry => entry.Items is [_, { IsNull: true }]))
        {
            using var ack = new RespBuffer();
            ack.Command("XACK", stream, RedisKeys.Group, entry.Items[0].Text);
            await session.Reads.CallAsync(ack, cancellation);
        }
    }
}
