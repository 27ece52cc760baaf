using System.Collections.Immutable;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Data;

namespace TradingEngine.Streaming.Sqlite.Commits;

/// <summary>
/// Executes one commit inside the writer's transaction. All guards are read before the first write, so a refusal
/// leaves nothing to undo.
/// </summary>
internal static class CommitExecutor
{
    /// <summary>Versions of an index that its log reaches back; who knows only an older one reads the whole index.</summary>
    private const int KeptVersions = 20_000;

    private const int TrimEvery = 1000;

    public static CommitResult Execute(WriteSession session, string partition, Commit commit)
    {
        var database = session.Database;
        var mode = (int)(database.Sql("SELECT mode FROM control WHERE partition=?").Bind(partition).Scalar() ?? 0);
        var (outcome, detail) = CheckGuards(session, partition, commit, mode);
        if (outcome != CommitOutcome.Committed)
        {
            return new CommitResult(outcome, detail, mode, []);
        }

        // Read and added before anything is written, because an overflow refuses the whole commit.
        var counters = AddUp(database, partition, commit.Counters);
        WriteRecords(session, partition, commit.Records);
        WriteIndex(database, partition, commit.Index);
        var versions = WriteCounters(database, partition, counters);
        foreach (var append in commit.Appends)
        {
            session.Append(append.Queue, append.Id, append.Payload.Span);
        }

        foreach (var removal in commit.Removals)
        {
            database.Sql("""
                DELETE FROM list_item WHERE key=?1 AND position=
                    (SELECT max(position) FROM list_item WHERE key=?1 AND value=?2)
                """)
                .Bind(removal.Key).Bind(removal.Payload.Span).Run();
        }

        foreach (var push in commit.Pushes)
        {
            session.Push(push);
        }

        foreach (var line in commit.Audit)
        {
            database.Sql("INSERT INTO audit(partition, line) VALUES(?, ?)").Bind(partition).Bind(line.Span).Run();
        }

        foreach (var ack in commit.Acks)
        {
            session.Acknowledge(ack);
        }

        return new CommitResult(CommitOutcome.Committed, null, mode, versions);
    }

    private static (CommitOutcome Outcome, string? Detail) CheckGuards(
        WriteSession session, string partition, Commit commit, int mode)
    {
        var database = session.Database;
        if ((commit.AllowedModes & (1 << mode)) == 0)
        {
            return (CommitOutcome.ModeRefused, null);
        }

        foreach (var scope in commit.HaltScopes)
        {
            if (database.Sql("SELECT 1 FROM halt WHERE partition=? AND scope=?").Bind(partition).Bind(scope).Scalar() == 1)
            {
                return (CommitOutcome.Halted, scope);
            }
        }

        if (commit.Fence is { } fence)
        {
            var token = database.Sql("SELECT token FROM fence WHERE partition=? AND name=?")
                .Bind(partition).Bind(fence.Group).Scalar() ?? 0;
            if (token != fence.Token)
            {
                return (CommitOutcome.FenceLost, fence.Group);
            }
        }

        foreach (var removal in commit.Removals)
        {
            if (database.Sql("SELECT 1 FROM list_item WHERE key=? AND value=?")
                .Bind(removal.Key).Bind(removal.Payload.Span).Scalar() != 1)
            {
                return (CommitOutcome.VersionConflict, removal.Key);
            }
        }

        foreach (var record in commit.Records)
        {
            var version = database.Sql(
                    "SELECT version FROM record WHERE partition=? AND key=? AND (expires IS NULL OR expires>?)")
                .Bind(partition).Bind(record.Key).Bind(session.Now).Scalar() ?? 0;
            if (version != record.ExpectedVersion)
            {
                return (CommitOutcome.VersionConflict, record.Key);
            }
        }

        return (CommitOutcome.Committed, null);
    }

