using CsCheck;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Sizing;
using Xunit;

namespace TradingEngine.Tests.Unit.Sizing;

/// <summary>Every rule by cases worked by hand; the working stands beside them.</summary>
public sealed class PositionSizerTests
{
    private static readonly Instrument Bitcoin = Given.Instrument("BTCUSD") with { LotStep = 0.001m, MinQuantity = 0.001m };

    private static readonly Instrument Euro =
        new("EURUSD", AssetClass.Forex, 100_000m, 0.01m, 0.01m, 0.00001m, "USD", "EUR", PriceDecimals: 5);

    private static readonly SizingInput Input = new()
    {
        Quantity = 1m, Price = 50_000m, StopLoss = 49_000m, Equity = 100_000m, Rate = 1m, Weight = 1m,
    };

    [Theory]
    [InlineData(1.2345, 1, 1.234)] // floor(1.2345 / 0.001) steps
    [InlineData(1, 0.5, 0.5)]
    [InlineData(1, 1.2345, 1.234)]
    [InlineData(0.0019, 1, 0.001)]
    public void Fixed_size_is_the_signals_times_the_weight(decimal quantity, decimal weight, decimal lots) =>
        Assert.Equal(lots, Lots(SizingRule.AsSent, Input with { Quantity = quantity, Weight = weight, Equity = null, Rate = null }));

    [Theory]
    [InlineData(0.02, 1, 1, 0.04)] // 0.02 · 100,000 / 50,000
    [InlineData(0.02, 0.5, 1, 0.02)] // half the weight
    [InlineData(0.02, 1, 1.25, 0.032)] // a lot costs 62,500 of the account's
    [InlineData(0.0213, 1, 1, 0.042)] // 0.0426 rounded down
    public void Percent_of_equity_buys_that_notional(decimal share, decimal weight, decimal rate, decimal lots) => Assert.Equal(
        lots, Lots(Rule(SizingMethod.PercentOfEquity, share), Input with { Weight = weight, Rate = rate }));

    [Theory]
    [InlineData(0.01, 49_000, 1)] // 1,000 at risk, 1,000 a lot
    [InlineData(0.01, 48_000, 0.5)] // 1,000 at risk, 2,000 a lot
    [InlineData(0.005, 53_000, 0.166)] // 500 at risk, 3,000 a lot of a short: 0.1666…
    public void Risk_per_trade_loses_that_share_at_the_stop(decimal share, decimal stop, decimal lots) => Assert.Equal(
        lots, Lots(Rule(SizingMethod.RiskPerTrade, share), Input with { StopLoss = stop }));

    [Fact]
    public void Risk_per_trade_counts_contract_size_and_currency()
    {
        // 50 pips of 100,000 EUR cost 500 USD; with 0.92 EUR for one USD that is 460 EUR, and 1 % of 10,000 EUR is 100.
        var input = Input with { Price = 1.1m, StopLoss = 1.095m, Equity = 10_000m, Rate = 0.92m };

        Assert.Equal(0.21m, Lots(Rule(SizingMethod.RiskPerTrade, 0.01m), input, Euro));
    }

    [Fact]
    public void Risk_per_trade_of_an_inverse_contract_is_in_its_base()
    {
        // 100 USD a contract: 100 · (1/50,000 − 1/40,000) is 0.0005 BTC, at 50,000 USD 25 USD; 1,000 at risk are 40 contracts.
        var inverse = Bitcoin with { ContractSize = 100m, IsInverse = true, LotStep = 1m, MinQuantity = 1m };
        var input = Input with { StopLoss = 40_000m, Rate = 50_000m };

        Assert.Equal(40m, Lots(Rule(SizingMethod.RiskPerTrade, 0.01m), input, inverse));
    }

    [Theory]
    [InlineData(0.10, 0.80, 10, 0.25)] // 0.10 / 0.80 of 100,000 is 12,500
    [InlineData(0.10, 0.80, 0.05, 0.1)] // capped at 5,000
    public void Volatility_target_is_met_or_capped(decimal share, decimal volatility, decimal cap, decimal lots) => Assert.Equal(
        lots, Lots(Rule(SizingMethod.VolatilityTarget, share) with { MaxShare = cap }, Input with { Volatility = volatility }));

    [Theory]
    [InlineData(0.55, 1, 0.5, 1, 0.1)] // f = 0.55 − 0.45 = 0.10, half is 0.05: 5,000
    [InlineData(0.4, 3, 1, 1, 0.4)] // f = 0.4 − 0.6/3 = 0.2: 20,000
    [InlineData(0.4, 3, 1, 0.02, 0.04)] // capped at 2,000
    public void Kelly_takes_its_part_or_the_cap(decimal winRate, decimal payOff, decimal part, decimal cap, decimal lots) =>
        Assert.Equal(lots, Lots(
            Rule(SizingMethod.Kelly, 0m) with { KellyPart = part, MaxShare = cap }, Input with { WinRate = winRate, PayOff = payOff }));

