using System.Globalization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Reconciliation;

namespace TradingEngine.Client.Certification;

/// <summary>Judges whether an agent's answers to reconcile requests are what it reported.</summary>
internal static class ReconcileRule
{
    public const string Rule = "reconcile";

    public static RuleResult Judge(ExecutorRun run, DateTimeOffset now)
    {
        if (!run.OffersReconcile)
        {
            return RuleResult.NotOffered(Rule, "agent_stats:execution has no reconcile true");
        }

        if (run.After?.Answer is not { } after)
        {
            return RuleResult.Fail(Rule, run.After?.Fault ?? "not asked");
        }

        var faults = new List<string>();
        var told = after.Reports.Select(report => ReportReader.Read(report, now, out _)).OfType<ExecutionReport>().ToList();
        foreach (var order in run.Asked)
        {
            var fills = told.Where(report => report.OrderId == order.OrderId && report.Status == OrderStatus.PartiallyFilled);
            var states = told.Where(report => report.OrderId == order.OrderId && report.Status != OrderStatus.PartiallyFilled).ToList();
            var known = run.Reports.FillsOf(order.OrderId);
            if (!Spelled(order, fills).SequenceEqual(Spelled(order, known), StringComparer.Ordinal))
            {
                faults.Add($"{order.OrderId} was reported with fills {Shown(order, known)} and is answered with {Shown(order, fills)}");
            }
            else if (after.NotFound.Contains(order.OrderId) && run.Reports.Of(order.OrderId).Count > 0)
            {
                faults.Add($"{order.OrderId} was reported and is answered as not_found");
            }
            else if (run.Reports.EndsOf(order.OrderId) is [OrderStatus.Rejected] && states.Any(state => state.Status != OrderStatus.Rejected))
            {
                faults.Add($"{order.OrderId} was rejected and is answered as {states[0].Status}");
            }
        }

        if (told.Any(report => report.OrderId == run.NeverSent))
        {
            faults.Add("an order that was never sent is answered as known");
        }

        var positions = JudgePositions(run, after, faults);
        return RuleResult.Of(Rule, faults, $"{run.Asked.Length} orders as reported, {positions}");
    }

    /// <summary>Compares what the run changed: what the agent held before is its own affair.</summary>
    private static string JudgePositions(ExecutorRun run, ReconcileAnswer after, List<string> faults)
    {
        if (after.Positions is not { } held)
        {
            return "positions not offered";
        }

        if (run.Before?.Answer?.Positions is not { } before)
        {
            faults.Add(run.Before?.Fault ?? "positions were left out of the first answer and are in the last");
            return "";
        }

        var traded = run.Trading.GroupBy(order => new Holding(order.Account, order.Symbol))
            .ToDictionary(group => group.Key, group => group.Sum(order => (order.Side == Side.Buy ? 1 : -1) * run.Reports.FilledOf(order)));
        foreach (var holding in traded.Keys.Union(held.Keys).Union(before.Keys))
        {
            var change = held.GetValueOrDefault(holding) - before.GetValueOrDefault(holding);
            if (change != traded.GetValueOrDefault(holding))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{holding.Symbol} of {holding.Account} changed by {change} lots, and {traded.GetValueOrDefault(holding)} were reported"));
            }
        }

        return "positions too";
    }

    private static IEnumerable<string> Spelled(Order order, IEnumerable<ExecutionReport> fills) => fills
        .Select(fill => $"{fill.FillId} {Number(ReportBook.Lots(order, fill))} at {Number(fill.LastPrice)}")
        .Order(StringComparer.Ordinal);

    private static string Shown(Order order, IEnumerable<ExecutionReport> fills) => $"[{string.Join(", ", Spelled(order, fills))}]";

    /// <summary>Without the zeros at its end, which tell nothing.</summary>
    private static string Number(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);
}
