using System.Text;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Grains.Tiers;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Health;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Wire;

/// <summary>The exact text of what tiers 3 and 4 ask and show, and what they read.</summary>
public sealed class TierWireTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 14, 12, 0, 0, 250, TimeSpan.Zero);

    [Fact]
    public void Request_names_itself_and_where_its_answer_goes() => Assert.Equal(
        """{"type":"market_analysis","request_id":"market_analysis-1768392000250-7","reply_to":"market_analysis_requests:replies","source":"trading_engine","timestamp":1768392000.25,"more":1}""",
        Text(new Requests(TimeSpan.FromSeconds(10)).Ask("market_analysis_requests", "market_analysis", 7, Now, json => json.WriteNumber("more", 1)).Payload));

    [Fact]
    public void Decision_says_who_what_and_why() => Assert.Equal(
        """{"timestamp":1768392000.25,"tier":"strategic","decision":"weight of a 1 -\u003E 1.1","reason":"RiskParity, target 1.2"}""",
        Text(TierWriter.Decision("strategic", "weight of a 1 -> 1.1", "RiskParity, target 1.2", Now)));

    [Fact]
    public void Measure_says_null_for_what_is_not_known()
    {
        Assert.Equal(
            """{"symbol":"BTCUSD","regime":"trending","volatility":0.812346,"volatility_ratio":1.5,"trend_strength":-0.5,"spread_bps":2,"samples":240}""",
            TierWriter.Measure(new MarketMeasure("BTCUSD", 240, 0.8123456, 1.5, -0.5, 2d, MarketRegime.Trending)));
        Assert.Equal(
            """{"symbol":"BTCUSD","regime":"unknown","volatility":null,"volatility_ratio":null,"trend_strength":null,"spread_bps":null,"samples":0}""",
            TierWriter.Measure(new MarketMeasure("BTCUSD", 0, null, null, null, null, MarketRegime.Unknown)));
    }

    [Fact]
    public void Health_and_share_are_written()
    {
        Assert.Equal(
            """{"agent":"core","condition":"late","lag_seconds":91.5,"version":"1.2"}""",
            TierWriter.Health(new AgentHealth("core", AgentCondition.Late, TimeSpan.FromSeconds(91.5), "1.2")));
        Assert.Equal(
            """{"agent":"core","condition":"never_seen","lag_seconds":null,"version":null}""",
            TierWriter.Health(new AgentHealth("core", AgentCondition.NeverSeen, null, null)));
        Assert.Equal(
            """{"weight":1.2,"effective_weight":0.6,"standing":"cut","reason":"profit factor 0.8"}""",
            TierWriter.Share(new CapitalShare(1.2m, StrategyStanding.Cut, "profit factor 0.8", null, null), 0.6m));
    }

    [Fact]
    public void Answer_is_read_with_all_it_may_say()
    {
        var answer = AnswerReader.Read(Encoding.UTF8.GetBytes(
            """{"request_id":"r-1","agent":"risk_management","regime":"quiet","confidence":"0.9","severity":"high","message":"m","symbols":[{"symbol":"BTCUSD","volatility":0.8,"trend":1},{"symbol":"ETHUSD"}],"weights":{"Momentum":1.5}}"""),
            out var error)!;

        Assert.Null(error);
        Assert.Equal(
            ("r-1", "risk_management", "quiet", 0.9m, "high", "m"),
            (answer.RequestId, answer.Agent, answer.Regime, answer.Confidence!.Value, answer.Severity, answer.Message));
        Assert.Equal([KeyValuePair.Create("BTCUSD", 0.8m)], answer.Volatilities);
        Assert.Equal([KeyValuePair.Create("momentum", 1.5m)], answer.Weights);
    }

    [Fact]
    public void Answer_counts_once_in_time_and_to_the_newest_request()
    {
        var requests = new Requests(TimeSpan.FromSeconds(10));
        requests.Ask("k", "a", 1, Now);
        requests.Ask("k", "b", 1, Now);
        var first = $"a-{Now.ToUnixTimeMilliseconds()}-1";
        Assert.False(requests.IsAnswered("a"));

        Assert.Equal("a", requests.Take(first, "e1", Now.AddSeconds(10)).Type);
        Assert.True(requests.IsAnswered("a"));
        Assert.False(requests.IsAnswered("b"));

        // The same message again: what it asked for may not have been done. Another one came too late.
        Assert.Equal("a", requests.Take(first, "e1", Now.AddSeconds(60)).Type);
        Assert.Equal((null, "another answer came before it"), requests.Take(first, "e2", Now.AddSeconds(1)));
        Assert.Equal(
            (null, "it came after 11 s, 10 s are waited"), requests.Take($"b-{Now.ToUnixTimeMilliseconds()}-1", "e3", Now.AddSeconds(11)));

        requests.Ask("k", "a", 2, Now.AddSeconds(30));
        Assert.False(requests.IsAnswered("a"));
        Assert.Null(requests.Take(first, "e1", Now.AddSeconds(30)).Type);
        Assert.Equal((3L, 1L), (requests.Sent, requests.Used));
    }

    [Fact]
    public void Signal_and_warning_may_name_one_symbol()
    {
        var signal = TacticalReader.Read(
            """{"action":"market_anomaly","severity":"high","symbol":"BTCUSD"}"""u8.ToArray(), Now, out _)!;
        var alert = AlertReader.Read(
            """{"type":"IMMEDIATE_IMBALANCE_ALERT","imbalance":{"type":"book","severity":"high","symbol":"ETHUSD"}}"""u8.ToArray(), Now, out _)!;

        Assert.Equal(("BTCUSD", "ETHUSD", AlertKind.Imbalance), (signal.Symbol, alert.Symbol, alert.Kind));
        Assert.Null(TacticalReader.Read("""{"action":"market_anomaly","severity":"high","symbol":"A B"}"""u8.ToArray(), Now, out var error));
        Assert.NotNull(error);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