    [Fact]
    public void Kelly_without_an_edge_gives_no_size() => Refused(
        RejectReason.NoSize, Rule(SizingMethod.Kelly, 0m), Input with { WinRate = 0.5m, PayOff = 1m });

    [Fact]
    public void What_is_missing_gives_no_size()
    {
        Refused(RejectReason.NoSize, Rule(SizingMethod.RiskPerTrade, 0.01m), Input with { StopLoss = null });
        Refused(RejectReason.NoSize, Rule(SizingMethod.RiskPerTrade, 0.01m), Input with { StopLoss = 50_000m });
        Refused(RejectReason.NoSize, Rule(SizingMethod.RiskPerTrade, 0.01m), Input with { StopLoss = 0m });
        Refused(RejectReason.NoSize, Rule(SizingMethod.VolatilityTarget, 0.1m), Input);
        Refused(RejectReason.NoSize, Rule(SizingMethod.VolatilityTarget, 0.1m), Input with { Volatility = 0m });
        Refused(RejectReason.NoSize, Rule(SizingMethod.Kelly, 0m), Input with { PayOff = 1m });
        Refused(RejectReason.NoSize, Rule(SizingMethod.Kelly, 0m), Input with { WinRate = 0.6m });
        Refused(RejectReason.NoSize, Rule(SizingMethod.Kelly, 0m), Input with { WinRate = 1.1m, PayOff = 1m });
        Refused(RejectReason.NoRate, Rule(SizingMethod.PercentOfEquity, 0.01m), Input with { Rate = null });
        Refused(RejectReason.NoRate, Rule(SizingMethod.PercentOfEquity, 0.01m), Input with { Rate = 0m });
        Refused(RejectReason.NoRate, Rule(SizingMethod.PercentOfEquity, 0.01m), Input with { Equity = null });
        Refused(RejectReason.InvalidField, SizingRule.AsSent, Input with { Price = 0m });
        Refused(RejectReason.InvalidField, SizingRule.AsSent, Input with { Weight = -1m });
        Assert.Throws<ArgumentOutOfRangeException>(() => PositionSizer.Size(Rule((SizingMethod)9, 0m), Input, Bitcoin));
    }

    [Fact]
    public void Size_below_the_least_is_refused_and_not_raised()
    {
        Refused(RejectReason.NoSize, SizingRule.AsSent, Input with { Quantity = 0.0009m });
        Refused(RejectReason.NoSize, SizingRule.AsSent, Input with { Weight = 0m });
        Assert.Equal(RejectReason.NoSize, PositionSizer.Round(0.009m, 1m, Bitcoin with { MinQuantity = 0.01m }).Reject);
        Assert.Equal(RejectReason.NoSize, PositionSizer.Round(-1m, 1m, Bitcoin).Reject);
        var costly = Bitcoin with { MinNotional = 100m };
        Assert.Equal(RejectReason.MinNotional, PositionSizer.Round(0.001m, 99_999m, costly).Reject);
        Assert.Equal(RejectReason.None, PositionSizer.Round(0.001m, 100_000m, costly).Reject);
    }

    [Fact]
    public void Size_is_on_the_step_and_never_above_what_was_asked() =>
        Gen.Select(Gen.Decimal[0.001m, 1_000m], Gen.Decimal[0m, 2m]).Sample((quantity, weight) =>
        {
            var sized = PositionSizer.Size(SizingRule.AsSent, Input with { Quantity = quantity, Weight = weight }, Bitcoin);

            Assert.True(sized.Lots % Bitcoin.LotStep == 0m && sized.Lots <= quantity * weight);
            Assert.Equal(sized.Reject != RejectReason.None, sized.Lots == 0m);
            Assert.True(sized.Lots == 0m || (quantity * weight) - sized.Lots < Bitcoin.LotStep);
        });

    private static SizingRule Rule(SizingMethod method, decimal share) => new() { Method = method, Share = share };

    private static decimal Lots(SizingRule rule, SizingInput input, Instrument? instrument = null)
    {
        var sized = PositionSizer.Size(rule, input, instrument ?? Bitcoin);
        Assert.Equal(RejectReason.None, sized.Reject);
        return sized.Lots;
    }

    private static void Refused(RejectReason reason, SizingRule rule, SizingInput input) =>
        Assert.Equal(new SizedQuantity(0m, reason), PositionSizer.Size(rule, input, Bitcoin));
}
