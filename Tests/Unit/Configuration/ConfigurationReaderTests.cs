using System.Collections.Immutable;
using System.Text;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Optimisation;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using TradingEngine.Trading.Strategies;
using Xunit;

namespace TradingEngine.Tests.Unit.Configuration;

/// <summary>What a configuration may say, and that every error is told at once.</summary>
public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Nothing_written_is_the_conservative_default()
    {
        var read = Read("{}");

        Assert.Equal(RiskLimits.Conservative, read.Risk.General);
        Assert.Equal(new AccountTerms("USD", 100_000m), read.TermsOf("any"));
        Assert.Equal("information", read.LogLevel);
        Assert.Empty(read.Sizing);
        Assert.Empty(ConfigurationDifferences.Between(TradingConfiguration.Default, read));
    }

    [Fact]
    public void Every_section_is_read()
    {
        var read = Read("""
            {
              // for the desk
              "$schema": "config.json", "version": 7, "LOGLEVEL": "Debug",
              "account": { "equity": 5000 },
              "accounts": { "alpha": { "currency": "EUR", "equity": 2000.5 } },
              "risk": { "basedOn": "conservative", "name": "desk", "maxGrossShare": 2, "accounts": { "alpha": { "maxPositionShare": 0.05 } } },
              "sizing": { "Trend": { "method": "risk_per_trade", "share": 0.01 }, "k": { "method": "kelly", "kellyPart": 0.25 } },
              "instruments": { "XBTPERP": { "assetClass": "crypto", "quoteCurrency": "USD", "lotStep": 1, "tickSize": 0.5 } },
              "positionModes": { "Trend": "net" },
              "tierOne": { "making": { "quoteAge": "00:00:03", "groupTimeout": 0.5, "maxInventory": null } },
              "tactics": { "closesOnHigh": true, "haltFor": "00:00:00" },
              "weights": { "method": "minimum_variance", "mostShare": 0.6 },
              "review": { "cutSharpe": -0.5, "suspendDrawdown": null }
            }
            """);

        Assert.Equal("debug", read.LogLevel);
        Assert.Equal((new AccountTerms("USD", 5_000m), new AccountTerms("EUR", 2_000.5m)), (read.TermsOf("beta"), read.TermsOf("alpha")));
        Assert.Equal(("desk", 2m, 0.02m), (read.Risk.Name, read.Risk.General.MaxGrossShare, read.Risk.General.MaxDailyLoss));
        Assert.Equal(0.05m, read.Risk.For("alpha", "trend", "BTCUSD").MaxPositionShare);
        Assert.Equal(new SizingRule { Method = SizingMethod.RiskPerTrade, Share = 0.01m }, read.Sizing["trend"]);
        Assert.Equal(1m, read.InstrumentOf("XBTPERP", default)!.MinQuantity);
        Assert.Equal(PositionMode.Net, read.PositionModes["trend"]);
        Assert.Equal(
            new TierOneTerms { QuoteAge = TimeSpan.FromSeconds(3), GroupTimeout = TimeSpan.FromSeconds(0.5) }, read.TierOne["making"]);
        Assert.True(read.Tactics.ClosesOnHigh);
        Assert.Equal(TimeSpan.Zero, read.Tactics.HaltFor);
        Assert.Equal((OptimisationMethod.MinimumVariance, 0.6), (read.Weights.Method, read.Weights.MostShare));
        Assert.Equal((-0.5, null), (read.Review.CutSharpe, read.Review.SuspendDrawdown));
        Assert.Equal(7, ConfigurationReader.Read(Encoding.UTF8.GetBytes("""{"version": 7}""")).Version);
    }

    [Theory]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("{", "it is not JSON: ")]
    [InlineData("""{"loglevel": "\ud800"}""", "it is not JSON: ")]
    [InlineData("""{"limits": {}}""", "limits is {}; use one of logLevel, account, ")]
    [InlineData("""{"logLevel": "loud"}""", "logLevel is \"loud\"; use trace, debug, information, warning, error or critical")]
    [InlineData("""{"logLevel": 1}""", "logLevel is 1; use trace")]
    [InlineData("""{"logLevel": "debug", "LogLevel": "debug"}""", "LogLevel is there twice; write it once")]
    [InlineData("""{"version": -1}""", "version is -1; use the whole number that config show gave")]
    [InlineData("""{"version": 1.5}""", "version is 1.5; use the whole number that config show gave")]
    [InlineData("""{"account": 1}""", "account is 1; use an object of currency, equity")]
    [InlineData("""{"account": {"equity": 0.5}}""", "account.equity is 0.5; use a number from 1 to 1000000000000")]
    [InlineData("""{"account": {"equity": "5000"}}""", "account.equity is \"5000\"; use a number from 1 to 1000000000000")]
    [InlineData("""{"account": {"currency": "usd"}}""", "account.currency is \"usd\"; use 1 to 16 capital letters")]
    [InlineData("""{"account": {"money": 1}}""", "account.money is 1; use currency or equity")]
    [InlineData("""{"accounts": []}""", "accounts is []; use an object by name")]
    [InlineData("""{"accounts": {"": {"currency": "USD", "equity": 1}}}""", "accounts. is {\"currency\": \"USD\", \"equity\": 1}; use a name of 1 to 64 characters")]
    [InlineData("""{"risk": {"basedOn": "conservative", "accounts": {"a\u001bb": {}}}}""", "risk.accounts has a name with control characters; write it without them")]
    [InlineData("""{"accounts": {"a": {"equity": 1}}}""", "accounts.a.currency is missing; use 1 to 16 capital letters")]
    [InlineData("""{"accounts": {"a": {"currency": "USD"}}}""", "accounts.a.equity is missing; use a number from 1")]
    [InlineData("""{"accounts": {"a": 1}}""", "accounts.a is 1; use an object of currency, equity")]
    [InlineData("""{"risk": "open"}""", "risk is \"open\"; use an object such as")]
    [InlineData("""{"risk": {"maxGrossShare": -1}}""", "risk.maxGrossShare is -1; use a number from 0 to 1000")]
    [InlineData("""{"risk": {"accounts": {"a": {}, "a": {}}}}""", "risk.accounts.a is there twice; write it once")]
    [InlineData("""{"sizing": {"trend": {"method": "all_in"}}}""", "sizing.trend.method is \"all_in\"; use fixed, percent_of_equity, ")]
    [InlineData("""{"sizing": {"trend": {"method": "percent_of_equity"}}}""", "sizing.trend.share is 0; use more than 0, which its method needs")]
    [InlineData("""{"sizing": {"trend": {"share": -1}}}""", "sizing.trend.share is -1; use a number from 0 to 100")]
    [InlineData("""{"sizing": {"trend": {"kellyPart": 0}}}""", "sizing.trend.kellyPart is 0; use a number above 0, at most 1")]
    [InlineData("""{"sizing": {"trend": {}, "Trend": {}}}""", "sizing.Trend is there twice; write it once")]
    [InlineData("""{"instruments": 1}""", "instruments is 1; use an object by symbol")]
    [InlineData("""{"instruments": {"NEWONE": {"assetClass": "crypto", "quoteCurrency": "USD", "lotStep": 1}}}""", "instruments.NEWONE.tickSize is missing; ")]
    [InlineData("""{"instruments": {"EURUSD": {}, "eurusd": {}}}""", "instruments.eurusd is there twice; write it once")]
    [InlineData("""{"positionModes": {"trend": "both"}}""", "positionModes.trend is \"both\"; use hedge, net or reverse")]
    [InlineData("""{"tierOne": {"making": {"skewBps": -1}}}""", "tierOne.making.skewBps is -1; use a number from 0 to 10000")]
    [InlineData("""{"tierOne": {"making": {"quoteAge": "00:00:00"}}}""",
        "tierOne.making.quoteAge is \"00:00:00\"; use more than \"00:00:00\", at most \"01:00:00\"")]
    [InlineData("""{"tierOne": {"making": {"maxInventory": 0}}}""", "tierOne.making.maxInventory is 0; use a number above 0, at most 1000000000, or null")]
    [InlineData("""{"tactics": {"reduceBy": 1}}""", "tactics.reduceBy is 1; use a number above 0, below 1")]
    [InlineData("""{"tactics": {"reduceBy": null}}""", "tactics.reduceBy is null; use a number above 0, below 1")]
    [InlineData("""{"tactics": {"closesOnHigh": 1}}""", "tactics.closesOnHigh is 1; use true or false")]
    [InlineData("""{"tactics": {"maxAge": "soon"}}""", "tactics.maxAge is \"soon\"; use \"00:00:01\" to \"01:00:00\"")]
    [InlineData("""{"weights": {"method": "luck"}}""", "weights.method is \"luck\"; use equal_weight, ")]
    [InlineData("""{"weights": {"leastShare": 0.5, "mostShare": 0.4}}""", "weights.leastShare is 0.5; use at most weights.mostShare, 0.4")]
    [InlineData("""{"review": {"window": 2.5}}""", "review.window is 2.5; use a whole number from 1 to 1000")]
    [InlineData("""{"review": {"window": 10}}""", "review.minTrades is 20; use at most review.window, 10")]
    [InlineData("""{"review": {"cutProfitFactor": 0.4}}""", "review.suspendProfitFactor is 0.5; use at most review.cutProfitFactor, 0.4")]
    public void Error_names_path_value_and_fix(string json, string expected)
    {
        var document = ConfigurationReader.Read(Encoding.UTF8.GetBytes(json));

        Assert.Null(document.Configuration);
        Assert.StartsWith(expected, Assert.Single(document.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var document = ConfigurationReader.Read("""
            {"limits": 1, "account": {"equity": 0, "currency": "x"}, "risk": {"maxGrosShare": 1, "cooldown": "x"},
             "instruments": {"A B": {}, "EURUSD": {"tickSize": 0}}, "weights": {"damping": 2}, "weights": {}}
            """u8.ToArray());

        Assert.Null(document.Configuration);
        Assert.Equal(
            [
                "account.currency", "account.equity", "instruments.A B", "instruments.EURUSD.tickSize", "limits", "risk.cooldown",
                "risk.maxGrosShare", "weights", "weights.damping",
            ],
            document.Errors.Select(error => error[..error.IndexOf(" is ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Too_large_a_document_is_refused_unread() => Assert.StartsWith(
        "it has 4194305 bytes; use at most 4194304", Assert.Single(ConfigurationReader.Read(new byte[ConfigurationReader.MaxBytes + 1]).Errors),
        StringComparison.Ordinal);

    [Fact]
    public void Closed_configuration_lets_nothing_in_whatever_a_scope_says()
    {
        var closed = Read("""
            {"risk": {"basedOn": "conservative", "isRestricted": true, "accounts": {"a": {"maxGrossShare": 2}},
             "symbols": {"BTCUSD": {"isRestricted": false, "maxQuantity": 2}}}}
            """).Closed().Risk;

        Assert.True(closed.For("a", "s", "BTCUSD").IsRestricted);
        Assert.Equal((2m, 2m), (closed.For("a", "s", "BTCUSD").MaxGrossShare, closed.For("a", "s", "BTCUSD").MaxQuantity));
        Assert.Equal(0.10m, closed.General.KillDrawdown);
    }

    internal static TradingConfiguration Read(string json)
    {
        var document = ConfigurationReader.Read(Encoding.UTF8.GetBytes(json));
        Assert.Equal(ImmutableArray<string>.Empty, document.Errors);
        return document.Configuration!;
    }
}
