using TradingEngine.Grains.Interfaces.Risk;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Strategies;

/// <content>The last word of a risk agent outside, where there is one.</content>
public sealed partial class StrategyGrain
{
    /// <summary>
    /// Asks about entries whose exposure is reserved. One that is refused keeps its reservation until all of the batch is settled, so what is
    /// asked about meanwhile is never judged as if it were free.
    /// </summary>
    private async Task AskRiskAgentAsync(List<Work> works)
    {
        var policy = _options.RiskAgent;
        var asked = works.Where(work => work.IsReserved && policy.IsAsked(work.Signal.Tier)).ToList();
        if (asked.Count == 0)
        {
            return;
        }

        // A replay has no agents outside, and no time to wait for them.
        var verdicts = _options.IsLockStep
            ? [.. asked.Select(_ => RiskVerdict.Silent)]
            : await GrainFactory.GetGrain<IRiskAgentGrain>(_options.Partition).AskAsync([.. asked.Select(QuestionOf)]);
        for (var i = 0; i < asked.Count; i++)
        {
            var (reject, stamp) = policy.Decide(verdicts[i]);
            asked[i].Plan = reject == RejectReason.None
                ? StampedOf(asked[i].Plan, $"{asked[i].Decision}, {stamp}")
                : asked[i].Plan.RefuseEntry(reject);
        }
    }

    private static RiskQuestion QuestionOf(Work work) =>
        new(work.PositionId, work.Signal, work.Plan.BuyNotional, work.Plan.SellNotional, work.Decision);
}
