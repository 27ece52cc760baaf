using System.Collections.Immutable;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Sqlite.Queues;

namespace TradingEngine.Streaming.Sqlite.Commits;

/// <summary>Finds a caller's mistakes on the caller's thread, before the writer would trip over them.</summary>
internal static class CommitCheck
{
    /// <exception cref="ArgumentException">The commit cannot be executed as it is.</exception>
    public static void ThrowIfMalformed(Commit commit, QueueSet queues)
    {
        if (commit.HaltScopes.IsDefault || commit.Records.IsDefault || commit.Index.IsDefault || commit.Counters.IsDefault
            || commit.Appends.IsDefault || commit.Pushes.IsDefault || commit.Removals.IsDefault || commit.Audit.IsDefault || commit.Acks.IsDefault)
        {
            throw new ArgumentException("A commit has an array that was never set.");
        }

        ThrowIfWrittenTwice(commit.Records);
        foreach (var append in commit.Appends)
        {
            _ = queues.Durable(append.Queue);
        }

        foreach (var ack in commit.Acks)
        {
            queues.ThrowIfUnknown(ack.Queue);
        }
    }

    // Which of two writes would win, and at which version, is a question no caller means to ask.
    private static void ThrowIfWrittenTwice(ImmutableArray<RecordWrite> records)
    {
        for (var i = 1; i < records.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (string.Equals(records[i].Key, records[j].Key, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"A commit writes the record {records[i].Key} twice.");
                }
            }
        }
    }
}
