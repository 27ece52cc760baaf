using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Grains.Tiers;

/// <content>The risk of all that is held.</content>
public sealed partial class TacticalTierGrain
{
    /// <summary>With more accounts their equity is not added up each cycle, and what needs it is not said.</summary>
    private const int MostAccounts = 100;

    private async Task<PortfolioRisk> AssessAsync()
    {
        var holdings = ImmutableArray.CreateBuilder<ValuedHolding>();
        var unvalued = ImmutableArray.CreateBuilder<string>();
        var accounts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var symbol in (await _partition.ReadIndexVersionsAsync()).Keys.Order(StringComparer.Ordinal))
        {
            var report = await GrainFactory.GetGrain<IInstrumentGrain>(symbol).GetReportAsync();
            accounts.UnionWith(report.Nets.Select(net => net.Account));
            if (report.Nets.All(net => net.Lots == 0m) && report.Longs + report.Shorts == 0)
            {
                continue;
            }

            var values = report.Marks.Select(mark => RateOf(mark.Currency) is { } rate ? (decimal?)((mark.Long - mark.Short) * rate) : null).ToList();
            if (values.Count == 0 || values.Contains(null))
            {
                unvalued.Add(symbol);
            }
            else
            {
                holdings.Add(new ValuedHolding(symbol, (double)values.Sum()!.Value));
            }
        }

        var (equity, peak) = await EquityAsync(accounts);
        var held = holdings.ToImmutable();
        return PortfolioRisk.Assess(
            held, equity, peak, _observer.CommonReturns([.. held.Select(holding => holding.Symbol)]), _observer.Correlation, unvalued.ToImmutable());
    }

    private decimal? RateOf(string? currency)
    {
        var rate = prices.RateOf(currency, Options.Currency, Options.Risk.General.MaxRateAge, clock.GetUtcNow());
        return rate.IsKnown ? rate.Rate : null;
    }

    /// <summary>Equity of the accounts that hold something, and the most it was; null where one of them cannot be valued.</summary>
    private async Task<(double? Equity, double? Peak)> EquityAsync(SortedSet<string> accounts)
    {
        if (accounts.Count == 0)
        {
            accounts.Add("default");
        }

        if (accounts.Count > MostAccounts)
        {
            return (null, null);
        }

        var summaries = await Task.WhenAll(accounts.Select(account => GrainFactory.GetGrain<IAccountGrain>(account).GetSummaryAsync()));
        if (summaries.Any(summary => !summary.Unvalued.IsEmpty || summary.Currency != Options.Currency))
        {
            return (null, null);
        }

        return (
            (double)summaries.Sum(summary => summary.Equity),
            summaries.Any(summary => summary.Peak is null) ? null : (double)summaries.Sum(summary => summary.Peak!.Value));
    }

    private async Task ShowAsync(ImmutableArray<MarketMeasure> measures, PortfolioRisk risk)
    {
        await store.Board.SetHashAsync(
            BoardKeys.MarketAnalysis, measures.ToDictionary(measure => measure.Symbol, TierWriter.Measure, StringComparer.Ordinal));
        var fields = TierWriter.Figures(risk).ToDictionary(
            figure => figure.Name, figure => figure.Value is { } value ? Math.Round(value, 6).ToString(CultureInfo.InvariantCulture) : "");
        fields["unvalued"] = string.Join(',', risk.Unvalued);
        fields["groups"] = string.Join(';', risk.Groups.Select(group => string.Join('+', group.Symbols)));
        fields["last_update"] = TradeWriter.Seconds(clock.GetUtcNow()).ToString(CultureInfo.InvariantCulture);
        await store.Board.SetHashAsync(BoardKeys.PortfolioRisk, fields);
    }
}
