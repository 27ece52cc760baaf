using System.Globalization;
using System.Text;
using TradingEngine.Client.Certification;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Cluster.Certification;

/// <summary>Judgements on reports that the sample agents never give: parts, races, late fills, answers told twice.</summary>
public sealed class ExecutorRuleTests
{
    private static readonly ExecutorOptions Options = new("BTCUSD", 60_000m, 0.03m, "default", false, TimeSpan.FromSeconds(1));

    private readonly ExecutorOrders _orders = new(Options, "run");
    private readonly ExecutorRun _run = new();

    public ExecutorRuleTests()
    {
        // All as it should be; each test then says one thing otherwise.
        _run.Plain = _orders.Open(1);
        _run.Twice = _orders.Open(1);
        _run.Empty = _orders.Open() with { Quantity = 0m };
        _run.Strange = _orders.Open() with { Symbol = ExecutorOrders.StrangeSymbol };
        _run.Done = _orders.Open();
        _run.CancelOfNothing = ExecutorOrders.Cancel(_orders.Open());
        _run.CancelOfDone = ExecutorOrders.Cancel(_run.Done);
        _run.Races = [.. _orders.Open(1).Select(order => (order, ExecutorOrders.Cancel(order)))];
        _run.Cut = _orders.Open(1);
        _run.Restarted = _orders.Open(2);
        foreach (var order in new[] { _run.Twice[0], _run.Done, _run.Cut[0], _run.Restarted[0], _run.Restarted[1] })
        {
            Fill(order, $"{order.OrderId}-1", 0.03m, 0.03m, "filled");
        }

        End(_run.Empty, "rejected", "no lots");
        End(_run.Strange, "rejected", "no such symbol");
        End(_run.CancelOfNothing, "cancel_rejected");
        End(_run.CancelOfDone with { OrderId = _run.CancelOfDone.TargetOrderId! }, "cancel_rejected");
    }

    [Fact]
    public void Parts_that_add_up_and_a_cancelled_rest_keep_the_rules()
    {
        Fill(_run.Plain[0], "a", 0.01m, 0.01m, "partially_filled");
        Fill(_run.Plain[0], "b", 0.02m, 0.03m, "filled");
        Fill(_run.Plain[0], "b", 0.02m, 0.03m, "filled");
        var (order, _) = _run.Races[0];
        Fill(order, "c", 0.01m, 0.01m, "partially_filled");
        End(order, "cancelled", cumulative: 0.02m);
        Fill(order, "d", 0.01m, 0.02m, "partially_filled");

        Assert.All(ExecutorRules.Judge(_run), rule => Assert.Equal(RuleOutcome.Pass, rule.Outcome));
    }

    [Theory]
    [InlineData(0.01, 0.01, 0.02, 0.02)]
    [InlineData(0.01, 0.01, 0.01, 0.02)]
    [InlineData(0.02, 0.02, 0.02, 0.04)]
    public void Parts_that_do_not_add_up_break_that_rule_alone(double first, double firstSum, double second, double secondSum)
    {
        Fill(_run.Plain[0], "a", (decimal)first, (decimal)firstSum, "partially_filled");
        Fill(_run.Plain[0], "b", (decimal)second, (decimal)secondSum, "filled");
        FillRace();

        Assert.Equal([ExecutorRules.AddsUp], Failed());
    }

    [Fact]
    public void Parts_with_one_id_break_the_rule_about_ids_alone()
    {
        Fill(_run.Plain[0], "a", 0.01m, 0.01m, "partially_filled");
        Fill(_run.Plain[0], "a", 0.02m, 0.03m, "filled");
        FillRace();

        Assert.Equal([ExecutorRules.FillIds], Failed());
    }

    [Theory]
    [InlineData("filled", "cancelled", 0.03)]
    [InlineData("partially_filled", "cancelled", 0.01)]
    [InlineData("partially_filled", null, 0.03)]
    public void Race_that_ends_twice_or_wrongly_or_not_breaks_that_rule_alone(string fill, string? end, double cumulative)
    {
        FillPlain();
        var (order, _) = _run.Races[0];
        Fill(order, "c", fill == "filled" ? 0.03m : 0.02m, fill == "filled" ? 0.03m : 0.02m, fill);
        if (end is not null)
        {
            End(order, end, cumulative: (decimal)cumulative);
        }

        Assert.Equal([ExecutorRules.Race], Failed());
    }

    [Fact]
    public void Filled_race_whose_cancel_is_not_answered_breaks_that_rule_alone()
    {
        FillPlain();
        var (order, _) = _run.Races[0];
        Fill(order, "c", 0.03m, 0.03m, "filled");

        Assert.Equal([ExecutorRules.Race], Failed());
    }

    [Fact]
    public void Second_execution_after_a_restart_or_a_cut_breaks_the_rule_about_it_alone()
    {
        FillPlain();
        FillRace();
        Fill(_run.Restarted[0], "again", 0.03m, 0.06m, "filled");

        Assert.Equal([ExecutorRules.Restart], Failed());
    }

    [Fact]
    public void Reject_without_a_reason_breaks_that_rule_alone()
    {
        FillPlain();
        FillRace();
        var order = _orders.Open();
        End(order, "rejected");

        Assert.Equal([ExecutorRules.Reason], Failed());
    }

    private IEnumerable<string> Failed() => ExecutorRules.Judge(_run).Where(rule => rule.Outcome == RuleOutcome.Fail).Select(rule => rule.Rule);

    private void FillPlain() => Fill(_run.Plain[0], "plain", 0.03m, 0.03m, "filled");

    private void FillRace()
    {
        Fill(_run.Races[0].Order, "race", 0.03m, 0.03m, "filled");
        End(_run.Races[0].Cancel, "cancel_rejected");
    }

    private void Fill(Order order, string id, decimal quantity, decimal cumulative, string status) => Add(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"order_id":"{{order.OrderId}}","fill_id":"{{id}}","last_quantity":{{quantity}},"last_price":1,"cumulative_quantity":{{cumulative}},"status":"{{status}}"}"""));

    private void End(Order order, string status, string? reason = null, decimal? cumulative = null) => Add(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"order_id":"{{order.OrderId}}","status":"{{status}}","reason":{{(reason is null ? "null" : $"\"{reason}\"")}},"cumulative_quantity":{{cumulative?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}"""));

    private void Add(string json) => _run.Reports.Add(Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch.AddDays(1));
}
