using System.Collections.Immutable;

namespace TradingEngine.Trading.Optimisation;

/// <summary>How capital is divided, and how fast and how far capital weights follow.</summary>
public sealed record WeightPolicy
{
    /// <summary>How capital is divided.</summary>
    public OptimisationMethod Method { get; init; } = OptimisationMethod.RiskParity;

    /// <summary>Least share of the capital, 0 to 1.</summary>
    public double LeastShare { get; init; }

    /// <summary>Most share of the capital, 0 to 1.</summary>
    public double MostShare { get; init; } = 1d;

    /// <summary>Part of the way that one step goes, above 0, at most 1.</summary>
    public decimal Damping { get; init; } = 0.5m;

    /// <summary>Most that a weight changes in one step, above 0.</summary>
    public decimal MaxStep { get; init; } = 0.2m;

    /// <summary>Least weight, 0 to 1.</summary>
    public decimal Least { get; init; } = 0.25m;

    /// <summary>Most weight, 1 or more: sizes grow with it.</summary>
    public decimal Most { get; init; } = 2m;
}

/// <summary>A step of one strategy's capital weight.</summary>
/// <param name="Name">Strategy.</param>
/// <param name="Before">Before.</param>
/// <param name="Target">What was found, cut to the policy's bounds.</param>
/// <param name="After">After.</param>
public sealed record CapitalChange(string Name, decimal Before, decimal Target, decimal After);

/// <summary>Divides capital over what has returns, and moves weights there. Pure.</summary>
public static class Allocation
{
    /// <summary>Fewest returns from which a series counts.</summary>
    public const int MinObservations = 20;

    private const int Decimals = 6;

    /// <summary>
    /// Shares by name, 1 together; empty while there are not two series that vary, or where they have no one answer. Series end together;
    /// as many of their newest returns count as the shortest has. Where nothing has a positive mean, maximum Sharpe gives way to risk parity.
    /// </summary>
    /// <param name="names">Names, in the order of the series.</param>
    /// <param name="series">Returns, oldest first, at least <see cref="MinObservations"/> each.</param>
    /// <param name="policy">How, and within what bounds; those that nothing fits are widened to an equal share.</param>
    public static ImmutableSortedDictionary<string, double> Of(
        IReadOnlyList<string> names, IReadOnlyList<ImmutableArray<double>> series, WeightPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(series);
        ArgumentNullException.ThrowIfNull(policy);
        var length = series.Count == 0 ? 0 : series.Min(returns => returns.Length);
        var varied = Enumerable.Range(0, series.Count).Where(i => series[i][^length..].Distinct().Skip(1).Any()).ToArray();
        if (varied.Length < 2 || length < MinObservations)
        {
            return ImmutableSortedDictionary<string, double>.Empty;
        }

        var returns = new double[length, varied.Length];
        var means = new double[varied.Length];
        for (var k = 0; k < varied.Length; k++)
        {
            var own = series[varied[k]];
            for (var t = 0; t < length; t++)
            {
                returns[t, k] = own[own.Length - length + t];
                means[k] += returns[t, k] / length;
            }
        }

        if (ShrunkCovariance.Of(returns) is not { } covariance)
        {
            return ImmutableSortedDictionary<string, double>.Empty;
        }

        var equal = 1d / varied.Length;
        var problem = new OptimisationProblem(
            covariance.Matrix,
            [.. Enumerable.Repeat(Math.Min(policy.LeastShare, equal), varied.Length)],
            [.. Enumerable.Repeat(Math.Max(policy.MostShare, equal), varied.Length)],
            means);
        var found = PortfolioOptimiser.Weigh(policy.Method, problem);
        found = found.Error == OptimisationError.NoPositiveExcess ? PortfolioOptimiser.Weigh(OptimisationMethod.RiskParity, problem) : found;
        return found.Error != OptimisationError.None
            ? ImmutableSortedDictionary<string, double>.Empty
            : varied.Select((i, k) => KeyValuePair.Create(names[i], found.Weights[k])).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>Weights of shares of capital: share × count, so that 1 stands for an equal share.</summary>
    /// <param name="shares">Shares of capital by name; 1 together.</param>
    public static ImmutableSortedDictionary<string, decimal> WeightsOf(IReadOnlyDictionary<string, double> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        return shares.ToImmutableSortedDictionary(
            pair => pair.Key, pair => Math.Round((decimal)(pair.Value * shares.Count), Decimals), StringComparer.Ordinal);
    }

    /// <summary>One step of the weights that have a target, by <see cref="WeightChange.Step"/>; the others stay.</summary>
    /// <param name="current">Weights by name; 1 where there is none.</param>
    /// <param name="targets">Weights that were found.</param>
    /// <param name="policy">How fast and how far.</param>
    public static ImmutableArray<CapitalChange> Step(
        IReadOnlyDictionary<string, decimal> current, IReadOnlyDictionary<string, decimal> targets, WeightPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(policy);
        var names = targets.Keys.Order(StringComparer.Ordinal).ToList();
        var before = names.ConvertAll(name => current.TryGetValue(name, out var weight) ? weight : 1m);
        var wanted = names.ConvertAll(name => Math.Clamp(targets[name], policy.Least, policy.Most));
        var steps = WeightChange.Step(
            before.ConvertAll(weight => (double)weight), wanted.ConvertAll(weight => (double)weight), (double)policy.Damping, (double)policy.MaxStep);
        return [.. names.Select((name, i) => new CapitalChange(name, before[i], wanted[i], Math.Round((decimal)steps[i].After, Decimals)))];
    }
}
