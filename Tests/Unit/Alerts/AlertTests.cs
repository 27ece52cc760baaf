using TradingEngine.Trading.Alerts;
using TradingEngine.Trading.Positions;
using Xunit;

namespace TradingEngine.Tests.Unit.Alerts;

public sealed class AlertTests
{
    private static readonly DateTimeOffset s_now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Table_says_of_every_kind_what_it_means_and_what_to_do()
    {
        Assert.Equal(Enum.GetValues<AlertKind>(), AlertRules.Table.Select(rule => rule.Kind));
        Assert.All(AlertRules.Table, rule => Assert.True(rule.Meaning.Length > 20 && rule.Advice.EndsWith('.')));
        Assert.All(AlertRules.Table, rule => Assert.Equal(rule.Severity, AlertRules.SeverityOf(rule.Kind)));
    }

    [Fact]
    public void Table_of_the_documentation_is_this_one()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Orleans.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var text = File.ReadAllText(Path.Combine(root, "docs", "observability.md"));
        foreach (var rule in AlertRules.Table)
        {
            var kind = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.Kind.ToString());
            Assert.Contains($"| `{kind}` | {rule.Severity.ToString().ToLowerInvariant()} | {rule.Meaning} | {rule.Advice} |", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(FactKind.ModeChanged, "killed (kill by test: wrong prices)", "killed", AlertKind.Killed)]
    [InlineData(FactKind.ModeChanged, "killed_flattening (kill by breaker/MAX_DRAWDOWN: 10 %)", "killed_flattening", AlertKind.Killed)]
    [InlineData(FactKind.ModeChanged, "reduce_only (pause by breaker/DAILY_LOSS: 2 %)", "reduce_only", AlertKind.ModeChanged)]
    [InlineData(FactKind.ModeChanged, "paused (pause by operator)", "paused", null)]
    [InlineData(FactKind.BreakerTripped, "account/default: lost 2 %", "DAILY_LOSS", AlertKind.BreakerTripped)]
    [InlineData(FactKind.BreakerTripped, "account/default: execution was last heard of", "VENUE_DOWN", null)]
    [InlineData(FactKind.ReconciliationBreak, "holds 2, 1 by the agent", null, AlertKind.ReconciliationBreak)]
    [InlineData(FactKind.FeedStale, "no price for 9 s", null, AlertKind.FeedStale)]
    [InlineData(FactKind.MarketAnomaly, "flash crash", null, AlertKind.MarketAnomaly)]
    [InlineData(FactKind.AuditBroken, "disk full", null, AlertKind.AuditBroken)]
    [InlineData(FactKind.Overfill, null, null, AlertKind.Overfill)]
    [InlineData(FactKind.OrderFilled, null, null, null)]
    public void Fact_is_an_alert_where_somebody_has_to_look(FactKind fact, string? reason, string? code, AlertKind? expected)
    {
        var alert = AlertRules.Of(new TradingFact { Kind = fact, Time = s_now, Reason = reason, Code = code, Symbol = "BTCUSD" });

        Assert.Equal(expected, alert?.Kind);
    }

    [Fact]
    public void Every_fact_is_judged() =>
        Assert.All(Enum.GetValues<FactKind>(), kind => AlertRules.Of(new TradingFact { Kind = kind, Time = s_now }));

    [Fact]
    public void Same_cause_is_told_once_in_five_minutes_with_how_often_it_was_met()
    {
        var ledger = new AlertLedger();
        var alert = AlertRules.Of(AlertKind.AuditBroken, "full", s_now);

        Assert.NotNull(ledger.Judge(alert, s_now));
        Assert.Null(ledger.Judge(alert, s_now.AddSeconds(1)));
        Assert.Null(ledger.Judge(alert, s_now + AlertLedger.RepeatAfter - TimeSpan.FromTicks(1)));
        Assert.Equal(2, ledger.Judge(alert, s_now + AlertLedger.RepeatAfter)!.Repeats);
    }

    [Fact]
    public void Cause_that_ended_is_told_anew_at_once()
    {
        var ledger = new AlertLedger();
        var away = AlertRules.Of(AlertKind.StoreAway, "away", s_now);
        ledger.Judge(away, s_now);
        ledger.Judge(AlertRules.Of(AlertKind.StoreBack, "back", s_now) with { Ends = away.Key }, s_now.AddSeconds(5));

        Assert.NotNull(ledger.Judge(away, s_now.AddSeconds(9)));
    }

    [Fact]
    public void Flood_leaves_room_for_what_is_critical_and_says_what_was_left_out()
    {
        var ledger = new AlertLedger();
        Alert Of(AlertKind kind, int cause) => new(kind, $"{kind}/{cause}", "text", s_now);
        var told = Enumerable.Range(0, 50).Count(cause => ledger.Judge(Of(AlertKind.FeedStale, cause), s_now) is not null);

        Assert.Equal(AlertLedger.MostAMinute, told);
        Assert.Null(ledger.Due(s_now.AddSeconds(30)));
        Assert.Equal(50 - AlertLedger.MostAMinute, ledger.Judge(Of(AlertKind.Killed, 0), s_now.AddSeconds(30))!.LeftOut);
        Assert.Null(ledger.Judge(Of(AlertKind.FeedStale, 99), s_now.AddSeconds(59)));
        Assert.Equal("1 alerts were left out", ledger.Due(s_now.AddSeconds(60))!.Text);
        Assert.Null(ledger.Due(s_now.AddSeconds(61)));
        Assert.NotNull(ledger.Judge(Of(AlertKind.FeedStale, 100), s_now.AddSeconds(61)));
    }

    [Fact]
    public void Ledger_remembers_so_many_causes_and_no_more()
    {
        var ledger = new AlertLedger();
        var time = s_now;
        for (var cause = 0; cause <= AlertLedger.MostKeys; cause++, time += TimeSpan.FromSeconds(0.25 * 60))
        {
            Assert.NotNull(ledger.Judge(new Alert(AlertKind.FeedStale, $"{cause}", "text", time), time));
        }

        Assert.Null(ledger.Judge(new Alert(AlertKind.FeedStale, $"{AlertLedger.MostKeys}", "text", time), time));
    }

    [Fact]
    public void Condition_is_told_when_it_has_lasted_and_when_it_is_over()
    {
        var watch = new ConditionWatch(AlertKind.StoreAway, AlertKind.StoreBack, after: 2);

        Assert.Null(watch.See(false, "", s_now));
        Assert.Null(watch.See(true, "", s_now));
        Assert.Null(watch.See(false, "", s_now));
        Assert.Null(watch.See(true, "", s_now));
        Assert.Equal(AlertKind.StoreAway, watch.See(true, "gone", s_now)!.Kind);
        Assert.Null(watch.See(true, "", s_now));
        var back = watch.See(false, "back", s_now)!;
        Assert.Equal((AlertKind.StoreBack, nameof(AlertKind.StoreAway)), (back.Kind, back.Ends));
        Assert.Null(watch.See(false, "", s_now));
    }

    [Fact]
    public void Dead_letters_are_an_alert_beyond_so_many_a_minute()
    {
        var rate = new DeadLetterRate();
        Assert.Null(rate.See(500, s_now));
        Assert.Null(rate.See(500 + DeadLetterRate.MostAMinute, s_now.AddSeconds(30)));
        Assert.Null(rate.See(500 + DeadLetterRate.MostAMinute + 5, s_now.AddSeconds(91)));
        Assert.Equal(AlertKind.DeadLetters, rate.See(500 + DeadLetterRate.MostAMinute + 16, s_now.AddSeconds(92))!.Kind);
    }
}
