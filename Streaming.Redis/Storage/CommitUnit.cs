using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// What one call of the script writes whole or not at all: a commit, or several put together. Where the script refuses several,
/// nothing was written, and each is sent in a unit of its own. Not thread-safe.
/// </summary>
internal sealed class CommitUnit
{
    /// <summary>Bounds on one call, during which Redis does nothing else.</summary>
    private const int MostCommits = 128;
    private const int MostBytes = 512 * 1024;

    private readonly List<(CommitRequest Request, int Index)> _commits = [];
    private readonly HashSet<string> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _fences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _pushLimits = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Group, string Field), Int128> _sums = [];
    private int _size;

    public CommitUnit()
    {
    }

    public CommitUnit(CommitRequest request, int index)
    {
        TryAdd(request, index);
    }

    public int Count => _commits.Count;

    public IEnumerable<(CommitRequest Request, int Index)> Commits => _commits;

    /// <summary>Set when the answers were handed out.</summary>
    public bool IsOver { get; set; }

    /// <summary>Takes a commit; false when it must wait for the next unit.</summary>
    public bool TryAdd(CommitRequest request, int index)
    {
        var commit = request[index];
        if (_commits.Count > 0 && !Fits(commit, request.SizeOf(index)))
        {
            return false;
        }

        _commits.Add((request, index));
        _size += request.SizeOf(index);
        foreach (var record in commit.Records)
        {
            _records.Add(record.Key);
        }

        foreach (var push in commit.Pushes)
        {
            _pushLimits[push.Key] = push.MaxLength;
        }

        if (commit.Fence is { } fence)
        {
            _fences[fence.Group] = fence.Token;
        }

        foreach (var delta in commit.Counters)
        {
            var key = (delta.Group, delta.Field);
            _sums[key] = _sums.GetValueOrDefault(key) + delta.Delta;
        }

        return true;
    }

    /// <summary>Writes the call.</summary>
    public void Write(RespBuffer target, CommitEncoder encoder, string epoch)
    {
        using RespBuffer keys = new(1024 + (64 * Count)), arguments = new(_size + 1024);
        encoder.Write(keys, arguments, epoch, [.. _commits.Select(item => item.Request[item.Index])], _sums);
        CommitScript.Commit.Write(target, keys, arguments);
    }

    /// <summary>True when the script's answer is one for each commit; else each must be sent alone.</summary>
    public bool IsAnsweredBy(RespValue[] answer) => Count == 1 || (CommitOutcome)answer[0].Integer is CommitOutcome.Committed or CommitOutcome.EpochLost;

    /// <summary>By how much the messages in the engine's own queues changed.</summary>
    public int ActivityOf(RespValue[] answer) => answer[0].Integer != 0 ? 0
        : _commits.Sum(item => item.Request.ActivityOf(item.Index)) - (int)answer[2].Integer;

    /// <summary>Hands out the answer.</summary>
    public void Answer(RespValue[] answer)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        if (answer[0].Integer == (int)CommitOutcome.Committed)
        {
            // The script says where each group stands after all; each commit that touches it raises it by one.
            var groups = GroupsOf(_commits).ToList();
            foreach (var (place, (group, rises)) in groups.Index())
            {
                versions[group] = answer[3 + place].Integer - rises;
            }
        }

        foreach (var (request, index) in _commits)
        {
            var own = request[index].Counters.Select(delta => delta.Group).Distinct(StringComparer.Ordinal)
                .Select(group => versions.TryGetValue(group, out var version) ? versions[group] = version + 1 : 0).ToArray();
            request.Answer(index, answer, own);
        }
    }

    /// <summary>Tells all that what became of theirs is unknown.</summary>
    public void Fail(Exception fault)
    {
        foreach (var (request, _) in _commits)
        {
            request.Fail(fault);
        }
    }

    /// <summary>The counter groups in the order of the call, with the number of commits that touch each.</summary>
    private static IEnumerable<KeyValuePair<string, int>> GroupsOf(IEnumerable<(CommitRequest Request, int Index)> commits) =>
        CommitEncoder.GroupsOf(commits.Select(item => item.Request[item.Index]));

    private bool Fits(Commit commit, int size)
    {
        if (_commits.Count >= MostCommits || _size + size > MostBytes || commit.Removals.Length > 0
            || _commits[0].Request[_commits[0].Index].Removals.Length > 0)
        {
            return false;
        }

        if (commit.Fence is { } fence && _fences.TryGetValue(fence.Group, out var token) && token != fence.Token)
        {
            return false;
        }

        foreach (var record in commit.Records)
        {
            if (_records.Contains(record.Key))
            {
                return false;
            }
        }

        foreach (var push in commit.Pushes)
        {
            if (_pushLimits.TryGetValue(push.Key, out var limit) && limit != push.MaxLength)
            {
                return false;
            }
        }

        foreach (var delta in commit.Counters)
        {
            if (Int128.Abs(_sums.GetValueOrDefault((delta.Group, delta.Field)) + delta.Delta) > long.MaxValue)
            {
                return false;
            }
        }

        return true;
    }
}
