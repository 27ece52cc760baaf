using MathNet.Numerics.LinearAlgebra;

namespace TradingEngine.Trading.Optimisation;

/// <summary>Which weights are wanted.</summary>
public enum OptimisationMethod
{
    /// <summary>All the same.</summary>
    EqualWeight,

    /// <summary>In proportion to 1/σ.</summary>
    InverseVolatility,

    /// <summary>Least w'Σw. (Markowitz 1952.)</summary>
    MinimumVariance,

    /// <summary>Largest (μ'w − r)/√(w'Σw). (Sharpe 1966.)</summary>
    MaximumSharpe,

    /// <summary>
    /// Equal w·(Σw) for all assets between their bounds. (Maillard, Roncalli and Teïletche 2010; with bounds Richard and
    /// Roncalli 2019, Constrained risk budgeting portfolios.)
    /// </summary>
    RiskParity,
}

/// <summary>What is to be weighed. The arrays are read only.</summary>
/// <param name="covariance">Square and symmetric, of returns per period.</param>
/// <param name="lower">Least weight of each asset, 0 to 1.</param>
/// <param name="upper">Largest weight of each asset, 0 to 1.</param>
/// <param name="excess">Expected return less the rate per period, signed; needed by maximum Sharpe only.</param>
public sealed class OptimisationProblem(double[,] covariance, double[] lower, double[] upper, double[]? excess = null)
{
    internal double[,] Covariance { get; } = covariance;

    internal double[] Lower { get; } = lower;

    internal double[] Upper { get; } = upper;

    internal double[]? Excess { get; } = excess;

    internal int Count => Lower.Length;
}

/// <summary>Long-only weights within bounds that add up to 1. Pure; thread-safe.</summary>
public static class PortfolioOptimiser
{
    // An eigenvalue of the correlation matrix under this says that an asset is a mixture of others.
    private const double LeastEigenvalue = 1e-8;
    private const double Slack = 1e-12;
    private const int Halvings = 200;
    private const int MaxSweeps = 5_000;