    private static void WriteRecords(WriteSession session, string partition, ImmutableArray<RecordWrite> records)
    {
        foreach (var record in records)
        {
            session.Database.Sql("""
                INSERT INTO record(partition, key, version, expires, data) VALUES(?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET version=excluded.version, expires=excluded.expires, data=excluded.data
                """)
                .Bind(partition).Bind(record.Key).Bind(record.ExpectedVersion + 1)
                .Bind(session.Expiry(record.Retention)).Bind(record.Data.Span).Run();
        }
    }

    private static void WriteIndex(Database database, string partition, ImmutableArray<IndexWrite> writes)
    {
        var reached = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (index, field, data) in writes)
        {
            if (!reached.TryGetValue(index, out var version))
            {
                reached[index] = version = RaiseVersion(database, partition, index);
            }

            database.Sql("INSERT OR IGNORE INTO index_change(partition, name, version, field) VALUES(?, ?, ?, ?)")
                .Bind(partition).Bind(index).Bind(version).Bind(field).Run();
            if (data is { } given)
            {
                database.Sql("""
                    INSERT INTO index_entry(partition, name, field, data) VALUES(?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET data=excluded.data
                    """)
                    .Bind(partition).Bind(index).Bind(field).Bind(given.Span).Run();
            }
            else
            {
                database.Sql("DELETE FROM index_entry WHERE partition=? AND name=? AND field=?")
                    .Bind(partition).Bind(index).Bind(field).Run();
            }
        }
    }

    private static long RaiseVersion(Database database, string partition, string index)
    {
        var version = database.Sql("""
            INSERT INTO index_version(partition, name, version) VALUES(?, ?, 1)
            ON CONFLICT DO UPDATE SET version=version+1 RETURNING version
            """)
            .Bind(partition).Bind(index).Returning();
        if (version % TrimEvery == 0)
        {
            database.Sql("DELETE FROM index_change WHERE partition=? AND name=? AND version<=?")
                .Bind(partition).Bind(index).Bind(version - KeptVersions).Run();
        }

        return version;
    }

    private static List<(string Group, string Field, long Value)> AddUp(
        Database database, string partition, ImmutableArray<CounterDelta> deltas)
    {
        var sums = new List<(string Group, string Field, long Value)>(deltas.Length);
        foreach (var (group, field, delta) in deltas)
        {
            var at = sums.FindIndex(sum => sum.Group == group && sum.Field == field);
            var value = at >= 0
                ? sums[at].Value
                : database.Sql("SELECT value FROM counter WHERE partition=? AND name=? AND field=?")
                    .Bind(partition).Bind(group).Bind(field).Scalar() ?? 0;
            if ((delta > 0 && value > long.MaxValue - delta) || (delta < 0 && value < long.MinValue - delta))
            {
                throw new ArgumentException($"Counter {field} of {group} stands at {value}: adding {delta} overflows.");
            }

            if (at >= 0)
            {
                sums[at] = (group, field, value + delta);
            }
            else
            {
                sums.Add((group, field, value + delta));
            }
        }

        return sums;
    }

    private static ImmutableArray<long> WriteCounters(
        Database database, string partition, List<(string Group, string Field, long Value)> counters)
    {
        var groups = new List<string>();
        foreach (var (group, field, value) in counters)
        {
            database.Sql("""
                INSERT INTO counter(partition, name, field, value) VALUES(?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET value=excluded.value
                """)
                .Bind(partition).Bind(group).Bind(field).Bind(value).Run();
            if (!groups.Contains(group))
            {
                groups.Add(group);
            }
        }

        var versions = ImmutableArray.CreateBuilder<long>(groups.Count);
        foreach (var group in groups)
        {
            versions.Add(database.Sql("""
                INSERT INTO counter_group(partition, name, version) VALUES(?, ?, 1)
                ON CONFLICT DO UPDATE SET version=version+1 RETURNING version
                """)
                .Bind(partition).Bind(group).Returning());
        }

        return versions.DrainToImmutable();
    }
}
