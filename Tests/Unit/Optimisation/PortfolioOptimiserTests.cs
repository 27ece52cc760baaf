using MathNet.Numerics.LinearAlgebra;
using TradingEngine.Trading.Optimisation;
using Xunit;

namespace TradingEngine.Tests.Unit.Optimisation;

/// <summary>The optimisers against all active sets tried one by one, closed forms and defining conditions.</summary>
public sealed class PortfolioOptimiserTests
{
    private const int Matrices = 50;
    private const double Agreement = 1e-6;

    [Fact]
    public void Minimum_variance_agrees_with_every_active_set_tried()
    {
        foreach (var (matrix, _, random) in Cases())
        {
            var (lower, upper) = Bounds(matrix.GetLength(0), random);
            AssertClose(Exhaustive(matrix, lower, upper),
                Weigh(OptimisationMethod.MinimumVariance, new(matrix, lower, upper)));
        }
    }

    [Fact]
    public void Maximum_sharpe_agrees_with_the_best_subset_in_closed_form()
    {
        foreach (var (matrix, excess, _) in Cases())
        {
            AssertClose(BestSubset(matrix, excess), Weigh(OptimisationMethod.MaximumSharpe, Free(matrix, excess)));
        }
    }

    [Fact]
    public void Maximum_sharpe_within_bounds_agrees_with_every_active_set_tried()
    {
        var bound = 0;
        foreach (var (matrix, drawn, random) in Cases())
        {
            double[] excess = [.. drawn.Select(value => value + 0.2)]; // within the bounds, too, something is to be gained
            var (lower, upper) = Bounds(excess.Length, random);
            var expected = ExhaustiveSharpe(matrix, excess, lower, upper);
            AssertClose(expected, Weigh(OptimisationMethod.MaximumSharpe, new(matrix, lower, upper, excess)));
            bound += expected.Where((weight, asset) => weight == lower[asset] || weight == upper[asset]).Any() ? 1 : 0;
        }

        Assert.InRange(bound, Matrices / 2, Matrices);
    }

    /// <summary>The conditions of Karush, Kuhn and Tucker: what is at its least has more risk than the rest, at its most it has less.</summary>
    [Fact]
    public void Risk_parity_within_bounds_is_equal_between_them_and_bound_by_them()
    {
        var bound = 0;
        foreach (var (matrix, _, random) in Cases())
        {
            var (lower, upper) = Bounds(matrix.GetLength(0), random);
            var weights = Weigh(OptimisationMethod.RiskParity, new(matrix, lower, upper));
            var vector = Vector<double>.Build.DenseOfArray(weights);
            var risks = vector.PointwiseMultiply(Matrix<double>.Build.DenseOfArray(matrix) * vector) / (vector * Matrix<double>.Build.DenseOfArray(matrix) * vector);
            int[] atLeast = [.. Enumerable.Range(0, weights.Length).Where(asset => weights[asset] == lower[asset])];
            int[] atMost = [.. Enumerable.Range(0, weights.Length).Where(asset => weights[asset] == upper[asset])];
            int[] between = [.. Enumerable.Range(0, weights.Length).Except(atLeast).Except(atMost)];
            var highest = between.Select(asset => risks[asset]).DefaultIfEmpty(atMost.Select(asset => risks[asset]).DefaultIfEmpty(0d).Max()).Max();
            Assert.All(between, asset => Assert.Equal(highest, risks[asset], Agreement));
            Assert.All(atLeast, asset => Assert.True(risks[asset] >= highest - Agreement));
            Assert.All(atMost, asset => Assert.True(risks[asset] <= highest + Agreement));
            bound += between.Length < weights.Length ? 1 : 0;
        }

        Assert.InRange(bound, Matrices / 4, Matrices);
    }

    [Fact]
    public void Risk_parity_gives_every_asset_the_same_share_of_the_variance()
    {
        foreach (var (matrix, _, _) in Cases())
        {
            var weights = Weigh(OptimisationMethod.RiskParity, Free(matrix));
            var vector = Vector<double>.Build.DenseOfArray(weights);
            var shares = vector.PointwiseMultiply(Matrix<double>.Build.DenseOfArray(matrix) * vector);
            Assert.All(shares / shares.Sum(), share => Assert.Equal(1d / weights.Length, share, Agreement));
        }
    }

    [Theory]
    [InlineData(OptimisationMethod.InverseVolatility)]
    [InlineData(OptimisationMethod.RiskParity)]
    public void Two_assets_weigh_by_inverse_volatility(OptimisationMethod method) =>
        AssertClose([2d / 3d, 1d / 3d], Weigh(method, Free(new[,] { { 0.01, 0.006 }, { 0.006, 0.04 } })));

    [Fact]
    public void Equal_weights_move_to_their_bounds_and_still_add_up()
    {
        var weights = Weigh(OptimisationMethod.EqualWeight, new(new double[3, 3], [0.5, 0, 0], [1, 1, 0.1]));
        AssertClose([0.5, 0.4, 0.1], weights);
    }

