using System.Text;
using TradingEngine.Client.Certification;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Orders;
using Xunit;

namespace TradingEngine.Tests.Cluster.Certification;

/// <summary>Answers to reconcile requests, beside what was reported: a buy of 0.03 lots, and a reject.</summary>
public sealed class ReconcileRuleTests
{
    private const string Fill = """{"order_id":"<1>","fill_id":"f","last_quantity":0.03,"last_price":60000.0}""";
    private const string Truth = """[{"order_id":"<1>","status":"filled"},{"order_id":"<2>","status":"rejected"},{"order_id":"never","status":"not_found"}]""";
    private const string Held = """[{"symbol":"ETHUSD","quantity":1},{"symbol":"BTCUSD","quantity":0.13}]""";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_767_614_400);

    private readonly ExecutorOrders _orders = new(new("BTCUSD", 60_000m, 0.03m, "default", false, TimeSpan.FromSeconds(1)), "run");

    [Theory]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}],"orders":{{Truth}},"positions":{{Held}}}""", true)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}],"orders":{{Truth}}}""", true)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}]}""", true)]
    [InlineData($$"""{"request_id":"r","fills":[],"orders":{{Truth}},"positions":{{Held}}}""", false)]
    [InlineData("""{"request_id":"r","fills":[{"order_id":"<1>","fill_id":"g","last_quantity":0.03,"last_price":60000}]}""", false)]
    [InlineData("""{"request_id":"r","fills":[{"order_id":"<1>","fill_id":"f","last_quantity":0.02,"last_price":60000}]}""", false)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}},{"order_id":"<2>","fill_id":"g","last_quantity":1,"last_price":1}]}""", false)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}],"orders":[{"order_id":"<1>","status":"not_found"}]}""", false)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}],"orders":[{"order_id":"<2>","status":"filled"}]}""", false)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}],"orders":[{"order_id":"never","status":"accepted","position_id":"p"}]}""", false)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}],"positions":[{"symbol":"BTCUSD","quantity":0.13}]}""", false)]
    [InlineData($$"""{"request_id":"r","fills":[{{Fill}}],"positions":[{"symbol":"ETHUSD","quantity":1},{"symbol":"BTCUSD","quantity":0.07}]}""", false)]
    public void Answer_is_kept_where_it_is_what_was_reported(string answer, bool isKept)
    {
        var bought = _orders.Open();
        var rejected = _orders.Open();
        var run = new ExecutorRun
        {
            Plain = [bought, rejected], OffersReconcile = true, Asked = [bought, rejected], NeverSent = "never",
            Before = Read("""{"request_id":"b","positions":[{"symbol":"BTCUSD","quantity":0.1},{"symbol":"ETHUSD","quantity":1}]}"""),
            After = Read(answer.Replace("<1>", bought.OrderId, StringComparison.Ordinal).Replace("<2>", rejected.OrderId, StringComparison.Ordinal)),
        };
        Report(run, bought, "\"status\":\"filled\",\"fill_id\":\"f\",\"last_quantity\":0.03,\"last_price\":60000");
        Report(run, rejected, "\"status\":\"rejected\"");

        var result = ReconcileRule.Judge(run, Now);

        Assert.True(result.Outcome == (isKept ? RuleOutcome.Pass : RuleOutcome.Fail), result.Seen);
    }

    [Fact]
    public void Answer_that_does_not_come_is_broken_and_one_that_is_not_offered_is_not()
    {
        Assert.Equal(RuleOutcome.Fail, ReconcileRule.Judge(new ExecutorRun { OffersReconcile = true, After = new(null, "none") }, Now).Outcome);
        Assert.Equal(RuleOutcome.NotOffered, ReconcileRule.Judge(new ExecutorRun(), Now).Outcome);
    }

    private static Reconciled Read(string json)
    {
        var answer = ReconcileReader.Read(Encoding.UTF8.GetBytes(json), Now, out var error);
        return new Reconciled(answer, error?.Detail);
    }

    private static void Report(ExecutorRun run, Order order, string fields) =>
        run.Reports.Add(Encoding.UTF8.GetBytes($$"""{"order_id":"{{order.OrderId}}",{{fields}}}"""), Now);
}
