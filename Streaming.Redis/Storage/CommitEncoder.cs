using System.Text.RegularExpressions;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Writes commits as <see cref="CommitScript.Commit"/> reads them. Refuses, before anything is sent, what the script could not
/// carry out whole.
/// </summary>
internal sealed partial class CommitEncoder(RedisKeys keys, QueueRoutes routes, TimeProvider time)
{
    /// <summary>Lua passes the scopes as one argument list, whose length it bounds.</summary>
    private const int MaxScopes = 1000;

    /// <summary>Appends the commit's keys and arguments to those of the ones before it.</summary>
    public EncodedCommit Write(RespBuffer keyBuffer, RespBuffer arguments, Commit commit)
    {
        if (commit.HaltScopes.Length > MaxScopes)
        {
            throw new ArgumentException($"A commit names at most {MaxScopes} halt scopes.", nameof(commit));
        }

        var (keyStart, keysBefore) = (keyBuffer.Length, keyBuffer.Arguments);
        var (argumentStart, argumentsBefore) = (arguments.Length, arguments.Arguments);
        var header = arguments.AddHole(CommitScript.HeaderNumbers * sizeof(int));
        foreach (var scope in commit.HaltScopes)
        {
            arguments.Add(scope);
        }

        if (commit.Fence is { } fence)
        {
            keyBuffer.Add(keys.CounterPrefix, fence.Group);
            arguments.Add(fence.Token);
        }

        foreach (var removal in commit.Removals)
        {
            keyBuffer.Add(removal.Key);
            arguments.Add(removal.Payload.Span);
        }

        WriteRecords(keyBuffer, arguments, commit);
        var indexes = WriteIndex(keyBuffer, arguments, commit);
        var groups = WriteCounters(keyBuffer, arguments, commit, out var hasTwice);
        WriteAppends(keyBuffer, arguments, commit);
        foreach (var push in commit.Pushes)
        {
            WritePush(keyBuffer, arguments, push);
        }

        foreach (var line in commit.Audit)
        {
            arguments.Add(line.Span);
        }

        var acks = 0;
        foreach (var ack in commit.Acks)
        {
            if (Stream(ack) is { } stream)
            {
                keyBuffer.Add(stream);
                arguments.Add(ack.EntryId);
                acks++;
            }
        }

        var (keyCount, argumentCount) = (keyBuffer.Arguments - keysBefore, arguments.Arguments - argumentsBefore);
        ReadOnlySpan<int> numbers =
        [
            commit.AllowedModes, keyCount, argumentCount, commit.HaltScopes.Length, commit.Fence is null ? 0 : 1,
            commit.Records.Length, commit.Index.Length, indexes, groups, commit.Appends.Length, commit.Pushes.Length,
            commit.Audit.Length, acks, commit.Removals.Length,
        ];
        arguments.FillHole(header, numbers);
        return new EncodedCommit(
            keyStart..keyBuffer.Length, keyCount, argumentStart..arguments.Length, argumentCount,
            hasTwice || commit.Removals.Length > 0, CountRead(commit), commit.Acks.Length - acks);
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

    private int WriteIndex(RespBuffer keyBuffer, RespBuffer arguments, Commit commit)
    {
        if (commit.Index.IsEmpty)
        {
            return 0;
        }

        var indexes = new List<string>(1);
        foreach (var write in commit.Index)
        {
            if (!indexes.Contains(write.Index))
            {
                indexes.Add(write.Index);
                keyBuffer.Add(keys.IndexPrefix, write.Index).Add(keys.IndexLogPrefix, write.Index);
                arguments.Add(write.Index);
            }
        }

        foreach (var write in commit.Index)
        {
            arguments.Add(write.Data is null ? "D"u8 : "S"u8).Add(write.Field).Add(write.Data.GetValueOrDefault().Span)
                .Add(indexes.IndexOf(write.Index) + 1);
        }

        return indexes.Count;
    }

    private int WriteCounters(RespBuffer keyBuffer, RespBuffer arguments, Commit commit, out bool hasTwice)
    {
        hasTwice = false;
        var groups = 0;
        var counters = commit.Counters.AsSpan();
        for (var first = 0; first < counters.Length; first++)
        {
            var group = counters[first].Group;
            if (CountOf(counters[..first], group) > 0)
            {
                continue;
            }

            groups++;
            keyBuffer.Add(keys.CounterPrefix, group);
            arguments.Add(group).Add(CountOf(counters[first..], group));
            for (var i = first; i < counters.Length; i++)
            {
                var delta = counters[i];
                if (delta.Group != group)
                {
                    continue;
                }

                if (delta.Field is RedisKeys.CounterVersionField or RedisKeys.FenceField)
                {
                    throw new ArgumentException($"Counter field '{delta.Field}' is the store's own.", nameof(commit));
                }

                for (var before = first; before < i && !hasTwice; before++)
                {
                    hasTwice = counters[before].Field == delta.Field && counters[before].Group == group;
                }

                arguments.Add(delta.Field).Add(delta.Delta);
            }
        }

        return groups;
    }

    private static int CountOf(ReadOnlySpan<CounterDelta> counters, string group)
    {
        var count = 0;
        foreach (ref readonly var delta in counters)
        {
            count += delta.Group == group ? 1 : 0;
        }

        return count;
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
            if (route.Carrier == QueueCarrier.Stream)
            {
                arguments.Add(append.Id).Add(now).Add(RedisKeys.StreamSource).Add(append.Queue);
            }

            arguments.Add(append.Payload.Span);
        }
    }

    /// <summary>The time of the engine in the unit of the streams.</summary>
    public static long UnixMicroseconds(TimeProvider time) =>
        (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [GeneratedRegex(@"^[0-9]{1,19}-[0-9]{1,19}\z")]
    private static partial Regex EntryId();
}

/// <summary>Where a commit stands in the buffers it was written to.</summary>
/// <param name="Keys">Its keys' bytes.</param>
/// <param name="KeyCount">Number of keys.</param>
/// <param name="Arguments">Its arguments' bytes.</param>
/// <param name="ArgumentCount">Number of arguments.</param>
/// <param name="IsAlone">Whether it must have the script's call to itself.</param>
/// <param name="Read">Messages it appends to queues that are read inside the engine.</param>
/// <param name="FromChannels">Messages it answers that Redis does not hold.</param>
internal readonly record struct EncodedCommit(
    Range Keys, int KeyCount, Range Arguments, int ArgumentCount, bool IsAlone, int Read, int FromChannels)
{
    /// <summary>Bytes of keys and arguments.</summary>
    public int Size => Keys.End.Value - Keys.Start.Value + Arguments.End.Value - Arguments.Start.Value;
}
