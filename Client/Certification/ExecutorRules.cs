using System.Globalization;
using TradingEngine.Trading.Orders;

namespace TradingEngine.Client.Certification;

/// <summary>Judges what an execution agent did. Each rule looks at orders of its own, so that one fault breaks one rule.</summary>
internal static class ExecutorRules
{
    public const string Answered = "answered", FillIds = "fill-ids", AddsUp = "adds-up", Duplicate = "duplicate",
        Empty = "no-lots", Reason = "reject-reason", Symbol = "unknown-symbol", CancelNothing = "cancel-unknown",
        CancelDone = "cancel-filled", Race = "cancel-race", Cut = "connection-lost", Restart = "restart";

    /// <summary>All rules but heartbeat and reconcile, in the order of the table.</summary>
    public static IEnumerable<RuleResult> Judge(ExecutorRun run)
    {
        yield return JudgeAnswered(run);
        yield return JudgeFillIds(run.Reports);
        yield return JudgeAddsUp(run);
        yield return JudgeOnce(Duplicate, run, run.Twice, $"{run.Twice.Length} orders sent twice, each executed once");
        yield return JudgeEmpty(run);
        yield return JudgeReason(run);
        yield return JudgeStrange(run);
        yield return JudgeLateCancel(CancelNothing, run.Reports, run.CancelOfNothing!, "never sent");
        yield return JudgeLateCancel(CancelDone, run.Reports, run.CancelOfDone!, "done");
        yield return JudgeRaces(run);
        yield return JudgeOnce(Cut, run, run.Cut, $"{run.Cut.Length} orders over a cut connection, each executed once");
        yield return JudgeOnce(Restart, run, run.Restarted,
            $"{run.Restarted.Length} orders over a restart, {run.RestartedTwice.Length} of them sent again after it, each executed once");
    }

    /// <summary>The rule without which nothing else can be seen.</summary>
    public static RuleResult JudgeAnswered(ExecutorRun run)
    {
        var faults = new List<string>(run.Reports.Faults.Distinct());
        foreach (var order in run.Plain)
        {
            var reports = run.Reports.Of(order.OrderId);
            var ends = run.Reports.EndsOf(order.OrderId);
            if (ends.Count != 1)
            {
                faults.Add(ends.Count == 0 ? $"{Name(order)} was not answered" : $"{Name(order)} ended as {string.Join(" and ", ends)}");
            }
            else if (reports.Any(report => report.PositionId != order.PositionId))
            {
                faults.Add($"{Name(order)} was reported for another position_id");
            }
            else if (run.Reports.FillsOf(order.OrderId).Any(fill => fill.LastPrice <= 0m))
            {
                faults.Add($"a fill of {Name(order)} has no last_price");
            }
        }

        if (faults.Count == 0 && run.Plain.All(order => run.Reports.FilledOf(order) == 0m))
        {
            faults.Add($"no order was filled, so nothing is known of fills; name a symbol and price it trades: "
                + (run.Reports.Of(run.Plain[0].OrderId) is [.., { Text: { } text }] ? text : "no reason given"));
        }

        return RuleResult.Of(Answered, faults, $"{run.Plain.Length} openings and closes, each with one end");
    }

