namespace TradingEngine.Trading.Risk;

/// <summary>
/// The pre-trade checks in their fixed order: the first that fails refuses. A limit that is absent, and data that is missing,
/// refuse. Limits may be reached and not passed; a loss that reaches its limit refuses. An order that passes costs no
/// allocation. Pure: what happened before comes in a <see cref="RiskMemory"/>, which judging only reads.
/// </summary>
public static partial class RiskChain
{
    /// <summary>Most that one entry may buy or sell under any limits, so that counters cannot overflow: ten billion.</summary>
    public const decimal MaxNotional = 10_000_000_000m;

    /// <summary>
    /// Oldest a signal may be under any limits. What was handled is remembered for longer, so a signal that is younger is
    /// never handled twice.
    /// </summary>
    public static readonly TimeSpan SignalWindow = TimeSpan.FromHours(24);

    /// <summary>Judges an order. Mode, halts, fence and duplicates are checked again in the commit, which has the last word.</summary>
    /// <param name="order">The order.</param>
    /// <param name="facts">What is known.</param>
    /// <param name="limits">Limits of its account, strategy and symbol.</param>
    /// <param name="memory">What its account did before.</param>
    /// <param name="now">The time.</param>
    public static RejectReason Judge(
        in RiskOrder order, in RiskFacts facts, RiskLimits limits, RiskMemory memory, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return Judge(RiskChecks.Of(order.Class, limits.IsStructuralOnly), order, facts, limits, memory, now);
    }

    /// <summary>Judges what an entry trades in the instrument of a further leg, after the entry itself passed.</summary>
    /// <param name="leg">The leg (<see cref="RiskOrders.FurtherLegsOf"/>).</param>
    /// <param name="facts">What is known of its instrument.</param>
    /// <param name="limits">Limits of its account, strategy and symbol.</param>
    /// <param name="memory">What its account did before.</param>
    /// <param name="now">The time.</param>
    public static RejectReason JudgeLeg(
        in RiskOrder leg, in RiskFacts facts, RiskLimits limits, RiskMemory memory, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return Judge(RiskChecks.Of(leg.Class, limits.IsStructuralOnly) & RiskChecks.Leg, leg, facts, limits, memory, now);
    }

    private static RejectReason Judge(
        ulong mask, in RiskOrder order, in RiskFacts facts, RiskLimits limits, RiskMemory memory, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var flow = memory.Find(order.Strategy);
        for (var i = 1; i <= RiskChecks.Last; i++)
        {
            if ((mask & (1UL << i)) == 0)
            {
                continue;
            }

            var reason = Check((RiskCheckId)i, order, facts, limits, memory, flow, now);
            if (reason != RejectReason.None)
            {
                return reason;
            }
        }

        return RejectReason.None;
    }

    private static RejectReason Check(
        RiskCheckId check, in RiskOrder order, in RiskFacts facts, RiskLimits limits, RiskMemory memory, StrategyFlow? flow,
        DateTimeOffset now) => check switch
        {
            RiskCheckId.Fields => Fields(order),
            RiskCheckId.Mode => ModeTable.Allows(order.Class, facts.Mode) ? RejectReason.None : HaltScopes.ReasonOf(facts.Mode),
            RiskCheckId.Ready => facts.IsReady ? RejectReason.None : RejectReason.NotReady,
            RiskCheckId.Duplicate => Duplicate(order, facts, limits, now),
            RiskCheckId.LookAlike => LookAlike(order, limits, memory, now),
            RiskCheckId.Expiry => Expiry(order, limits, now),
            RiskCheckId.Instrument => Known(facts, limits),
            RiskCheckId.Halt => Halts(facts.Halted),
            RiskCheckId.Session => Session(facts, limits, now),
            RiskCheckId.PriceAge => PriceAge(order, facts, limits, now),
            RiskCheckId.Market => Market(facts, limits),
            RiskCheckId.Collar => Collar(order, facts, limits),
            RiskCheckId.Quantity => Quantity(order, facts, limits),
            RiskCheckId.Notional => Notional(order, facts, limits),
            RiskCheckId.SmallNotional => SmallNotional(order, facts),
            RiskCheckId.Position => Position(order, facts, limits),
            RiskCheckId.Exposure => Gross(order, facts, limits),
            RiskCheckId.Budget => Budget(order, facts, limits),
            RiskCheckId.Margin => Margin(order, facts, limits),
            RiskCheckId.Positions => Positions(order, facts, limits),
            RiskCheckId.Working => Working(order, facts, limits),
            RiskCheckId.Rate => Rate(order, limits, memory, flow, now),
            RiskCheckId.MessageRatio => MessageRatio(order, limits, flow, now),
            RiskCheckId.Repetition => Repetition(limits, flow),
            RiskCheckId.Parent => Parent(order, flow),
            RiskCheckId.SelfTrade => SelfTrade(order, facts),
            RiskCheckId.ReduceOnly => ReduceOnly(order),
            RiskCheckId.Stop => Stop(order, limits),
            RiskCheckId.DailyLoss => DailyLoss(facts, limits),
            RiskCheckId.Drawdown => Drawdown(facts, limits),
            RiskCheckId.Streak => Streak(limits, flow, now),
            RiskCheckId.Reconciliation => facts.IsReconciled ? RejectReason.None : RejectReason.ReconBreak,
            // Checks are numbered without gaps, and this is the last: RiskCheckId.Venue.
            _ => facts.IsVenueUp ? RejectReason.None : RejectReason.VenueDown,
        };
}
