using System.Text.RegularExpressions;
using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Writes commits, put together to one unit, as <see cref="CommitScript.Commit"/> reads them. Refuses, before anything is sent,
/// what the script could not carry out whole.
/// </summary>
/// <param name="keys">Keys of the partition whose state is written.</param>
/// <param name="served">Keys of the partition whose lists agents and people read.</param>
/// <param name="routes">Where messages go and are acknowledged.</param>
/// <param name="time">The time messages carry.</param>
internal sealed partial class CommitEncoder(RedisKeys keys, RedisKeys served, QueueRoutes routes, TimeProvider time)
{
    /// <summary>What a commit takes on the wire beside its payloads, about.</summary>
    private const int Overhead = 512;

    /// <summary>Looks a commit through.</summary>
    /// <exception cref="ArgumentException">It cannot be carried out.</exception>
    public CommitMeasure Measure(Commit commit)
    {
        var size = Overhead;
        for (var i = 0; i < commit.Records.Length; i++)
        {
            var record = commit.Records[i];
            if (record.Retention is { } retention)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(retention, TimeSpan.Zero, nameof(commit));
            }

            for (var earlier = 0; earlier < i; earlier++)
            {
                if (commit.Records[earlier].Key == record.Key)
                {
                    throw new ArgumentException($"A commit writes a record once, and '{record.Key}' is in it twice.", nameof(commit));
                }
            }

            size += record.Data.Length;
        }

        foreach (var write in commit.Index)
        {
            size += write.Data.GetValueOrDefault().Length;
        }

        foreach (var delta in commit.Counters)
        {
            if (delta.Field is RedisKeys.CounterVersionField or RedisKeys.FenceField)
            {
                throw new ArgumentException($"Counter field '{delta.Field}' is the store's own.", nameof(commit));
            }
        }

        var activity = 0;
        foreach (var append in commit.Appends)
        {
            activity += routes[append.Queue].Definition.IsRead ? 1 : 0;
            size += append.Payload.Length;
        }

        foreach (var push in commit.Pushes)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(push.MaxLength, 1, nameof(commit));
            size += push.Payload.Length;
        }

        foreach (var line in commit.Audit)
        {
            size += line.Length;
        }

        foreach (var ack in commit.Acks)
        {
            activity -= Stream(ack) is null ? 1 : 0;
        }

        return new CommitMeasure(size, activity);
    }

    /// <summary>Writes the keys and arguments of a unit.</summary>
    /// <param name="keyBuffer">Takes the keys.</param>
    /// <param name="arguments">Takes the arguments.</param>
    /// <param name="epoch">Epoch of the store that was opened.</param>
    /// <param name="commits">What was looked through, and fits together.</param>
    /// <param name="sums">What is added to each counter in all.</param>
    public void Write(
        RespBuffer keyBuffer, RespBuffer arguments, string epoch, IReadOnlyList<Commit> commits,
        IReadOnlyDictionary<(string Group, string Field), Int128> sums)
    {
        keyBuffer.Add(keys.Control).Add(keys.Halts).Add(keys.IndexVersions).Add(keys.CounterGroups).Add(keys.Audit);
        arguments.Add(epoch).Add(RedisKeys.Group);
        var header = arguments.AddHole(CommitScript.HeaderNumbers * sizeof(int));
        var modes = commits.Aggregate(~0, (all, commit) => all & commit.AllowedModes);
        var halts = WriteHalts(arguments, commits);
        var fences = WriteFences(keyBuffer, arguments, commits);
        var removals = WriteRemovals(keyBuffer, arguments, commits);
        var (created, known) = WriteRecords(keyBuffer, arguments, commits);
        var indexes = WriteIndexes(keyBuffer, arguments, commits);
        var groups = WriteCounters(keyBuffer, arguments, commits, sums);
        var appends = WriteAppends(keyBuffer, arguments, commits);
        var pushes = WritePushes(keyBuffer, arguments, commits);
        var lines = WriteAudit(arguments, commits);
        var streams = WriteAcks(keyBuffer, arguments, commits);
        arguments.FillHole(header,
            [modes, halts, fences, removals, created, known, indexes, groups, appends, pushes, lines, streams]);
    }

    /// <summary>Records in the order the script looks at them: those that must not be there first.</summary>
    public static IEnumerable<RecordWrite> InOrder(IEnumerable<RecordWrite> records) =>
        records.OrderBy(record => record.ExpectedVersion == 0 ? 0 : 1);

    /// <summary>Counter groups in the order of first appearance, with the number of commits that touch each.</summary>
    public static IEnumerable<KeyValuePair<string, int>> GroupsOf(IEnumerable<Commit> commits)
    {
        var groups = new Grouped<string>();
        foreach (var commit in commits)
        {
            foreach (var group in commit.Counters.Select(delta => delta.Group).Distinct(StringComparer.Ordinal))
            {
                groups.Of(group).Add(group);
            }
        }

        return groups.All.Select(group => KeyValuePair.Create(group.Key, group.Items.Count));
    }

    /// <summary>Writes a push as the control scripts read it: its key, last index kept, payload.</summary>
    public void WritePush(RespBuffer keyBuffer, RespBuffer arguments, in ListPush push)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(push.MaxLength, 1, nameof(push));
        keyBuffer.Add(served.Named(push.Key));
        arguments.Add(push.MaxLength - 1).Add(push.Payload.Span);
    }

    /// <summary>Writes an acknowledgement as the control scripts read it; false for an entry that Redis does not hold.</summary>
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

    /// <summary>The time of the engine in the unit of the streams.</summary>
    public static long UnixMicroseconds(TimeProvider time) =>
        (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [GeneratedRegex(@"^[0-9]{1,19}-[0-9]{1,19}\z")]
    private static partial Regex EntryId();
}

/// <summary>What was found when a commit was looked through.</summary>
/// <param name="Size">About how many bytes it takes on the wire.</param>
/// <param name="Activity">Messages it appends to queues that are read inside the engine, less those it answers that Redis does not hold.</param>
internal readonly record struct CommitMeasure(int Size, int Activity);
