using System.Text.RegularExpressions;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Writes a commit as a call of <see cref="CommitScript.Commit"/> and reads the answer. Refuses, before anything is sent,
/// what the script could not carry out whole.
/// </summary>
internal sealed partial class CommitEncoder(RedisKeys keys, QueueRoutes routes, TimeProvider time)
{
    /// <summary>Lua passes the scopes as one argument list, whose length it bounds.</summary>
    private const int MaxScopes = 1000;

    public void Write(RespBuffer target, RespBuffer keyBuffer, RespBuffer arguments, Commit commit, string epoch)
    {
        keyBuffer.Clear();
        arguments.Clear();
        if (commit.HaltScopes.Length > MaxScopes)
        {
            throw new ArgumentException($"A commit names at most {MaxScopes} halt scopes.", nameof(commit));
        }

        var indexes = Distinct(commit.Index, static write => write.Index);
        var groups = Distinct(commit.Counters, static delta => delta.Group);
        var acks = 0;
        foreach (var ack in commit.Acks)
        {
            acks += Stream(ack) is null ? 0 : 1;
        }

        keyBuffer.Add(keys.Control).Add(keys.Halts).Add(keys.IndexVersions).Add(keys.CounterGroups).Add(keys.Audit);
        arguments.Add(epoch).Add(commit.AllowedModes).Add(commit.HaltScopes.Length);
        _ = commit.Fence is { } fence ? arguments.Add(fence.Token) : arguments.Add(string.Empty);
        arguments.Add(commit.Records.Length).Add(commit.Index.Length).Add(indexes.Count).Add(groups.Count)
            .Add(commit.Appends.Length).Add(commit.Pushes.Length).Add(commit.Audit.Length).Add(acks).Add(commit.Removals.Length);
        foreach (var scope in commit.HaltScopes)
        {
            arguments.Add(scope);
        }

        if (commit.Fence is { } fenced)
        {
            keyBuffer.Add(keys.CounterPrefix, fenced.Group);
        }

        foreach (var removal in commit.Removals)
        {
            keyBuffer.Add(removal.Key);
            arguments.Add(removal.Payload.Span);
        }

        WriteRecords(keyBuffer, arguments, commit);
        WriteIndex(keyBuffer, arguments, commit, indexes);
        WriteCounters(keyBuffer, arguments, commit, groups);
        WriteAppends(keyBuffer, arguments, commit);
        foreach (var push in commit.Pushes)
        {
            WritePush(keyBuffer, arguments, push);
        }

        foreach (var line in commit.Audit)
        {
            arguments.Add(line.Span);
        }

        foreach (var ack in commit.Acks)
        {
            WriteAck(keyBuffer, arguments, ack);
        }

        CommitScript.Commit.Write(target, keyBuffer, arguments);
    }

