using System.Collections.Concurrent;
using TradingEngine.Streaming.Queues;
using TradingEngine.Streaming.Redis.Storage;

namespace TradingEngine.Streaming.Redis.Streams;

/// <summary>The queues of a store.</summary>
internal sealed class RedisQueueStore(RedisStoreSession session) : IQueueStore, IAsyncDisposable
{
    private readonly QueueRoutes _routes = new(session.Options, session.Keys, session.Keys);
    private readonly ConcurrentDictionary<IQueueReader, string> _open = new();

    public async ValueTask PushAsync(
        string queue, IReadOnlyList<ReadOnlyMemory<byte>> payloads, CancellationToken cancellation = default)
    {
        var route = _routes[queue];
        if (payloads.Count == 0)
        {
            return;
        }

        using var commands = new RespBuffer(4096);
        var count = Write(commands, route, payloads);
        var heard = route.Definition.IsRead;
        if (route.Carrier == QueueCarrier.Channel)
        {
            // A message that nobody here hears is never acknowledged here either.
            var reader = _open.Where(open => open.Value == queue).Select(open => open.Key).OfType<ChannelQueueReader>()
                .FirstOrDefault();
            heard &= reader is not null;
            await (reader?.WhenHeardAsync(cancellation) ?? Task.CompletedTask);
        }

        var replies = await session.Commits.CallAsync(commands, count, cancellation, all =>
        {
            if (heard && !Array.Exists(all, reply => reply.IsError))
            {
                session.Activity.Add(payloads.Count);
            }
        });
        foreach (var reply in replies)
        {
            reply.OrThrow();
        }
    }

    public IQueueReader OpenReader(string queue)
    {
        var route = _routes[queue];
        if (!route.Definition.IsRead)
        {
            throw new ArgumentException($"Queue '{queue}' is not one the engine reads.", nameof(queue));
        }

        // Throws, before any work starts, when the store is not open.
        _ = session.Epoch;
        IQueueReader reader = route.Carrier == QueueCarrier.Channel
            ? new ChannelQueueReader(session, route.Target, route.Definition.SubjectOf, closed => _open.TryRemove(closed, out _))
            : new RedisQueueReader(session, route, closed => _open.TryRemove(closed, out _));
        _open[reader] = queue;
        return reader;
    }

    /// <summary>A queue that agents read is a stream they acknowledge in groups of their own; lists shrink by being read.</summary>
    public async ValueTask TrimAsync(string queue, CancellationToken cancellation = default)
    {
        var route = _routes[queue];
        if (route.Carrier == QueueCarrier.Stream && !route.Definition.IsRead)
        {
            using RespBuffer keys = new(), arguments = new();
            keys.Add(session.Keys.Control).Add(route.Stream);
            await ControlScripts.TrimAcknowledged.RunAsync(
                session.Reads, keys, arguments.Add(session.Epoch), cancellation);
        }
    }

    /// <summary>Waiting messages by queue: in the agents' lists and in flight. Nothing waits in a channel.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ReadDepthsAsync(CancellationToken cancellation)
    {
        using var commands = new RespBuffer();
        var owners = new List<string>();
        foreach (var route in _routes.All)
        {
            if (route.Carrier == QueueCarrier.List)
            {
                foreach (var key in route.Lists)
                {
                    commands.Command("LLEN", key).Command("LLEN", session.Keys.Wake(key));
                    owners.Add(route.Definition.Name);
                    owners.Add(route.Definition.Name);
                }
            }

            if (route.Carrier != QueueCarrier.Channel)
            {
                commands.Command("XLEN", route.Stream);
                owners.Add(route.Definition.Name);
            }
        }

        var depths = _routes.All.ToDictionary(route => route.Definition.Name, _ => 0L, StringComparer.Ordinal);
        if (owners.Count > 0)
        {
            var replies = await session.Reads.CallAsync(commands, owners.Count, cancellation);
            for (var i = 0; i < replies.Length; i++)
            {
                // A key of another type holds no messages; the reader says so.
                depths[owners[i]] += replies[i].IsError ? 0 : replies[i].Integer;
            }
        }

        return depths;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _open.Keys)
        {
            await reader.DisposeAsync();
        }
    }

    private int Write(RespBuffer commands, QueueRoute route, IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        if (route.Carrier == QueueCarrier.List)
        {
            commands.Command(2 + payloads.Count).Add("LPUSH").Add(route.Target);
            foreach (var payload in payloads)
            {
                commands.Add(payload.Span);
            }

            return 1;
        }

        var now = CommitEncoder.UnixMicroseconds(session.Time);
        foreach (var payload in payloads)
        {
            if (route.Carrier == QueueCarrier.Channel)
            {
                commands.Command(3).Add("PUBLISH").Add(route.Target).Add(payload.Span);
                continue;
            }

            commands.Command(11).Add("XADD").Add(route.Target).Add("*").Add("v").Add(RedisKeys.StreamVersion)
                .Add("ts").Add(now).Add("type").Add(route.Definition.Name).Add(RedisKeys.DataField).Add(payload.Span);
        }

        return payloads.Count;
    }
}
