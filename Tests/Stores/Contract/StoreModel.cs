using TradingEngine.Streaming.Commits;

namespace TradingEngine.Tests.Stores.Contract;

/// <summary>What a store must do, said as simply as it can be said: dictionaries, one commit after the other.</summary>
internal sealed class StoreModel
{
    public int Mode { get; set; }

    public long ModeVersion { get; set; }

    public HashSet<string> Halts { get; } = [];

    public Dictionary<string, long> Fences { get; } = [];

    public Dictionary<string, (long Version, string Data)> Records { get; } = [];

    public Dictionary<string, (long Version, Dictionary<string, string> Fields)> Indexes { get; } = [];

    /// <summary>The fields of each index at each of its versions, from 0.</summary>
    public Dictionary<string, List<Dictionary<string, string>>> IndexHistory { get; } = [];

    public Dictionary<string, (long Version, Dictionary<string, long> Fields)> Counters { get; } = [];

    public Dictionary<string, List<string>> Lists { get; } = [];

    /// <summary>Payloads of all messages ever appended; null where acknowledged.</summary>
    public List<string?> Queue { get; } = [];

    public IEnumerable<string> Waiting => Queue.OfType<string>();

    public CommitOutcome Apply(ModelCommit commit, out string? detail)
    {
        detail = null;
        if ((commit.AllowedModes & (1 << Mode)) == 0)
        {
            return CommitOutcome.ModeRefused;
        }

        if ((detail = commit.Halts.FirstOrDefault(Halts.Contains)) is not null)
        {
            return CommitOutcome.Halted;
        }

        if (commit.Fence is { } fence && Fences.GetValueOrDefault(fence.Group) != fence.Token)
        {
            detail = fence.Group;
            return CommitOutcome.FenceLost;
        }

        foreach (var (key, expected, _) in commit.Records)
        {
            if (Records.GetValueOrDefault(key).Version != expected)
            {
                detail = key;
                return CommitOutcome.VersionConflict;
            }
        }

        Write(commit);
        return CommitOutcome.Committed;
    }

    private void Write(ModelCommit commit)
    {
        foreach (var (key, expected, data) in commit.Records)
        {
            Records[key] = (expected + 1, data);
        }

        foreach (var (index, field, data) in commit.Index)
        {
            var fields = Indexes.TryGetValue(index, out var old) ? old.Fields : [];
            if (data is null)
            {
                fields.Remove(field);
            }
            else
            {
                fields[field] = data;
            }

            Indexes[index] = (old.Version, fields);
        }

        foreach (var index in commit.Index.Select(write => write.Index).Distinct())
        {
            Indexes[index] = (Indexes[index].Version + 1, Indexes[index].Fields);
            var history = IndexHistory.TryGetValue(index, out var known) ? known : IndexHistory[index] = [[]];
            history.Add(new Dictionary<string, string>(Indexes[index].Fields));
        }

        foreach (var (group, field, delta) in commit.Counters)
        {
            var fields = Counters.TryGetValue(group, out var old) ? old.Fields : [];
            fields[field] = fields.GetValueOrDefault(field) + delta;
            Counters[group] = (old.Version, fields);
        }

        foreach (var group in commit.Counters.Select(delta => delta.Group).Distinct())
        {
            Counters[group] = (Counters[group].Version + 1, Counters[group].Fields);
        }

        foreach (var (key, value, length) in commit.Pushes)
        {
            var list = Lists.GetValueOrDefault(key) ?? [];
            list.Insert(0, value);
            Lists[key] = [.. list.Take(length)];
        }

        Queue.AddRange(commit.Appends);
        foreach (var position in commit.Acks.Where(position => position < Queue.Count))
        {
            Queue[position] = null;
        }
    }
}

/// <summary>A commit in the model's words: strings for bytes, positions for entry ids.</summary>
internal sealed record ModelCommit
{
    public int AllowedModes { get; init; } = ~0;

    public string[] Halts { get; init; } = [];

    public Fence? Fence { get; init; }

    public (string Key, long Expected, string Data)[] Records { get; init; } = [];

    public (string Index, string Field, string? Data)[] Index { get; init; } = [];

    public (string Group, string Field, long Delta)[] Counters { get; init; } = [];

    public (string Key, string Value, int Length)[] Pushes { get; init; } = [];

    public string[] Appends { get; init; } = [];

    /// <summary>Positions in the queue's history of the entries to acknowledge; only those already read.</summary>
    public int[] Acks { get; init; } = [];
}
