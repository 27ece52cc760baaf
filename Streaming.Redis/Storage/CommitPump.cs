using System.Diagnostics;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Diagnostics;

namespace TradingEngine.Streaming.Redis.Storage;

/// <summary>
/// Sends the commits of a partition: at once while few are on their way, else together with what other callers want to commit
/// meanwhile, so that calls of the script grow with the load. The order of arrival is kept. Thread-safe.
/// </summary>
internal sealed class CommitPump(RedisStoreSession session, CommitEncoder encoder)
{
    /// <summary>One that Redis runs and one that is there when it is done.</summary>
    private const int MostOnTheirWay = 2;

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
        while (Take() is { } unit)
        {
            _ = SendAsync(unit);
        }
    }

    private CommitUnit? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || _onTheirWay >= MostOnTheirWay)
            {
                return null;
            }

            var unit = new CommitUnit();
            while (_waiting.TryPeek(out var next)
                && !(next.Request.Unit is { IsOver: false } earlier && earlier != unit) && unit.TryAdd(next.Request, next.Index))
            {
                _waiting.Dequeue().Request.Unit = unit;
            }

            if (unit.Count == 0)
            {
                return null;
            }

            _onTheirWay++;
            return unit;
        }
    }

    private async Task SendAsync(CommitUnit unit)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var buffer = new RespBuffer();
            unit.Write(buffer, encoder, session.Epoch);
            var reply = await CallAsync(unit, buffer, 0);
            if (reply.IsErrorOf("NOSCRIPT"))
            {
                // A Redis that was told to forget its scripts has run nothing: then the script is loaded in the same write.
                using var again = new RespBuffer(buffer.Length + (16 * 1024));
                CommitScript.Commit.WriteLoad(again);
                again.Append(buffer.Written.Span);
                reply = await CallAsync(unit, again, 1);
            }

            if (!unit.IsAnsweredBy(reply.OrThrow().Items))
            {
                await SendAloneAsync(unit);
            }

            StoreMetrics.Written(began, unit.Count);
        }
        catch (Exception fault)
        {
            // The outcome is unknown, whatever the fault: each caller is told.
            if (Begin(unit))
            {
                unit.Fail(fault);
            }
        }

        Send();
    }

    private async Task<RespValue> CallAsync(CommitUnit unit, RespBuffer buffer, int before)
    {
        var answers = await session.Commits.CallAsync(buffer, before + 1, CancellationToken.None, all =>
        {
            // On the reading loop, so that acknowledgements count in their order and no thread is woken in between.
            if (all[^1] is { Kind: RespKind.Array } answer && unit.IsAnsweredBy(answer.Items) && Begin(unit))
            {
                Hand(unit, answer.Items);
                Send();
            }
        });
        return answers[^1];
    }

    /// <summary>
    /// One that was refused held up all that were put together with it, of which nothing was written. Each goes by itself, all in one write
    /// and in their order, and gets an answer of its own.
    /// </summary>
    private async Task SendAloneAsync(CommitUnit unit)
    {
        var alone = unit.Commits.ToList().ConvertAll(item => new CommitUnit(item.Request, item.Index));
        using var buffer = new RespBuffer();
        CommitScript.Commit.WriteLoad(buffer);
        foreach (var one in alone)
        {
            one.Write(buffer, encoder, session.Epoch);
        }

        await session.Commits.CallAsync(buffer, 1 + alone.Count, CancellationToken.None, all =>
        {
            if (!Begin(unit))
            {
                return;
            }

            for (var i = 0; i < alone.Count; i++)
            {
                if (all[i + 1] is { Kind: RespKind.Array } answer)
                {
                    Hand(alone[i], answer.Items);
                }
                else
                {
                    alone[i].Fail(new StoreException($"Redis answered '{all[i + 1].Text}'."));
                }
            }

            Send();
        });
    }

    private void Hand(CommitUnit unit, RespValue[] answer)
    {
        session.Activity.Add(unit.ActivityOf(answer));
        unit.Answer(answer);
    }

    /// <summary>True once: the unit is over, the next may go.</summary>
    private bool Begin(CommitUnit unit)
    {
        lock (_gate)
        {
            if (unit.IsOver)
            {
                return false;
            }

            unit.IsOver = true;
            _onTheirWay--;
            return true;
        }
    }
}