    /// <summary>Writes a push as the scripts read it: its key, last index kept, payload.</summary>
    public static void WritePush(RespBuffer keyBuffer, RespBuffer arguments, in ListPush push)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(push.MaxLength, 1, nameof(push));
        keyBuffer.Add(push.Key);
        arguments.Add(push.MaxLength - 1).Add(push.Payload.Span);
    }

    /// <summary>Writes an acknowledgement as the scripts read it; false for an entry that Redis does not hold.</summary>
    public bool WriteAck(RespBuffer keyBuffer, RespBuffer arguments, in QueueAck ack)
    {
        if (Stream(ack) is not { } stream)
        {
            return false;
        }

        keyBuffer.Add(stream);
        arguments.Add(RedisKeys.Group).Add(ack.EntryId);
        return true;
    }

    /// <summary>Stream that holds the entry; null for a channel's, which nothing holds.</summary>
    public string? Stream(in QueueAck ack)
    {
        var route = routes[ack.Queue];
        if (route.Carrier == QueueCarrier.Channel)
        {
            return null;
        }

        return route.Definition.IsRead && EntryId().IsMatch(ack.EntryId)
            ? route.Stream
            : throw new ArgumentException($"'{ack.EntryId}' is no entry that was read from queue '{ack.Queue}'.", nameof(ack));
    }

    /// <summary>Appends to queues that are read inside the engine.</summary>
    public int CountRead(Commit commit)
    {
        var count = 0;
        foreach (var append in commit.Appends)
        {
            count += routes[append.Queue].Definition.IsRead ? 1 : 0;
        }

        return count;
    }

    private static List<string> Distinct<T>(System.Collections.Immutable.ImmutableArray<T> items, Func<T, string> name)
    {
        var names = new List<string>();
        foreach (var item in items)
        {
            if (!names.Contains(name(item)))
            {
                names.Add(name(item));
            }
        }

        return names;
    }

    private void WriteRecords(RespBuffer keyBuffer, RespBuffer arguments, Commit commit)
    {
        foreach (var record in commit.Records)
        {
            keyBuffer.Add(keys.RecordPrefix, record.Key);
            arguments.Add(record.ExpectedVersion).Add(checked(record.ExpectedVersion + 1));
            if (record.Retention is { } retention)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero, nameof(commit));
                arguments.Add((long)Math.Ceiling(retention.TotalMilliseconds));
            }
            else
            {
                arguments.Add(string.Empty);
            }

            arguments.Add(record.Data.Span);
        }
    }

    private void WriteIndex(RespBuffer keyBuffer, RespBuffer arguments, Commit commit, List<string> indexes)
    {
        foreach (var write in commit.Index)
        {
            keyBuffer.Add(keys.IndexPrefix, write.Index);
            arguments.Add(write.Data is null ? "D"u8 : "S"u8).Add(write.Field).Add(write.Data.GetValueOrDefault().Span)
                .Add(indexes.IndexOf(write.Index) + 1);
        }

        foreach (var index in indexes)
        {
            keyBuffer.Add(keys.IndexPrefix, index);
            arguments.Add(index);
        }

        foreach (var index in indexes)
        {
            keyBuffer.Add(keys.IndexLogPrefix, index);
        }
    }

    private void WriteCounters(RespBuffer keyBuffer, RespBuffer arguments, Commit commit, List<string> groups)
    {
        foreach (var group in groups)
        {
            keyBuffer.Add(keys.CounterPrefix, group);
            arguments.Add(group).Add(commit.Counters.Count(delta => delta.Group == group));
            foreach (var delta in commit.Counters)
            {
                if (delta.Group != group)
                {
                    continue;
                }

                if (delta.Field is RedisKeys.CounterVersionField or RedisKeys.FenceField)
                {
                    throw new ArgumentException($"Counter field '{delta.Field}' is the store's own.", nameof(commit));
                }

                arguments.Add(delta.Field).Add(delta.Delta);
            }
        }
    }

    private void WriteAppends(RespBuffer keyBuffer, RespBuffer arguments, Commit commit)
    {
        if (commit.Appends.IsEmpty)
        {
            return;
        }

        var now = UnixMicroseconds(time);
        foreach (var append in commit.Appends)
        {
            var route = routes[append.Queue];
            keyBuffer.Add(route.Target);
            arguments.Add(route.Carrier switch
            {
                QueueCarrier.List => "L"u8,
                QueueCarrier.Stream => "S"u8,
                QueueCarrier.Channel => "C"u8,
                _ => throw new ArgumentOutOfRangeException(nameof(commit)),
            });
            arguments.Add(append.Id).Add(now).Add(RedisKeys.StreamSource).Add(append.Queue).Add(append.Payload.Span);
        }
    }

    /// <summary>The time of the engine in the unit of the streams.</summary>
    public static long UnixMicroseconds(TimeProvider time) =>
        (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [GeneratedRegex(@"^[0-9]{1,19}-[0-9]{1,19}\z")]
    private static partial Regex EntryId();
}
