using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Commits;
using TradingEngine.Streaming.Sqlite.Data;
using TradingEngine.Streaming.Sqlite.Queues;

namespace TradingEngine.Streaming.Sqlite;

/// <summary>One partition: rows that carry its name.</summary>
internal sealed class SqlitePartition(string name, QueueSet queues, ReadPool reads, Writer writer, TimeProvider time)
    : IPartitionStore
{
    /// <summary>Modes are bits of <see cref="Commit.AllowedModes"/>.</summary>
    private const int HighestMode = 31;

    public string Partition => name;

    public async ValueTask<CommitResult[]> CommitAsync(
        IReadOnlyList<Commit> commits, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(commits);
        if (commits.Count == 0)
        {
            return [];
        }

        foreach (var commit in commits)
        {
            CommitCheck.ThrowIfMalformed(commit, queues);
        }

        return await writer.RunAsync(
            session =>
            {
                var results = new CommitResult[commits.Count];
                for (var i = 0; i < results.Length; i++)
                {
                    results[i] = CommitExecutor.Execute(session, name, commits[i]);
                }

                return results;
            },
            cancellation,
            commits.Count);
    }

    public ValueTask<StoredRecord?> ReadAsync(string key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var now = Now();
        return ValueTask.FromResult(reads.Read(database => ReadRecord(database, key, now)));
    }

    public ValueTask<StoredRecord?[]> ReadManyAsync(
        IReadOnlyList<string> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var now = Now();
        return ValueTask.FromResult(reads.Read(
            database => keys.Select(key => ReadRecord(database, key, now)).ToArray()));
    }

    public async ValueTask<IndexSnapshot?> ReadIndexAsync(
        string index, long knownVersion = -1, CancellationToken cancellation = default) =>

        // An index may hold a hundred thousand fields: that much reading must not hold up the caller's scheduler.
        await Task.Run(() => reads.Read(database => PartitionReads.Index(database, name, index, knownVersion)), cancellation);

    public async ValueTask<IndexChanges?> ReadIndexChangesAsync(
        string index, long knownVersion, CancellationToken cancellation = default) =>
        await Task.Run(() => reads.Read(database => PartitionReads.Changes(database, name, index, knownVersion)), cancellation);

    public ValueTask<IReadOnlyDictionary<string, long>> ReadIndexVersionsAsync(CancellationToken cancellation = default) =>
        ValueTask.FromResult(reads.Read(database => PartitionReads.IndexVersions(database, name)));

    public ValueTask<CounterSnapshot?> ReadCountersAsync(
        string group, long knownVersion = -1, CancellationToken cancellation = default) =>
        ValueTask.FromResult(reads.Read(database => PartitionReads.Counters(database, name, group, knownVersion)));

    public ValueTask<IReadOnlyList<string>> ReadCounterGroupsAsync(
        string prefix, CancellationToken cancellation = default) =>
        ValueTask.FromResult(reads.Read(database => PartitionReads.CounterGroups(database, name, prefix)));

    public ValueTask<ControlState> ReadControlAsync(CancellationToken cancellation = default) =>
        ValueTask.FromResult(reads.Read(database => PartitionReads.Control(database, name)));

    public async ValueTask<long> RaiseFenceAsync(string group, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        return await writer.RunAsync(
            session => session.Database.Sql("""
                INSERT INTO fence(partition, name, token) VALUES(?, ?, 1)
                ON CONFLICT DO UPDATE SET token=token+1 RETURNING token
                """)
                .Bind(name).Bind(group).Returning(),
            cancellation);
    }

    public async ValueTask<bool> SetModeAsync(long expectedVersion, int mode, string reason,
        IReadOnlyList<ListPush> pushes, IReadOnlyList<QueueAck> acks, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mode, HighestMode);
        ArgumentNullException.ThrowIfNull(reason);
        CommitCheck.ThrowIfMalformed(new Commit { Pushes = [.. pushes], Acks = [.. acks] }, queues);
        return await writer.RunAsync(
            session =>
            {
                var version = session.Database.Sql("SELECT version FROM control WHERE partition=?").Bind(name).Scalar() ?? 0;
                if (version != expectedVersion)
                {
                    return false;
                }

                session.Database.Sql("INSERT OR REPLACE INTO control(partition, mode, version, reason) VALUES(?, ?, ?, ?)")
                    .Bind(name).Bind(mode).Bind(version + 1).Bind(reason).Run();
                foreach (var push in pushes)
                {
                    session.Push(push);
                }

                foreach (var ack in acks)
                {
                    session.Acknowledge(ack);
                }

                return true;
            },
            cancellation);
    }

    public async ValueTask<bool> ReplaceHaltAsync(
        string scope, string? expected, string? text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return await writer.RunAsync(
            session =>
            {
                if (PartitionReads.Halt(session.Database, name, scope) != expected)
                {
                    return false;
                }

                var statement = text is null
                    ? session.Database.Sql("DELETE FROM halt WHERE partition=? AND scope=?").Bind(name).Bind(scope)
                    : session.Database.Sql("INSERT OR REPLACE INTO halt(partition, scope, reason) VALUES(?, ?, ?)")
                        .Bind(name).Bind(scope).Bind(text);
                statement.Run();
                return true;
            },
            cancellation);
    }

    public async ValueTask<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        string? after, int max, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        var sequence = after is null ? 0 : AuditRows.Parse(after);
        return await Task.Run(() => reads.Read(database => AuditRows.Read(database, name, sequence, max)), cancellation);
    }

    public async ValueTask ForgetAsync(
        string? through, IReadOnlyList<(string Key, long Version)> records, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (through is not null)
        {
            var sequence = AuditRows.Parse(through);
            while (await writer.RunAsync(session => AuditRows.Delete(session.Database, name, sequence), cancellation))
            {
            }
        }

        foreach (var part in records.Chunk(AuditRows.Batch))
        {
            await writer.RunAsync(session => AuditRows.Delete(session.Database, name, part), cancellation);
        }
    }

    private StoredRecord? ReadRecord(Database database, string key, long now) =>
        PartitionReads.Record(database, name, key, now);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
