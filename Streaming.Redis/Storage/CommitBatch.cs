namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>Commits that one call of the script carries.</summary>
internal sealed class CommitBatch
{
    public List<(CommitRequest Request, int Index)> Commits { get; } = [];

    public int Size { get; private set; }

    public int KeyCount { get; private set; }

    public int ArgumentCount { get; private set; }

    public bool IsOver { get; set; }

    public void Add((CommitRequest Request, int Index) commit)
    {
        ref readonly var encoded = ref commit.Request[commit.Index];
        Commits.Add(commit);
        commit.Request.Batch = this;
        Size += encoded.Size;
        KeyCount += encoded.KeyCount;
        ArgumentCount += encoded.ArgumentCount;
    }

    /// <summary>By how much the messages in the engine's own queues changed.</summary>
    public int ActivityOf(RespValue[] answers)
    {
        var change = -(int)answers[0].Integer;
        for (var i = 0; i < Commits.Count; i++)
        {
            var answer = answers[i + 1].Items;
            if (answer[0].Integer == 0)
            {
                ref readonly var encoded = ref Commits[i].Request[Commits[i].Index];
                change += encoded.Read - encoded.FromChannels;
            }
        }

        return change;
    }

    /// <summary>Hands out the answers.</summary>
    public void Answer(RespValue[] answers)
    {
        for (var i = 0; i < Commits.Count; i++)
        {
            Commits[i].Request.Answer(Commits[i].Index, answers[i + 1].Items);
        }
    }

    public void Fail(Exception fault)
    {
        foreach (var (request, _) in Commits)
        {
            request.Fail(fault);
        }
    }
}
