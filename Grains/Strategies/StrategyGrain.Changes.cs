using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Strategies;

/// <content>Changes of what is open, with what they open in its place.</content>
public sealed partial class StrategyGrain
{
    /// <summary>
    /// Changes what is open. Every change but the last can be repeated; the last one's commit also opens what is left to
    /// open, or refuses it, marks the signal as handled and acknowledges it.
    /// </summary>
    private async Task<SignalOutcome> ChangeAsync(Work work, Fence? fence)
    {
        var result = ChangeResult.Done;
        for (var i = 0; i < work.Plan.Changes.Length && result == ChangeResult.Done; i++)
        {
            var isLast = i == work.Plan.Changes.Length - 1;
            result = await ChangeAsync(work, work.Plan.Changes[i], isLast ? work.Plan.Open : null, isLast, fence);
        }

        if (result == ChangeResult.Refused && work.Plan.Open is not null)
        {
            // An exit is never held up by the entry that came with it.
            result = await ChangeAsync(work, work.Plan.Changes[^1], null, isLast: false, null);
            return result == ChangeResult.Done ? await RefuseByModeAsync(work) : OutcomeOf(work, result);
        }

        return result == ChangeResult.Refused ? await RefuseByModeAsync(work) : OutcomeOf(work, result);
    }

    private Task<ChangeResult> ChangeAsync(
        Work work, PlannedChange change, OpenPosition? opens, bool isLast, Fence? fence) =>
        positions.Of(change.PositionId).ChangeAsync(new ChangeRequest(
            change, work.Signal, opens,
            isLast && work.Plan.IsEntry ? fence?.Group : null, fence?.Token ?? 0,
            isLast, work.Input.Queue, work.Input.EntryId)
        {
            Refuses = isLast && work.Plan.EntryReject != RejectReason.None ? new RefusedOpening(work.PositionId, work.Plan.EntryReject) : null,
        });

    private static SignalOutcome OutcomeOf(Work work, ChangeResult result)
    {
        work.IsFenceLost = result == ChangeResult.FenceLost;
        return result switch
        {
            ChangeResult.Done when work.Plan.EntryReject != RejectReason.None => new SignalOutcome(SignalResult.Rejected, work.Plan.EntryReject, work.PositionId),
            ChangeResult.Done => new SignalOutcome(SignalResult.Accepted, RejectReason.None, work.Plan.Open?.PositionId),
            ChangeResult.Duplicate => new SignalOutcome(SignalResult.Duplicate, RejectReason.Duplicate, null),
            // Not acknowledged: it comes again and meets what is open then.
            ChangeResult.Gone or ChangeResult.FenceLost or ChangeResult.Refused =>
                new SignalOutcome(SignalResult.Unknown, RejectReason.NotReady, null),
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, "Not a result."),
        };
    }

    private async Task<SignalOutcome> RefuseByModeAsync(Work work)
    {
        var now = clock.GetUtcNow();
        var control = await _partition.ReadControlAsync();
        var (_, commit, refusal) = Refusal(work, HaltScopes.ReasonOf((EngineMode)control.Mode), now);
        await ConcludeAsync(work, refusal, (await _partition.CommitAsync([commit]))[0], now);
        return work.Outcome!;
    }
}