    /// <summary>The weights, or why there are none; never a number that is not finite.</summary>
    public static OptimisedWeights Weigh(OptimisationMethod method, OptimisationProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var error = Check(method, problem);
        if (error != OptimisationError.None)
        {
            return OptimisedWeights.Failed(error);
        }

        return method switch
        {
            OptimisationMethod.EqualWeight => Scaled(problem, _ => 1d),
            OptimisationMethod.InverseVolatility =>
                Scaled(problem, asset => 1d / Math.Sqrt(problem.Covariance[asset, asset])),
            OptimisationMethod.MinimumVariance => Efficient(problem, 0d) is { } weights
                ? OptimisedWeights.Of(weights) : OptimisedWeights.Failed(OptimisationError.NotConverged),
            OptimisationMethod.MaximumSharpe => MaximumSharpe(problem),
            OptimisationMethod.RiskParity => RiskParity(problem),
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, null),
        };
    }

    private static OptimisationError Check(OptimisationMethod method, OptimisationProblem problem)
    {
        var (matrix, count) = (problem.Covariance, problem.Count);
        if (count == 0)
        {
            return OptimisationError.NoAssets;
        }

        if (problem.Upper.Length != count || matrix.GetLength(0) != count || matrix.GetLength(1) != count
            || matrix.Cast<double>().Any(value => !double.IsFinite(value)) || !IsSymmetric(matrix))
        {
            return OptimisationError.InvalidInput;
        }

        // Written so that a bound that is not a number fails it.
        var inRange = problem.Lower.Zip(problem.Upper).All(pair => pair.First >= 0d && pair.First <= pair.Second && pair.Second <= 1d);
        if (!inRange || problem.Lower.Sum() > 1d + Slack || problem.Upper.Sum() < 1d - Slack)
        {
            return OptimisationError.InfeasibleBounds;
        }

        if (method == OptimisationMethod.EqualWeight)
        {
            return OptimisationError.None;
        }

        if (Enumerable.Range(0, count).Any(asset => matrix[asset, asset] <= 0d))
        {
            return OptimisationError.ZeroVariance;
        }

        return method == OptimisationMethod.InverseVolatility || IsDefinite(matrix)
            ? CheckExcess(method, problem) : OptimisationError.SingularCovariance;
    }

    private static OptimisationError CheckExcess(OptimisationMethod method, OptimisationProblem problem) =>
        method == OptimisationMethod.MaximumSharpe
            && (problem.Excess?.Length != problem.Count || problem.Excess.Any(value => !double.IsFinite(value)))
            ? OptimisationError.InvalidInput : OptimisationError.None;

    private static bool IsSymmetric(double[,] matrix)
    {
        var largest = matrix.Cast<double>().Max(Math.Abs);
        return Matrix<double>.Build.DenseOfArray(matrix) is var dense
            && (dense - dense.Transpose()).Enumerate().All(value => Math.Abs(value) <= 1e-9 * largest);
    }

    private static bool IsDefinite(double[,] matrix)
    {
        var correlation = Matrix<double>.Build.Dense(matrix.GetLength(0), matrix.GetLength(1), (row, column) =>
            matrix[row, column] / Math.Sqrt(matrix[row, row]) / Math.Sqrt(matrix[column, column]));
        return correlation.Evd(Symmetricity.Symmetric).EigenValues.All(value => value.Real > LeastEigenvalue);
    }

    /// <summary>Weights k·v within the bounds, with the k that makes them add up to 1.</summary>
    private static OptimisedWeights Scaled(OptimisationProblem problem, Func<int, double> value)
    {
        var values = Enumerable.Range(0, problem.Count).Select(value).ToArray();
        double[] At(double factor) =>
            [.. values.Select((each, asset) => Math.Clamp(factor * each, problem.Lower[asset], problem.Upper[asset]))];
        return Halve(0d, 1d / values.Min(), At);
    }

    private static OptimisedWeights Halve(double low, double high, Func<double, double[]?> at)
    {
        for (var step = 0; step < Halvings; step++)
        {
            var middle = low + ((high - low) / 2d);
            if (at(middle) is not { } weights)
            {
                return OptimisedWeights.Failed(OptimisationError.NotConverged);
            }

            (low, high) = weights.Sum() < 1d ? (middle, high) : (low, middle);
        }

        return at(high) is { } found && Math.Abs(found.Sum() - 1d) < 1e-9
            ? OptimisedWeights.Of(found) : OptimisedWeights.Failed(OptimisationError.NotConverged);
    }

    private static double[] Feasible(OptimisationProblem problem)
    {
        var room = problem.Upper.Sum() - problem.Lower.Sum();
        var share = room > 0d ? Math.Clamp((1d - problem.Lower.Sum()) / room, 0d, 1d) : 0d;
        return [.. problem.Lower.Zip(problem.Upper, (low, high) => low + (share * (high - low)))];
    }

    /// <summary>The efficient weights where the tolerance of risk is <paramref name="tolerance"/>: least ½·w'Σw − t·m'w.</summary>
    private static double[]? Efficient(OptimisationProblem problem, double tolerance)
    {
        var weights = Feasible(problem);
        double[] linear = [.. Enumerable.Range(0, problem.Count).Select(asset => tolerance * (problem.Excess?[asset] ?? 0d))];
        return BoxQuadratic.Solve(problem.Covariance, linear, problem.Lower, problem.Upper, weights) ? weights : null;
    }

    /// <summary>
    /// Along the efficient weights the ratio rises while w'Σw is over t·m'w and falls after, since w'Σ·dw = t·m'dw there:
    /// the t between is halved down to.
    /// </summary>
    private static OptimisedWeights MaximumSharpe(OptimisationProblem problem)
    {
        var excess = Vector<double>.Build.DenseOfArray(problem.Excess!);
        var matrix = Matrix<double>.Build.DenseOfArray(problem.Covariance);
        if (LargestExcess(problem) <= 0d)
        {
            return OptimisedWeights.Failed(OptimisationError.NoPositiveExcess);
        }

        var (low, high, isBracketed) = (0d, matrix.Diagonal().Maximum() / excess.AbsoluteMaximum(), false);
        double[]? best = null;
        for (var step = 0; step < Halvings && high - low > 1e-14 * high; step++)
        {
            var tolerance = isBracketed ? low + ((high - low) / 2d) : high;
            best = Efficient(problem, tolerance);
            if (best is null)
            {
                return OptimisedWeights.Failed(OptimisationError.NotConverged);
            }

            var weights = Vector<double>.Build.DenseOfArray(best);
            var rises = weights * matrix * weights > tolerance * (weights * excess);
            isBracketed |= !rises;
            (low, high) = !rises ? (low, tolerance) : (tolerance, isBracketed ? high : 2d * tolerance);
        }

        return isBracketed ? OptimisedWeights.Of(best!) : OptimisedWeights.Failed(OptimisationError.NotConverged);
    }

    private static double LargestExcess(OptimisationProblem problem)
    {
        var left = 1d - problem.Lower.Sum();
        var sum = problem.Lower.Zip(problem.Excess!, (weight, each) => weight * each).Sum();
        foreach (var asset in Enumerable.Range(0, problem.Count).OrderByDescending(each => problem.Excess![each]))
        {
            var added = Math.Clamp(problem.Upper[asset] - problem.Lower[asset], 0d, Math.Max(left, 0d));
            sum += added * problem.Excess![asset];
            left -= added;
        }

        return sum;
    }

    /// <summary>Least ½·w'Σw − λ·Σ ln w within the bounds, with the λ that makes the weights add up to 1.</summary>
    private static OptimisedWeights RiskParity(OptimisationProblem problem)
    {
        var start = Feasible(problem);
        var largest = Enumerable.Range(0, problem.Count).Max(asset => problem.Covariance[asset, asset]);
        return Halve(0d, 2d * largest * problem.Count, barrier => Descend(problem, barrier, start));
    }

    private static double[]? Descend(OptimisationProblem problem, double barrier, double[] start)
    {
        var weights = start.ToArray();
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var moved = 0d;
            for (var asset = 0; asset < weights.Length; asset++)
            {
                var variance = problem.Covariance[asset, asset];
                var others = -variance * weights[asset];
                for (var other = 0; other < weights.Length; other++)
                {
                    others += problem.Covariance[asset, other] * weights[other];
                }

                var root = (Math.Sqrt((others * others) + (4d * variance * barrier)) - others) / (2d * variance);
                var next = Math.Clamp(root, problem.Lower[asset], problem.Upper[asset]);
                moved = Math.Max(moved, Math.Abs(next - weights[asset]));
                weights[asset] = next;
            }

            if (moved <= 1e-14)
            {
                return weights;
            }
        }

        return null;
    }
}