    [Theory]
    [InlineData(OptimisationMethod.EqualWeight)]
    [InlineData(OptimisationMethod.InverseVolatility)]
    [InlineData(OptimisationMethod.MinimumVariance)]
    [InlineData(OptimisationMethod.MaximumSharpe)]
    [InlineData(OptimisationMethod.RiskParity)]
    public void One_asset_takes_all_and_infeasible_bounds_are_named(OptimisationMethod method)
    {
        var one = new[,] { { 0.04 } };
        AssertClose([1d], Weigh(method, Free(one, [0.01])));
        Assert.Equal(OptimisationError.InfeasibleBounds,
            PortfolioOptimiser.Weigh(method, new(one, [0d], [0.9], [0.01])).Error);
        Assert.Equal(OptimisationError.NoAssets,
            PortfolioOptimiser.Weigh(method, new(new double[0, 0], [], [], [])).Error);
    }

    [Theory]
    [InlineData(OptimisationMethod.MinimumVariance)]
    [InlineData(OptimisationMethod.MaximumSharpe)]
    [InlineData(OptimisationMethod.RiskParity)]
    public void Degenerate_matrices_are_named(OptimisationMethod method)
    {
        Assert.Equal(OptimisationError.ZeroVariance,
            PortfolioOptimiser.Weigh(method, Free(new[,] { { 0d, 0 }, { 0, 1 } }, [1, 1])).Error);
        Assert.Equal(OptimisationError.SingularCovariance,
            PortfolioOptimiser.Weigh(method, Free(new[,] { { 1d, 2 }, { 2, 4 } }, [1, 1])).Error);
        Assert.Equal(OptimisationError.InvalidInput,
            PortfolioOptimiser.Weigh(method, Free(new[,] { { 1d, double.NaN }, { 0, 4 } }, [1, 1])).Error);
    }

    [Fact]
    public void Maximum_sharpe_without_a_positive_excess_is_named() => Assert.Equal(OptimisationError.NoPositiveExcess,
        PortfolioOptimiser.Weigh(OptimisationMethod.MaximumSharpe, Free(new[,] { { 1d, 0 }, { 0, 4 } }, [-1, 0])).Error);

    [Fact]
    public void Shrinkage_agrees_with_a_case_worked_by_hand()
    {
        // S = [[1, 0], [0, 4]] and μ = 2.5; d² = 2 · 1.5² = 4.5. Each x·x' − S is off the diagonal only, ±2 twice: b² = 8 / 4 = 2.
        var (matrix, shrinkage) = ShrunkCovariance.Of(new[,] { { 1d, 2 }, { 1, -2 }, { -1, 2 }, { -1, -2 } })!.Value;
        Assert.Equal(2d / 4.5, shrinkage, 1e-12);
        Assert.Equal(1d + (1.5 * shrinkage), matrix[0, 0], 1e-12);
        Assert.Equal(4d - (1.5 * shrinkage), matrix[1, 1], 1e-12);
        Assert.Null(ShrunkCovariance.Of(new[,] { { 1d, 2 } }));
    }

    [Fact]
    public void Weight_change_is_damped_then_capped_and_keeps_the_sum()
    {
        Assert.Equal([0.45, 0.55], WeightChange.Step([0.5, 0.5], [0.4, 0.6], 0.5, 0.2).Select(change => change.After));
        var capped = WeightChange.Step([0.5, 0.3, 0.2], [0.1, 0.5, 0.4], 1d, 0.1);
        AssertClose([0.4, 0.35, 0.25], [.. capped.Select(change => change.After)]);
    }

