using System.Collections.Immutable;

namespace TradingEngine.Trading.Portfolio;

/// <summary>What is held of one instrument, valued.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Value">Signed worth in the account's currency: negative when short.</param>
public readonly record struct ValuedHolding(string Symbol, double Value);

/// <summary>The risk of all that is held, in the account's currency. What cannot be said is null.</summary>
public sealed record PortfolioRisk
{
    /// <summary>Correlation from which two instruments are of one group.</summary>
    public const double GroupFrom = 0.7;

    /// <summary>Σ|value|, 0 or more.</summary>
    public required double Gross { get; init; }

    /// <summary>Σ value, signed.</summary>
    public required double Net { get; init; }

    /// <summary>Gross over equity; null without equity above 0.</summary>
    public double? Leverage { get; init; }

    /// <summary>Concentration by <see cref="RiskMeasures.Concentration"/>; null for nothing held.</summary>
    public double? Concentration { get; init; }

    /// <summary>Returns per period that the values at risk were made of.</summary>
    public int Periods { get; init; }

    /// <summary>Historical value at risk at 95 % over one period.</summary>
    public double? HistoricalVar95 { get; init; }

    /// <summary>At 99 %.</summary>
    public double? HistoricalVar99 { get; init; }

    /// <summary>Parametric value at risk at 95 % over one period.</summary>
    public double? ParametricVar95 { get; init; }

    /// <summary>At 99 %.</summary>
    public double? ParametricVar99 { get; init; }

    /// <summary>Expected shortfall at 95 % over one period.</summary>
    public double? ExpectedShortfall95 { get; init; }

    /// <summary>At 99 %.</summary>
    public double? ExpectedShortfall99 { get; init; }

    /// <summary>How far equity is below its peak, a share of the peak, 0 to 1; null while no peak is known.</summary>
    public double? Drawdown { get; init; }

    /// <summary>Instruments that move together, those of more than one only.</summary>
    public ImmutableArray<CorrelatedGroup> Groups { get; init; } = [];

    /// <summary>Instruments without a price or rate: with any, no figure of the whole portfolio is given but those of what could be valued.</summary>
    public ImmutableArray<string> Unvalued { get; init; } = [];

    /// <summary>Assesses a portfolio.</summary>
    /// <param name="holdings">What is held, one entry an instrument.</param>
    /// <param name="equity">Equity; null while not known.</param>
    /// <param name="peak">The most it was; null while not known.</param>
    /// <param name="returns">Returns per period of the instruments, in the order of the holdings and in step; empty where not known.</param>
    /// <param name="correlation">Correlation of two instruments, −1 to 1; null while not known.</param>
    /// <param name="unvalued">Instruments that could not be valued.</param>
    public static PortfolioRisk Assess(
        ImmutableArray<ValuedHolding> holdings, double? equity, double? peak, ImmutableArray<ImmutableArray<double>> returns,
        Func<string, string, double?> correlation, ImmutableArray<string> unvalued)
    {
        var gross = holdings.Sum(holding => Math.Abs(holding.Value));

        // What would have been made and lost, period by period, with what is held now. Of a part of it nothing is said: it may be hedged by the rest.
        double[] profits = returns.Length == holdings.Length && holdings.Length > 0 && unvalued.IsEmpty
            ? [.. Enumerable.Range(0, returns[0].Length).Select(t => Enumerable.Range(0, holdings.Length).Sum(i => holdings[i].Value * returns[i][t]))]
            : [];
        return new PortfolioRisk
        {
            Gross = gross,
            Net = holdings.Sum(holding => holding.Value),
            Leverage = equity > 0d && unvalued.IsEmpty ? gross / equity : null,
            Concentration = RiskMeasures.Concentration([.. holdings.Select(holding => holding.Value)]),
            Periods = profits.Length,
            HistoricalVar95 = RiskMeasures.HistoricalValueAtRisk(profits, 0.95),
            HistoricalVar99 = RiskMeasures.HistoricalValueAtRisk(profits, 0.99),
            ParametricVar95 = RiskMeasures.ParametricValueAtRisk(profits, 0.95),
            ParametricVar99 = RiskMeasures.ParametricValueAtRisk(profits, 0.99),
            ExpectedShortfall95 = RiskMeasures.ExpectedShortfall(profits, 0.95),
            ExpectedShortfall99 = RiskMeasures.ExpectedShortfall(profits, 0.99),
            Drawdown = peak > 0d && equity is { } now ? Math.Clamp((peak.Value - now) / peak.Value, 0d, 1d) : null,
            Groups = GroupsOf(holdings, correlation),
            Unvalued = unvalued,
        };
    }

    /// <summary>Instruments linked by correlations of <see cref="GroupFrom"/> and more, however many links lie between them.</summary>
    private static ImmutableArray<CorrelatedGroup> GroupsOf(
        ImmutableArray<ValuedHolding> holdings, Func<string, string, double?> correlation)
    {
        var left = holdings.OrderBy(holding => holding.Symbol, StringComparer.Ordinal).ToList();
        var groups = ImmutableArray.CreateBuilder<CorrelatedGroup>();
        while (left.Count > 0)
        {
            var group = new List<ValuedHolding> { left[0] };
            left.RemoveAt(0);
            for (var next = 0; next < group.Count; next++)
            {
                var linked = left.FindAll(other => Math.Abs(correlation(group[next].Symbol, other.Symbol) ?? 0d) >= GroupFrom);
                group.AddRange(linked);
                left.RemoveAll(linked.Contains);
            }

            if (group.Count > 1)
            {
                groups.Add(new CorrelatedGroup(
                    [.. group.Select(held => held.Symbol).Order(StringComparer.Ordinal)], group.Sum(held => Math.Abs(held.Value)), group.Sum(held => held.Value)));
            }
        }

        return groups.ToImmutable();
    }
}

/// <summary>Instruments that move together.</summary>
/// <param name="Symbols">Sorted.</param>
/// <param name="Gross">Σ|value|.</param>
/// <param name="Net">Σ value, signed.</param>
public sealed record CorrelatedGroup(ImmutableArray<string> Symbols, double Gross, double Net);
