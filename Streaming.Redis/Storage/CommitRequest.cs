using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>The commits of one caller on their way, looked through by the caller: what cannot be carried out fails there and alone.</summary>
internal sealed class CommitRequest : TaskCompletionSource<CommitResult[]>
{
    private readonly IReadOnlyList<Commit> _commits;
    private readonly CommitMeasure[] _measures;
    private readonly CommitResult[] _results;
    private Exception? _fault;
    private int _left;

    public CommitRequest(IReadOnlyList<Commit> commits, CommitEncoder encoder)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _commits = commits;
        _left = commits.Count;
        _results = new CommitResult[commits.Count];
        _measures = new CommitMeasure[commits.Count];
        for (var i = 0; i < _measures.Length; i++)
        {
            _measures[i] = encoder.Measure(commits[i]);
        }
    }

    public int Count => _measures.Length;

    /// <summary>The call that carries commits of it; the next one must wait for its end, for their order.</summary>
    public CommitUnit? Unit { get; set; }

    public Commit this[int index] => _commits[index];

    /// <summary>About how many bytes a commit takes on the wire.</summary>
    public int SizeOf(int index) => _measures[index].Size;

    /// <summary>By how much a commit changes the number of messages in the engine's queues, apart from entries it acknowledges.</summary>
    public int ActivityOf(int index) => _measures[index].Activity;

    /// <summary>Takes the answer to one commit; the task ends with the last. Commits of a caller that cannot be carried out do
    /// not keep its others from being.</summary>
    public void Answer(int index, RespValue[] answer, long[] versions)
    {
        try
        {
            _results[index] = Read(_commits[index], answer, versions);
        }
        catch (Exception fault) when (fault is StoreException or InvalidDataException or IndexOutOfRangeException
            or ArgumentOutOfRangeException)
        {
            _fault ??= fault as StoreException ?? new StoreException("Redis answered a commit with something else.", fault);
        }

        Finish();
    }

    /// <summary>Says that what became of one commit is unknown.</summary>
    public void Fail(Exception fault)
    {
        _fault ??= fault;
        Finish();
    }

    private void Finish()
    {
        if (Interlocked.Decrement(ref _left) > 0)
        {
            return;
        }

        if (_fault is null)
        {
            TrySetResult(_results);
        }
        else
        {
            TrySetException(_fault);
            // A caller that was cancelled never looks at it.
            _ = Task.Exception;
        }
    }

    private static CommitResult Read(Commit commit, RespValue[] answer, long[] versions)
    {
        if (answer[0].Integer < 0)
        {
            throw new StoreException($"Redis answered '{answer[3].Text}'.");
        }

        var outcome = (CommitOutcome)answer[0].Integer;
        var mode = (int)answer[1].Integer;
        var detail = outcome switch
        {
            CommitOutcome.VersionConflict when answer[2].Integer < 0 => commit.Removals[-(int)answer[2].Integer - 1].Key,
            CommitOutcome.VersionConflict => CommitEncoder.InOrder(commit.Records).ElementAt((int)answer[2].Integer - 1).Key,
            CommitOutcome.Halted => commit.HaltScopes[(int)answer[2].Integer - 1],
            CommitOutcome.FenceLost => commit.Fence?.Group,
            CommitOutcome.Committed or CommitOutcome.ModeRefused or CommitOutcome.EpochLost => null,
            _ => throw new StoreException($"The commit script answered {outcome}."),
        };
        return new CommitResult(outcome, detail, mode, outcome == CommitOutcome.Committed ? [.. versions] : []);
    }
}
