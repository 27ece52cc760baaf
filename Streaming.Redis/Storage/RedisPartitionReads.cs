using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <content>What is read of a partition.</content>
internal sealed partial class RedisPartitionStore
{
    /// <summary>Fields read from the log at once: Redis is not to be held up by one reader.</summary>
    private const int LongestLogRead = 5000;

    /// <summary>A larger index is read in parts.</summary>
    private const int LongestWholeRead = 2000;

    private const int ScanCount = 1000;

    public async ValueTask<StoredRecord?> ReadAsync(string key, CancellationToken cancellation = default) =>
        (await ReadManyAsync([key], cancellation))[0];

    public async ValueTask<StoredRecord?[]> ReadManyAsync(
        IReadOnlyList<string> keys, CancellationToken cancellation = default)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        using var buffer = new RespBuffer();
        foreach (var key in keys)
        {
            buffer.Command(4).Add("HMGET").Add(_keys.RecordPrefix, key).Add(RedisKeys.VersionField)
                .Add(RedisKeys.RecordDataField);
        }

        // A few records belong to a decision under way; many are a restart's or a report's.
        var client = keys.Count <= 16 ? _session.Commits : _session.Reads;
        var replies = await client.CallAsync(buffer, keys.Count, cancellation);
        return Array.ConvertAll(replies, static reply => reply.OrThrow().Items is [{ IsNull: false } version, var data]
            ? new StoredRecord(version.Integer, data.Bytes)
            : null);
    }

    public async ValueTask<IndexSnapshot?> ReadIndexAsync(
        string index, long knownVersion = -1, CancellationToken cancellation = default)
    {
        using var buffer = new RespBuffer();
        if (knownVersion >= 0)
        {
            buffer.Command("HGET", _keys.IndexVersions, index);
            if ((await _session.Reads.CallAsync(buffer, cancellation)).Integer == knownVersion)
            {
                return null;
            }

            buffer.Clear();
        }

        // One transaction, so that the version is that of the fields.
        buffer.Command("MULTI").Command("HGET", _keys.IndexVersions, index);
        buffer.Command(2).Add("HGETALL").Add(_keys.IndexPrefix, index).Command("EXEC");
        var replies = await _session.Reads.CallAsync(buffer, 4, cancellation);
        var done = replies[3].OrThrow().Items;
        var pairs = done[1].OrThrow().Items;
        var fields = new Dictionary<string, ReadOnlyMemory<byte>>(pairs.Length / 2, StringComparer.Ordinal);
        for (var i = 0; i < pairs.Length; i += 2)
        {
            fields[pairs[i].Text] = pairs[i + 1].Bytes;
        }

        return new IndexSnapshot(done[0].OrThrow().Integer, fields);
    }

    public async ValueTask<IndexChanges?> ReadIndexChangesAsync(
        string index, long knownVersion, CancellationToken cancellation = default)
    {
        if (knownVersion < 0)
        {
            return await ReadWholeAsync(index, cancellation);
        }

        var fields = new Dictionary<string, ReadOnlyMemory<byte>?>(StringComparer.Ordinal);
        var reached = knownVersion;
        bool isMore;
        do
        {
            using RespBuffer keys = new(), arguments = new();
            keys.Add(_keys.IndexVersions).Add(_keys.IndexLogPrefix, index).Add(_keys.IndexPrefix, index);
            arguments.Add(index).Add(reached).Add(LongestLogRead);
            var answer = await IndexScripts.ReadChanges.RunAsync(_session.Reads, keys, arguments, cancellation);
            if (answer.Items is [var newest])
            {
                return newest.Integer != reached ? await ReadWholeAsync(index, cancellation)
                    : reached == knownVersion ? null
                    : new IndexChanges(reached, false, fields);
            }

            isMore = IndexScripts.AddTo(fields, answer.Items, out reached);
        }
        while (isMore);
        return new IndexChanges(reached, false, fields);
    }

    /// <summary>
    /// The whole index. A large one is read in parts, so that Redis serves others in between; what changed meanwhile is
    /// read from the log after it.
    /// </summary>
    private async ValueTask<IndexChanges?> ReadWholeAsync(string index, CancellationToken cancellation)
    {
        using var buffer = new RespBuffer();
        buffer.Command("HGET", _keys.IndexVersions, index);
        buffer.Command(2).Add("HLEN").Add(_keys.IndexPrefix, index);
        var begun = await _session.Reads.CallAsync(buffer, 2, cancellation);
        if (begun[1].OrThrow().Integer <= LongestWholeRead)
        {
            return IndexChanges.Whole((await ReadIndexAsync(index, -1, cancellation))!);
        }

        var fields = await ScanAsync(index, (int)begun[1].Integer, cancellation);
        var version = begun[0].OrThrow().Integer;
        if (await ReadIndexChangesAsync(index, version, cancellation) is not { } later)
        {
            return new IndexChanges(version, true, fields);
        }

        if (later.IsWhole)
        {
            return later;
        }

        foreach (var (field, data) in later.Fields)
        {
            if (data is null)
            {
                fields.Remove(field);
            }
            else
            {
                fields[field] = data;
            }
        }

        return new IndexChanges(later.Version, true, fields);
    }

    private async ValueTask<Dictionary<string, ReadOnlyMemory<byte>?>> ScanAsync(
        string index, int size, CancellationToken cancellation)
    {
        var fields = new Dictionary<string, ReadOnlyMemory<byte>?>(size, StringComparer.Ordinal);
        var cursor = "0";
        using var buffer = new RespBuffer();
        do
        {
            buffer.Clear();
            buffer.Command(5).Add("HSCAN").Add(_keys.IndexPrefix, index).Add(cursor).Add("COUNT").Add(ScanCount);
            var part = (await _session.Reads.CallAsync(buffer, cancellation)).Items;
            cursor = part[0].Text;
            var pairs = part[1].OrThrow().Items;
            for (var i = 0; i < pairs.Length; i += 2)
            {
                fields[pairs[i].Text] = pairs[i + 1].Bytes;
            }
        }
        while (cursor != "0");
        return fields;
    }

    public async ValueTask<IReadOnlyDictionary<string, long>> ReadIndexVersionsAsync(CancellationToken cancellation = default)
    {
        using var buffer = new RespBuffer();
        return Numbers((await _session.Reads.CallAsync(
            buffer.Command("HGETALL", _keys.IndexVersions), cancellation)).Items);
    }

    public async ValueTask<CounterSnapshot?> ReadCountersAsync(
        string group, long knownVersion = -1, CancellationToken cancellation = default)
    {
        using var buffer = new RespBuffer();
        buffer.Command(2).Add("HGETALL").Add(_keys.CounterPrefix, group);
        var fields = Numbers((await _session.Reads.CallAsync(buffer, cancellation)).Items);
        fields.Remove(RedisKeys.CounterVersionField, out var version);
        fields.Remove(RedisKeys.FenceField);
        return version == knownVersion ? null : new CounterSnapshot(version, fields);
    }

    public async ValueTask<IReadOnlyList<string>> ReadCounterGroupsAsync(
        string prefix, CancellationToken cancellation = default)
    {
        using var buffer = new RespBuffer();
        var names = (await _session.Reads.CallAsync(
            buffer.Command("SMEMBERS", _keys.CounterGroups), cancellation)).Items;
        return [.. names.Select(name => name.Text)
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public async ValueTask<ControlState> ReadControlAsync(CancellationToken cancellation = default)
    {
        using var buffer = new RespBuffer();
        buffer.Command("MULTI");
        buffer.Command("HMGET", _keys.Control, RedisKeys.ModeField, RedisKeys.ModeVersionField, RedisKeys.ReasonField);
        buffer.Command("HGETALL", _keys.Halts).Command("EXEC");
        var done = (await _session.Reads.CallAsync(buffer, 4, cancellation))[3].OrThrow().Items;
        var control = done[0].OrThrow().Items;
        var pairs = done[1].OrThrow().Items;
        var halts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < pairs.Length; i += 2)
        {
            halts[pairs[i].Text] = pairs[i + 1].Text;
        }

        return new ControlState((int)control[0].Integer, control[1].Integer, control[2].Text, halts);
    }

    private static Dictionary<string, long> Numbers(RespValue[] pairs)
    {
        var numbers = new Dictionary<string, long>(pairs.Length / 2, StringComparer.Ordinal);
        for (var i = 0; i < pairs.Length; i += 2)
        {
            numbers[pairs[i].Text] = pairs[i + 1].Integer;
        }

        return numbers;
    }
}
