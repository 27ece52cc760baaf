using System.Globalization;
using System.Text;
using TradingEngine.Client.Certification;
using Xunit;

namespace TradingEngine.Tests.Cluster.Certification;

/// <summary>Judgements on signals that the sample agent never sends.</summary>
public sealed class StrategyRuleTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_767_614_400);

    [Theory]
    [InlineData("""{"signal_id":"a","action":"buy","symbol":"BTCUSD","entry_price":100,"stop_loss":99,"take_profit":101,"timestamp":1767614399}""", 2, "")]
    [InlineData("""{"signal_id":"a","action":"sell","symbol":"BTCUSD","stop_loss":101,"timestamp":1767614399}""", 2, "")]
    [InlineData("""{"signal_id":"a","action":"arbitrage","symbol":"BTCUSD","buy_price":99,"sell_price":100,"timestamp":1767614399}""", 1, "")]
    [InlineData("""{"signal_id":"a","action":"regime_change","new_regime":"calm","confidence":0.5,"timestamp":1767614399}""", 3, "")]
    [InlineData("""{"signal_id":"a","action":"buy","symbol":"BTCUSD","stop_loss":100,"timestamp":1767614399}""", 2, "prices")]
    [InlineData("""{"signal_id":"a","action":"sell","symbol":"BTCUSD","entry_price":100,"take_profit":101,"timestamp":1767614399}""", 2, "prices")]
    [InlineData("""{"signal_id":"a","action":"buy","symbol":"BTCUSD"}""", 2, "timestamps")]
    [InlineData("""{"signal_id":"a","action":"buy","symbol":"BTCUSD","timestamp":1767614390}""", 2, "timestamps")]
    [InlineData("""{"signal_id":"a","action":"buy","symbol":"BTCUSD","timestamp":1767614410}""", 2, "timestamps")]
    [InlineData("""{"signal_id":"a","action":"arbitrage","symbol":"BTCUSD","timestamp":1767614397}""", 1, "timestamps")]
    [InlineData("""{"action":"buy","symbol":"BTCUSD","timestamp":1767614399}""", 2, "ids")]
    [InlineData("""{"signal_id":"a","action":"dance","symbol":"BTCUSD","timestamp":1767614399}""", 2, "action")]
    [InlineData("""{"signal_id":"a","action":"buy","symbol":"BTCUSD","quantity":-1,"timestamp":1767614399}""", 2, "readable")]
    [InlineData("no signal", 2, "readable")]
    public void Signal_breaks_the_rule_its_fault_is_about_and_no_other(string message, int tier, string rule)
    {
        var results = StrategyRules.Judge([Seen(message, tier)], 1, 1);

        Assert.Equal(rule.Length == 0 ? [] : [rule], Failed(results));
    }

    [Fact]
    public void One_id_of_two_signals_is_broken_and_the_same_signal_again_is_not()
    {
        var first = Seen(Buy("a", 100, 1));

        Assert.Empty(Failed(StrategyRules.Judge([first, first], 1, 2)));
        Assert.Equal(["ids"], Failed(StrategyRules.Judge([first, Seen(Buy("a", 101, 1))], 1, 2)));
    }

    [Theory]
    [InlineData("b", 100, 1, false, false)]
    [InlineData("b", 100, 2, true, false)]
    [InlineData("b", 100, 2, false, true)]
    [InlineData("b", 101, 1, true, true)]
    [InlineData("a", 100, 1, true, true)]
    public void Signal_repeated_under_another_id_is_told_by_its_time_and_after_a_restart_by_its_price(
        string id, int price, int second, bool hasNewPrices, bool isKept)
    {
        var before = Seen(Buy("a", 100, 1));
        var after = Seen(Buy(id, price, second)) with { At = Now.AddSeconds(2) };

        var result = StrategyRules.JudgeBreak("restart", [before], [after], 1, hasNewPrices);

        Assert.Equal(isKept ? RuleOutcome.Pass : RuleOutcome.Fail, result.Outcome);
    }

    [Fact]
    public void Silence_is_broken()
    {
        Assert.Equal(["sent"], Failed(StrategyRules.Judge([], 1, 0)));
        Assert.Equal(RuleOutcome.Fail, StrategyRules.JudgeBreak("restart", [], [], 1, false).Outcome);
    }

    private static IEnumerable<string> Failed(IEnumerable<RuleResult> results) =>
        results.Where(rule => rule.Outcome == RuleOutcome.Fail).Select(rule => rule.Rule);

    private static string Buy(string id, int price, int second) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"signal_id":"{{id}}","action":"buy","symbol":"BTCUSD","entry_price":{{price}},"timestamp":{{1_767_614_390 + 5 + second}}}""");

    private static SeenSignal Seen(string message, int tier = 2) => SeenSignal.Read(tier, Encoding.UTF8.GetBytes(message), Now, 100m);
}
