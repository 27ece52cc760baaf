namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Sends the commits of a partition: at once while few are on their way, else together with what other callers want to commit
/// meanwhile, so that calls of the script grow with the load. The order of arrival is kept. Thread-safe.
/// </summary>
internal sealed class CommitPump(RedisStoreSession session, RedisKeys keys)
{
    /// <summary>One that Redis runs and one that is there when it is done.</summary>
    private const int MostOnTheirWay = 2;

    /// <summary>Bounds on one call, during which Redis does nothing else.</summary>
    private const int MostCommits = 128;
    private const int MostBytes = 512 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<(CommitRequest Request, int Index)> _waiting = new();
    private int _onTheirWay;

    public void Add(CommitRequest request)
    {
        lock (_gate)
        {
            for (var i = 0; i < request.Count; i++)
            {
                _waiting.Enqueue((request, i));
            }
        }

        Send();
    }

    private void Send()
    {
        while (Take() is { } batch)
        {
            _ = SendAsync(batch);
        }
    }

    private CommitBatch? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || _onTheirWay >= MostOnTheirWay)
            {
                return null;
            }

            var batch = new CommitBatch();
            while (batch.Commits.Count < MostCommits && _waiting.TryPeek(out var next))
            {
                ref readonly var encoded = ref next.Request[next.Index];
                if ((batch.Commits.Count > 0 && (encoded.IsAlone || batch.Size + encoded.Size > MostBytes))
                    || (next.Request.Batch is { IsOver: false } earlier && earlier != batch))
                {
                    break;
                }

                batch.Add(_waiting.Dequeue());
                if (encoded.IsAlone)
                {
                    break;
                }
            }

            if (batch.Commits.Count == 0)
            {
                return null;
            }

            _onTheirWay++;
            return batch;
        }
    }

    private async Task SendAsync(CommitBatch batch)
    {
        try
        {
            using var buffer = new RespBuffer(batch.Size + 1024);
            Write(buffer, batch);
            if ((await CallAsync(buffer, 1, batch)).IsErrorOf("NOSCRIPT"))
            {
                // A Redis that was told to forget its scripts has run nothing: then the script is loaded in the same write.
                using var again = new RespBuffer(buffer.Length + 16 * 1024);
                CommitScript.Commit.WriteLoad(again);
                again.Append(buffer.Written.Span);
                (await CallAsync(again, 2, batch)).OrThrow();
            }
        }
        catch (Exception fault)
        {
            // The outcome is unknown, whatever the fault: each caller is told.
            if (Begin(batch))
            {
                batch.Fail(fault);
            }
        }

        Send();
    }

    private async Task<RespValue> CallAsync(RespBuffer buffer, int replies, CommitBatch batch)
    {
        var answers = await session.Commits.CallAsync(buffer, replies, CancellationToken.None, all =>
        {
            // On the reading loop, so that acknowledgements count in their order and no thread is woken in between.
            if (all[^1].Kind == RespKind.Array && Begin(batch))
            {
                session.Activity.Add(batch.ActivityOf(all[^1].Items));
                batch.Answer(all[^1].Items);
                Send();
            }
        });
        var last = answers[^1];
        return last.IsErrorOf("NOSCRIPT") && replies == 1 ? last : last.OrThrow();
    }

    /// <summary>True once: the batch is over, the next may go.</summary>
    private bool Begin(CommitBatch batch)
    {
        lock (_gate)
        {
            if (batch.IsOver)
            {
                return false;
            }

            batch.IsOver = true;
            _onTheirWay--;
            return true;
        }
    }

    private void Write(RespBuffer buffer, CommitBatch batch)
    {
        CommitScript.Commit.WriteHead(
            buffer, CommitScript.SharedKeys + batch.KeyCount, CommitScript.SharedArguments + batch.ArgumentCount);
        buffer.Add(keys.Control).Add(keys.Halts).Add(keys.IndexVersions).Add(keys.CounterGroups).Add(keys.Audit);
        foreach (var (request, index) in batch.Commits)
        {
            buffer.Append(request.Keys(index));
        }

        buffer.Add(session.Epoch).Add(batch.Commits.Count).Add(RedisKeys.Group);
        foreach (var (request, index) in batch.Commits)
        {
            buffer.Append(request.Arguments(index));
            request.Copied();
        }
    }
}