    private static IEnumerable<(double[,] Matrix, double[] Excess, Random Random)> Cases()
    {
        for (var seed = 0; seed < Matrices; seed++)
        {
            var random = new Random(seed);
            var count = 2 + (seed % 4);
            var factors = Matrix<double>.Build.Dense(count, count + 2, (_, _) => random.NextDouble() - 0.3);
            double[] excess = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.2)];
            excess[0] = Math.Abs(excess[0]) + 0.01;
            var matrix = factors.TransposeAndMultiply(factors) + (0.01 * Matrix<double>.Build.DenseIdentity(count));
            yield return (matrix.ToArray(), excess, random);
        }
    }

    private static (double[] Lower, double[] Upper) Bounds(int count, Random random)
    {
        double[] lower = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 0.8 / count)];
        double[] upper = [.. lower.Select(low => Math.Min(1d, low + (2d / count * (0.3 + random.NextDouble()))))];
        return (lower, upper.Sum() < 1d ? [.. upper.Select(_ => 1d)] : upper);
    }

    private static OptimisationProblem Free(double[,] matrix, double[]? excess = null) =>
        new(matrix, new double[matrix.GetLength(0)], [.. Enumerable.Repeat(1d, matrix.GetLength(0))], excess);

    private static double[] Weigh(OptimisationMethod method, OptimisationProblem problem)
    {
        var result = PortfolioOptimiser.Weigh(method, problem);
        Assert.Equal(OptimisationError.None, result.Error);
        Assert.Equal(1d, result.Weights.Sum(), 1e-9);
        return [.. result.Weights];
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Agreement));
    }

    private static double[] Exhaustive(double[,] values, double[] lower, double[] upper)
    {
        var (matrix, count) = (Matrix<double>.Build.DenseOfArray(values), lower.Length);
        var (best, least) = (Vector<double>.Build.Dense(count), double.MaxValue);
        for (var code = 0; code < (int)Math.Pow(3, count); code++)
        {
            var states = Enumerable.Range(0, count).Select(index => code / (int)Math.Pow(3, index) % 3).ToArray();

            // A row each: held at a bound, or slope less multiplier is 0; and the sum.
            var system = Matrix<double>.Build.Dense(count + 1, count + 1, (row, column) =>
                row == count ? (column < count ? 1d : 0d)
                : states[row] < 2 ? (row == column ? 1d : 0d)
                : column < count ? values[row, column] : -1d);
            var right = Vector<double>.Build.Dense(count + 1, row =>
                row == count ? 1d : states[row] == 0 ? lower[row] : states[row] == 1 ? upper[row] : 0d);
            if (!states.Contains(2))
            {
                continue;
            }

            var weights = system.Solve(right).SubVector(0, count);
            var isFeasible = Enumerable.Range(0, count).All(index =>
                weights[index] >= lower[index] - 1e-12 && weights[index] <= upper[index] + 1e-12);
            if (isFeasible && weights * matrix * weights < least)
            {
                (best, least) = (weights, weights * matrix * weights);
            }
        }

        return [.. best];
    }

    /// <summary>
    /// On each face the weights of least ½·w'Σw − t·m'w are a + t·b, and the ratio along them is stationary at one t; the best of
    /// those within the bounds, and of the corners, is the answer.
    /// </summary>
    private static double[] ExhaustiveSharpe(double[,] values, double[] excess, double[] lower, double[] upper)
    {
        var (matrix, gain, count) = (Matrix<double>.Build.DenseOfArray(values), Vector<double>.Build.DenseOfArray(excess), lower.Length);
        var (best, most) = (Vector<double>.Build.Dense(count), double.MinValue);
        for (var code = 0; code < (int)Math.Pow(3, count); code++)
        {
            var states = Enumerable.Range(0, count).Select(index => code / (int)Math.Pow(3, index) % 3).ToArray();
            if (!states.Contains(2))
            {
                continue;
            }

            var system = Matrix<double>.Build.Dense(count + 1, count + 1, (row, column) =>
                row == count ? (column < count ? 1d : 0d)
                : states[row] < 2 ? (row == column ? 1d : 0d)
                : column < count ? values[row, column] : -1d);
            var fixedPart = system.Solve(Vector<double>.Build.Dense(count + 1, row =>
                row == count ? 1d : states[row] == 0 ? lower[row] : states[row] == 1 ? upper[row] : 0d)).SubVector(0, count);
            var slope = system.Solve(Vector<double>.Build.Dense(count + 1, row =>
                row < count && states[row] == 2 ? excess[row] : 0d)).SubVector(0, count);
            var (p, q) = (gain * fixedPart, gain * slope);
            var (a, b, c) = (fixedPart * matrix * fixedPart, fixedPart * matrix * slope, slope * matrix * slope);
            var turn = (q * b) - (p * c);
            var weights = states.Count(state => state == 2) == 1 || turn == 0d ? fixedPart : fixedPart + (((p * b) - (q * a)) / turn * slope);
            for (var index = 0; index < count; index++)
            {
                weights[index] = states[index] == 0 ? lower[index] : states[index] == 1 ? upper[index] : weights[index];
            }

            var isFeasible = Enumerable.Range(0, count).All(index =>
                weights[index] >= lower[index] - 1e-12 && weights[index] <= upper[index] + 1e-12);
            var sharpe = weights * gain / Math.Sqrt(weights * matrix * weights);
            if (isFeasible && sharpe > most)
            {
                (best, most) = (weights, sharpe);
            }
        }

        return [.. best];
    }

    private static double[] BestSubset(double[,] values, double[] excess)
    {
        var (count, most, best) = (excess.Length, double.MinValue, Array.Empty<double>());
        for (var code = 1; code < 1 << count; code++)
        {
            var chosen = Enumerable.Range(0, count).Where(index => (code >> index & 1) == 1).ToArray();
            var matrix = Matrix<double>.Build.Dense(chosen.Length, chosen.Length, (row, column) => values[chosen[row], chosen[column]]);
            var gain = Vector<double>.Build.Dense(chosen.Length, row => excess[chosen[row]]);
            var raw = matrix.Inverse() * gain;
            var sharpe = raw * gain / Math.Sqrt(raw * matrix * raw);
            if (raw.Minimum() >= 0d && sharpe > most)
            {
                (most, best) = (sharpe, new double[count]);
                for (var row = 0; row < chosen.Length; row++)
                {
                    best[chosen[row]] = raw[row] / raw.Sum();
                }
            }
        }

        return best;
    }
}
