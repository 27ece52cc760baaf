using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <content>The sections of a unit, in the order of the script; each returns how many items it wrote.</content>
internal sealed partial class CommitEncoder
{
    private static int WriteHalts(RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        // One that stands is found for the first commit that names it: a commit alone keeps its own order.
        var scopes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var scope in commits.SelectMany(commit => commit.HaltScopes).Where(scope => commits.Count == 1 || scopes.Add(scope)))
        {
            arguments.Add(scope);
        }

        return commits.Count == 1 ? commits[0].HaltScopes.Length : scopes.Count;
    }

    private int WriteFences(RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var commit in commits)
        {
            if (commit.Fence is { } fence && seen.Add(fence.Group))
            {
                keyBuffer.Add(keys.CounterPrefix, fence.Group);
                arguments.Add(fence.Token);
            }
        }

        return seen.Count;
    }

    private int WriteRemovals(RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var count = 0;
        foreach (var commit in commits)
        {
            foreach (var removal in commit.Removals)
            {
                keyBuffer.Add(served.Named(removal.Key));
                arguments.Add(removal.Payload.Span);
                count++;
            }
        }

        return count;
    }

    private (int Created, int Known) WriteRecords(RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var created = 0;
        foreach (var commit in commits)
        {
            foreach (var record in commit.Records)
            {
                if (record.ExpectedVersion == 0)
                {
                    keyBuffer.Add(keys.RecordPrefix, record.Key);
                    WriteContent(arguments, record);
                    created++;
                }
            }
        }

        var known = 0;
        foreach (var commit in commits)
        {
            foreach (var record in commit.Records)
            {
                if (record.ExpectedVersion != 0)
                {
                    keyBuffer.Add(keys.RecordPrefix, record.Key);
                    arguments.Add(record.ExpectedVersion).Add(checked(record.ExpectedVersion + 1));
                    WriteContent(arguments, record);
                    known++;
                }
            }
        }

        return (created, known);
    }

    private static void WriteContent(RespBuffer arguments, in RecordWrite record)
    {
        if (record.Retention is { } retention)
        {
            arguments.Add((long)Math.Ceiling(retention.TotalMilliseconds));
        }
        else
        {
            arguments.Add(string.Empty);
        }

        arguments.Add(record.Data.Span);
    }

    private int WriteIndexes(RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var indexes = new Grouped<(Commit Commit, IndexWrite Write)>();
        foreach (var commit in commits)
        {
            foreach (var write in commit.Index)
            {
                indexes.Of(write.Index).Add((commit, write));
            }
        }

        foreach (var (name, items) in indexes.All)
        {
            // Of several writes of a field the last one stands.
            var fields = new Dictionary<string, ReadOnlyMemory<byte>?>(items.Count, StringComparer.Ordinal);
            foreach (var (_, write) in items)
            {
                fields[write.Field] = write.Data;
            }

            var set = fields.Count(field => field.Value is not null);
            keyBuffer.Add(keys.IndexPrefix, name).Add(keys.IndexLogPrefix, name);
            arguments.Add(name).Add(Runs(items)).Add(set).Add(fields.Count - set);
            foreach (var (field, data) in fields)
            {
                if (data is { } value)
                {
                    arguments.Add(field).Add(value.Span);
                }
            }

            foreach (var (field, data) in fields)
            {
                if (data is null)
                {
                    arguments.Add(field);
                }
            }
        }

        return indexes.All.Count;
    }

    /// <summary>Commits among the writes, which come one commit after the other.</summary>
    private static int Runs(List<(Commit Commit, IndexWrite Write)> items)
    {
        var count = 1;
        for (var i = 1; i < items.Count; i++)
        {
            count += ReferenceEquals(items[i].Commit, items[i - 1].Commit) ? 0 : 1;
        }

        return count;
    }

    private int WriteCounters(
        RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits,
        IReadOnlyDictionary<(string Group, string Field), Int128> sums)
    {
        var fields = sums.ToLookup(sum => sum.Key.Group, sum => (sum.Key.Field, sum.Value), StringComparer.Ordinal);
        var groups = 0;
        foreach (var (group, rises) in GroupsOf(commits))
        {
            keyBuffer.Add(keys.CounterPrefix, group);
            arguments.Add(group).Add(rises).Add(fields[group].Count());
            foreach (var (field, sum) in fields[group])
            {
                // What is beyond a number of 64 bits is beyond any counter: the script refuses it.
                arguments.Add(field).Add((long)Int128.Clamp(sum, long.MinValue, long.MaxValue));
            }

            groups++;
        }

        return groups;
    }

    private int WriteAppends(RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var lists = new Grouped<ReadOnlyMemory<byte>>();
        var now = UnixMicroseconds(time);
        var count = 0;
        foreach (var append in commits.SelectMany(commit => commit.Appends))
        {
            var route = routes[append.Queue];
            switch (route.Carrier)
            {
                case QueueCarrier.List:
                    lists.Of(route.Target).Add(append.Payload);
                    continue;
                case QueueCarrier.Stream:
                    arguments.Add("S"u8).Add(append.Id).Add(now).Add(RedisKeys.StreamSource).Add(append.Queue);
                    break;
                case QueueCarrier.Channel:
                    arguments.Add("C"u8);
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(commits));
            }

            keyBuffer.Add(route.Target);
            arguments.Add(append.Payload.Span);
            count++;
        }

        foreach (var (target, payloads) in lists.All)
        {
            keyBuffer.Add(target);
            arguments.Add("L"u8).Add(payloads.Count);
            foreach (var payload in payloads)
            {
                arguments.Add(payload.Span);
            }
        }

        return count + lists.All.Count;
    }

    private int WritePushes(RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var lists = new Grouped<ListPush>();
        foreach (var push in commits.SelectMany(commit => commit.Pushes))
        {
            lists.Of(push.Key).Add(push);
        }

        foreach (var (key, pushes) in lists.All)
        {
            // Of more than the list keeps only the newest are sent.
            var kept = Math.Min(pushes.Count, pushes[^1].MaxLength);
            keyBuffer.Add(served.Named(key));
            arguments.Add(pushes[^1].MaxLength - 1).Add(kept);
            foreach (var push in pushes.Skip(pushes.Count - kept))
            {
                arguments.Add(push.Payload.Span);
            }
        }

        return lists.All.Count;
    }

    private static int WriteAudit(RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var count = 0;
        foreach (var commit in commits)
        {
            foreach (var line in commit.Audit)
            {
                arguments.Add(line.Span);
                count++;
            }
        }

        return count;
    }

    private int WriteAcks(RespBuffer keyBuffer, RespBuffer arguments, IReadOnlyList<Commit> commits)
    {
        var streams = new Grouped<string>();
        foreach (var ack in commits.SelectMany(commit => commit.Acks))
        {
            if (Stream(ack) is { } stream)
            {
                streams.Of(stream).Add(ack.EntryId);
            }
        }

        foreach (var (stream, ids) in streams.All)
        {
            keyBuffer.Add(stream);
            arguments.Add(ids.Count);
            foreach (var id in ids)
            {
                arguments.Add(id);
            }
        }

        return streams.All.Count;
    }

    /// <summary>Items by a name, names in the order in which they first came.</summary>
    private sealed class Grouped<T>
    {
        private readonly Dictionary<string, List<T>> _items = new(StringComparer.Ordinal);

        public List<(string Key, List<T> Items)> All { get; } = [];

        public List<T> Of(string key)
        {
            if (!_items.TryGetValue(key, out var items))
            {
                _items[key] = items = [];
                All.Add((key, items));
            }

            return items;
        }
    }
}