    private static RuleResult JudgeFillIds(ReportBook reports)
    {
        var faults = new List<string>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        var fills = 0;
        foreach (var orderId in reports.OrderIds)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var fill in reports.FillsOf(orderId))
            {
                fills++;
                if (fill.FillId is not { } id)
                {
                    faults.Add($"a fill of {orderId} has no fill_id");
                }
                else if (!seen.Add(id))
                {
                    faults.Add($"two fills of {orderId} are both '{id}'");
                }
                else if (!owners.TryAdd(id, orderId))
                {
                    faults.Add($"'{id}' names fills of {owners[id]} and of {orderId}");
                }
            }
        }

        return fills == 0
            ? RuleResult.NotOffered(FillIds, "no fill was seen")
            : RuleResult.Of(FillIds, faults, $"{fills} fills with as many ids");
    }

    private static RuleResult JudgeAddsUp(ExecutorRun run)
    {
        var faults = new List<string>();
        var parts = 0;
        foreach (var order in run.Plain.Concat(run.Races.Select(race => race.Order)))
        {
            var fills = run.Reports.FillsOf(order.OrderId);
            parts += fills.Count > 1 ? fills.Count : 0;
            var sum = 0m;
            foreach (var fill in fills)
            {
                sum += ReportBook.Lots(order, fill);
                if (fill.CumulativeQuantity is { } said && said != sum)
                {
                    faults.Add(Invariant($"{Name(order)}: cumulative_quantity {said} after fills of {sum}"));
                }
            }

            if (sum > order.Quantity || (sum != order.Quantity && run.Reports.EndsOf(order.OrderId).Contains(OrderStatus.Filled)))
            {
                faults.Add(Invariant($"{Name(order)} of {order.Quantity} lots was filled with {sum}"));
            }
        }

        return faults.Count > 0 ? RuleResult.Of(AddsUp, faults, "")
            : parts > 0 ? RuleResult.Pass(AddsUp, $"{parts} partial fills")
            : RuleResult.NotOffered(AddsUp, "every order was filled at once");
    }

    /// <summary>Each has an end, and trades no more than was ordered, whatever was sent again or cut off.</summary>
    private static RuleResult JudgeOnce(string rule, ExecutorRun run, IReadOnlyList<Order> orders, string kept)
    {
        var faults = new List<string>();
        foreach (var order in orders)
        {
            var ends = run.Reports.EndsOf(order.OrderId);
            var filled = run.Reports.FilledOf(order);
            if (ends.Count == 0)
            {
                faults.Add($"{Name(order)} was not answered");
            }
            else if (filled > order.Quantity)
            {
                faults.Add(Invariant($"{Name(order)} of {order.Quantity} lots was executed for {filled}"));
            }
            else if (ends.Count > 1)
            {
                faults.Add($"{Name(order)} ended as {string.Join(" and ", ends)}");
            }
        }

        return RuleResult.Of(rule, faults, kept);
    }

    private static RuleResult JudgeEmpty(ExecutorRun run) => run.Reports.EndsOf(run.Empty!.OrderId) switch
    {
        [OrderStatus.Rejected] => RuleResult.Pass(Empty, "rejected"),
        [] => RuleResult.Fail(Empty, "an order of 0 lots was not answered"),
        var ends => RuleResult.Fail(Empty, $"an order of 0 lots ended as {string.Join(" and ", ends)}"),
    };

    private static RuleResult JudgeReason(ExecutorRun run)
    {
        var rejects = run.Reports.OrderIds.SelectMany(run.Reports.Of).Where(report => report.Status == OrderStatus.Rejected).ToList();
        return rejects.Count == 0
            ? RuleResult.NotOffered(Reason, "nothing was rejected")
            : RuleResult.Of(
                Reason,
                [
                    .. rejects.Where(reject => string.IsNullOrWhiteSpace(reject.Text))
                        .Select(reject => $"{reject.OrderId} was rejected without a reason"),
                ],
                rejects[0].Text ?? "");
    }

    private static RuleResult JudgeStrange(ExecutorRun run) => run.Reports.EndsOf(run.Strange!.OrderId) switch
    {
        [OrderStatus.Rejected] => RuleResult.Pass(Symbol, "rejected"),
        [OrderStatus.Filled] => RuleResult.NotOffered(Symbol, $"it trades any symbol, {run.Strange.Symbol} too"),
        [] => RuleResult.Fail(Symbol, $"an order in {run.Strange.Symbol} was not answered"),
        var ends => RuleResult.Fail(Symbol, $"an order in {run.Strange.Symbol} ended as {string.Join(" and ", ends)}"),
    };

    private static RuleResult JudgeLateCancel(string rule, ReportBook reports, Order cancel, string what)
    {
        var said = reports.Of(cancel.OrderId).Concat(reports.Of(cancel.TargetOrderId!)).Select(report => report.Status).ToList();
        return said.Contains(OrderStatus.Cancelled) ? RuleResult.Fail(rule, $"an order that was {what} was reported as cancelled")
            : said.Contains(OrderStatus.CancelRejected) ? RuleResult.Pass(rule, "cancel_rejected")
            : RuleResult.Fail(rule, $"the cancel of an order that was {what} was not answered with cancel_rejected");
    }

    private static RuleResult JudgeRaces(ExecutorRun run)
    {
        var faults = new List<string>();
        var cancelled = 0;
        foreach (var (order, cancel) in run.Races)
        {
            var reports = run.Reports.Of(order.OrderId);
            var ends = run.Reports.EndsOf(order.OrderId);
            var filled = run.Reports.FilledOf(order);
            var end = reports.FirstOrDefault(report => report.Status == OrderStatus.Cancelled);
            cancelled += end is null ? 0 : 1;
            if (ends.Count != 1)
            {
                faults.Add(ends.Count == 0 ? $"{Name(order)} was not answered" : $"{Name(order)} ended as {string.Join(" and ", ends)}");
            }
            else if (filled > order.Quantity)
            {
                faults.Add(Invariant($"{Name(order)} of {order.Quantity} lots was executed for {filled}"));
            }
            else if (end is not null && (end.CumulativeQuantity ?? filled) != filled)
            {
                faults.Add(Invariant($"{Name(order)} was cancelled at {end.CumulativeQuantity} lots and traded {filled}"));
            }
            else if (end is null && !reports.Concat(run.Reports.Of(cancel.OrderId)).Any(report => report.Status == OrderStatus.CancelRejected))
            {
                faults.Add($"the cancel of {Name(order)} was not answered");
            }
        }

        return RuleResult.Of(
            Race, faults, $"{run.Races.Length} orders with a cancel behind them: {cancelled} cancelled, {run.Races.Length - cancelled} not");
    }

    private static string Name(Order order) => $"{(order.Intent == OrderIntent.Close ? "close" : "order")} {order.OrderId}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
