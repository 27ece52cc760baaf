using System.Diagnostics;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Strategies;

/// <content>Openings and refusals: committed together, concluded one by one.</content>
public sealed partial class StrategyGrain
{
    /// <summary>Commits openings and refusals, all of the batch in one call; those that also change open positions follow.</summary>
    private async Task CommitOpeningsAsync(List<Work> works, Fence? fence)
    {
        var now = clock.GetUtcNow();
        var batch = new List<(Work Work, Commit Commit, Transition Transition)>(works.Count);
        foreach (var work in works)
        {
            if (work.Plan.Reject != RejectReason.None)
            {
                batch.Add(Refusal(work, work.Plan.Reject, now));
            }
            else if (work.Plan is { Open: { } open, Changes.IsEmpty: true })
            {
                batch.Add(Opening(work, open, fence, now));
            }
        }

        if (batch.Count == 0)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        var results = await _partition.CommitAsync([.. batch.Select(item => item.Commit)]);
        hops.End(Hop.Write, began);
        var repeated = new List<Commit>();
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Outcome == CommitOutcome.VersionConflict)
            {
                repeated.Add(new Commit { Acks = batch[i].Work.Acks });
                batch[i].Work.Outcome = DuplicateOf(batch[i].Work);
            }
            else
            {
                await ConcludeAsync(batch[i].Work, batch[i].Transition, results[i], now);
            }
        }

        await _partition.CommitAsync(repeated);
    }

    private static SignalOutcome DuplicateOf(Work work) =>
        new(SignalResult.Duplicate, RejectReason.Duplicate, work.PositionId);

    private (Work, Commit, Transition) Opening(Work work, OpenPosition open, Fence? fence, DateTimeOffset now)
    {
        var transition = PositionLifecycle.Open(open, now);
        var (commit, _) = PositionCommits.Of(
            null, 0, transition, work.Signal.Id, work.Acks, _options, work.Signal.Raw);
        if (work.MeetsOpen)
        {
            // The next signal may find this position open; a repetition of this one must not.
            commit = commit with { Records = commit.Records.Add(PositionCommits.MarkerOf(work.Signal, _options)) };
        }

        return (work, commit with { Fence = fence }, transition);
    }

    private (Work, Commit, Transition) Refusal(Work work, RejectReason reason, DateTimeOffset now)
    {
        var transition = PositionLifecycle.Refuse(work.PositionId, work.Signal, reason, now);
        var (commit, _) = PositionCommits.Of(null, 0, transition, work.Signal.Id, work.Acks, _options);
        return (work, commit, transition);
    }

    private async Task ConcludeAsync(Work work, Transition transition, CommitResult result, DateTimeOffset now)
    {
        switch (result.Outcome)
        {
            case CommitOutcome.Committed:
                facts.Publish(transition.Facts);
                SignalTrace.Committed(transition.Orders, transition.Facts, transition.State);
                Watch(transition.State);
                var reason = transition.State.Reject;
                work.Outcome = reason == RejectReason.None
                    ? new SignalOutcome(SignalResult.Accepted, reason, work.PositionId)
                    : new SignalOutcome(SignalResult.Rejected, reason, work.PositionId);
                break;
            case CommitOutcome.VersionConflict:
                await _partition.CommitAsync([new Commit { Acks = work.Acks }]);
                work.Outcome = DuplicateOf(work);
                break;
            case CommitOutcome.ModeRefused or CommitOutcome.Halted:
                var code = result.Outcome == CommitOutcome.Halted
                    ? HaltScopes.ReasonOf(result.Detail ?? "")
                    : HaltScopes.ReasonOf((EngineMode)result.Mode);
                var (_, commit, refusal) = Refusal(work, code, now);
                await ConcludeAsync(work, refusal, (await _partition.CommitAsync([commit]))[0], now);
                break;
            case CommitOutcome.FenceLost or CommitOutcome.EpochLost:
                // Not acknowledged: it is delivered again, to an account that holds the fence.
                work.IsFenceLost = true;
                LogFenceLost(logger, this.GetPrimaryKeyString(), result.Outcome);
                work.Outcome = new SignalOutcome(SignalResult.Unknown, RejectReason.NotReady, work.PositionId);
                break;
            default:
                throw new InvalidOperationException($"Unknown commit outcome {result.Outcome}.");
        }
    }

    /// <summary>
    /// Wakes a position whose first deadline is a matter of seconds, so that it is kept to the moment. The signals behind it do not wait
    /// for that, and one that is not reached is woken by its instrument within a second.
    /// </summary>
    private void Watch(PositionState state)
    {
        if (!_options.IsLockStep && (state.GroupDeadline is not null || state.Quoting is not null))
        {
            positions.Of(state.Id).WakeAsync().Ignore();
        }
    }
}
