using System.Collections.Immutable;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Portfolio;
using Xunit;

namespace TradingEngine.Tests.Unit.Configuration;

/// <summary>What a running engine may not change, what differs and where it comes from.</summary>
public sealed class ConfigurationChecksTests
{
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary<string, string>.Empty;

    private const string Perp = """
        {"instruments": {"XBTPERP":
          {"assetClass": "crypto", "quoteCurrency": "USD", "baseCurrency": "BTC", "lotStep": 1, "tickSize": 0.5, "contractSize": 100}}}
        """;

    [Fact]
    public void Currency_of_an_account_that_traded_stays()
    {
        var before = Read("""{"accounts": {"alpha": {"currency": "EUR", "equity": 1000}}}""");

        Assert.Equal(
            [
                "accounts.beta.currency is EUR; account beta has traded in USD and keeps it",
                "account.currency is GBP; account default has traded in USD and keeps it",
            ],
            ConfigurationChecks.Of(
                before,
                Read("""{"account": {"currency": "GBP"}, "accounts": {"alpha": {"currency": "EUR", "equity": 5}, "beta": {"currency": "EUR", "equity": 1}}}"""),
                ["default", "beta", "alpha"], []));
        Assert.Empty(ConfigurationChecks.Of(before, Read("""{"account": {"currency": "GBP", "equity": 5}}"""), [], []));
        Assert.Equal(
            ["account.currency is USD; account alpha has traded in EUR and keeps it"],
            ConfigurationChecks.Of(before, Read("{}"), ["alpha"], []));
    }

    [Fact]
    public void Contract_stays_while_positions_are_open()
    {
        var before = Read(Perp);
        var after = Read(Perp.Replace("100", "10", StringComparison.Ordinal).Replace("0.5", "0.1", StringComparison.Ordinal));

        Assert.Equal(
            ["instruments.XBTPERP.contractSize differs from 100; positions in XBTPERP are open: leave it until they are closed"],
            ConfigurationChecks.Of(before, after, [], ["XBTPERP", "BTCUSD", "NOSUCH"]));
        Assert.Equal(
            ["instruments.XBTPERP is missing; positions in XBTPERP are open: leave it until they are closed"],
            ConfigurationChecks.Of(before, Read("{}"), [], ["XBTPERP"]));
        Assert.Empty(ConfigurationChecks.Of(before, after, [], []));
    }

    [Fact]
    public void Limit_of_a_breaker_does_not_vanish_under_a_running_engine()
    {
        var none = Read("""{"risk": {"maxGrossShare": 1}}""");
        var open = Read("""{"risk": {"isStructuralOnly": true}}""");

        Assert.Equal(
            ["risk.maxDailyLoss is missing", "risk.maxDrawdown is missing", "risk.killDrawdown is missing"],
            ConfigurationChecks.Of(TradingConfiguration.Default, none, [], []).Select(error => error[..error.IndexOf(';', StringComparison.Ordinal)]));
        Assert.Equal(3, ConfigurationChecks.Of(open, none, [], []).Length);
        Assert.Empty(ConfigurationChecks.Of(none, none, [], []));
        Assert.Empty(ConfigurationChecks.Of(TradingConfiguration.Default, open, [], []));
        Assert.Empty(ConfigurationChecks.Of(open, TradingConfiguration.Default, [], []));
    }

    [Fact]
    public void Differences_name_path_before_and_after_and_origins_follow()
    {
        var before = Read("""{"sizing": {"trend": {"method": "kelly"}}}""");
        var after = Read("""{"risk": {"basedOn": "conservative", "name": "conservative", "maxGrossShare": 2}, "accounts": {"a": {"currency": "EUR", "equity": 5}}}""");
        var changes = ConfigurationDifferences.Between(before, after);

        Assert.Equal(
            [
                "accounts.a.currency (none) -> \"EUR\"", "accounts.a.equity (none) -> 5", "risk.maxGrossShare 1.00 -> 2",
                "sizing.trend.kellyPart 0.5 -> (none)", "sizing.trend.maxShare 0.02 -> (none)", "sizing.trend.method \"kelly\" -> (none)",
                "sizing.trend.share 0 -> (none)",
            ],
            changes.Select(change => change.ToString()));

        var origins = ConfigurationDifferences.OriginsAfter(
            ConfigurationDifferences.OriginsAfter(None, ConfigurationDifferences.Between(TradingConfiguration.Default, before), "file"), changes, "version 2");
        Assert.Equal(["accounts.a.currency", "accounts.a.equity", "risk.maxGrossShare"], origins.Keys);
        Assert.All(origins.Values, origin => Assert.Equal("version 2", origin));
    }

    [Fact]
    public void Another_start_moves_day_and_peak_and_is_neither_won_nor_lost()
    {
        var today = new DateOnly(2026, 1, 14);
        var day = AccountDay.After(null, 1_000m, 1_200m, today);

        var drawn = AccountDay.After(day, 400m, 600m, today);
        Assert.Equal(new AccountDay(today, 400m, 600m) { Start = 400m }, drawn);
        Assert.True(drawn.IsWorthWriting(day));
        Assert.Equal(new AccountDay(today, 1_400m, 1_600m) { Start = 1_400m }, AccountDay.After(drawn, 1_400m, 1_600m, today));

        // An earlier version did not say what it started with: as if it were the same.
        Assert.Equal(day with { Start = 400m }, AccountDay.After(day with { Start = null }, 400m, 600m, today));
    }

    private static TradingConfiguration Read(string json) => ConfigurationReaderTests.Read(json);
}
