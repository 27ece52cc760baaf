using TradingEngine.Streaming.Commits;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// The commits of one caller on their way, encoded by the caller: what cannot be carried out fails there and alone. It disposes of
/// itself when the last of them was sent.
/// </summary>
internal sealed class CommitRequest : TaskCompletionSource<CommitResult[]>, IDisposable
{
    private readonly IReadOnlyList<Commit> _commits;
    private readonly EncodedCommit[] _encoded;
    private readonly CommitResult[] _results;
    private readonly RespBuffer _keys = new(512);
    private readonly RespBuffer _arguments = new(4096);
    private Exception? _fault;
    private int _sent;
    private int _left;

    public CommitRequest(IReadOnlyList<Commit> commits, CommitEncoder encoder)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _commits = commits;
        _left = commits.Count;
        _results = new CommitResult[commits.Count];
        _encoded = new EncodedCommit[commits.Count];
        try
        {
            for (var i = 0; i < _encoded.Length; i++)
            {
                _encoded[i] = encoder.Write(_keys, _arguments, commits[i]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Count => _encoded.Length;

    /// <summary>The call that carries commits of it; the next one must wait for its end, for their order.</summary>
    public CommitBatch? Batch { get; set; }

    public ref readonly EncodedCommit this[int index] => ref _encoded[index];

    public ReadOnlySpan<byte> Keys(int index) => _keys.Written.Span[_encoded[index].Keys];

    public ReadOnlySpan<byte> Arguments(int index) => _arguments.Written.Span[_encoded[index].Arguments];

    /// <summary>Told that another commit's bytes were copied; after the last they are not needed here.</summary>
    public void Copied()
    {
        if (Interlocked.Increment(ref _sent) == Count)
        {
            Dispose();
        }
    }

    /// <summary>Takes the answer to one commit; the task ends with the last. Commits of a caller that cannot be carried out do
    /// not keep its others from being.</summary>
    public void Answer(int index, RespValue[] answer)
    {
        try
        {
            _results[index] = Read(_commits[index], answer);
        }
        catch (Exception fault) when (fault is StoreException or InvalidDataException or IndexOutOfRangeException)
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

    public void Dispose()
    {
        _keys.Dispose();
        _arguments.Dispose();
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

    private static CommitResult Read(Commit commit, RespValue[] answer)
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
            CommitOutcome.VersionConflict => commit.Records[(int)answer[2].Integer - 1].Key,
            CommitOutcome.Halted => commit.HaltScopes[(int)answer[2].Integer - 1],
            CommitOutcome.FenceLost => commit.Fence?.Group,
            CommitOutcome.Committed or CommitOutcome.ModeRefused or CommitOutcome.EpochLost => null,
            _ => throw new StoreException($"The commit script answered {outcome}."),
        };
        return new CommitResult(outcome, detail, mode,
            outcome == CommitOutcome.Committed ? [.. answer.AsSpan(2).ToArray().Select(version => version.Integer)] : []);
    }
}
