using System.Collections.Immutable;
using System.Text.Json;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Strategies;

/// <summary>
/// Keeps the plan of a signal that depends on what is open. Planned anew, a repetition would find its own effects open and
/// trade again; with its plan kept, it goes on where the first handling ended, or finds that nothing is left to do.
/// </summary>
internal sealed class PlanMemory(IPartitionStore partition)
{
    /// <summary>The plan kept for a signal, null when it is new, and whether all of it was done.</summary>
    /// <param name="positionId">Position the signal would open, which names the signal.</param>
    public async Task<(SignalPlan? Plan, bool IsDone)> RecallAsync(string positionId)
    {
        var found = await partition.ReadManyAsync(
            [PositionCommits.RecordKey(positionId), PositionCommits.PlanKey(positionId)]);
        if (found[0] is not null)
        {
            return (null, true);
        }

        if (found[1] is not { } kept)
        {
            return (null, false);
        }

        var plan = JsonSerializer.Deserialize<SignalPlan>(kept.Data.Span, DomainJson.Options)
            ?? throw new JsonException($"The plan of {positionId} is null.");
        var markers = await partition.ReadManyAsync(
            [.. plan.Changes.Select(change => PositionCommits.MarkerKey(positionId, change))]);
        return (plan, plan.Open is null && markers.All(marker => marker is not null));
    }

    /// <summary>Keeps a plan before its first step, or with the acknowledgement when it has none.</summary>
    public async Task KeepAsync(string positionId, SignalPlan plan, ImmutableArray<QueueAck> acks)
    {
        var data = JsonSerializer.SerializeToUtf8Bytes(plan, DomainJson.Options);
        var record = new RecordWrite(PositionCommits.PlanKey(positionId), 0, data, PositionCommits.DuplicateWindow);
        var result = (await partition.CommitAsync([new Commit { Records = [record], Acks = acks }]))[0];
        if (!result.IsCommitted)
        {
            throw new StoreException($"The plan of {positionId} was written elsewhere: {result.Outcome}");
        }
    }
}
