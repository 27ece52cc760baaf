using MathNet.Numerics.LinearAlgebra;

namespace TradingEngine.Trading.Optimisation;

/// <summary>
/// Least ½·w'Σw − c'w where w adds up to 1 within bounds, Σ positive definite. The pair that violates the conditions of
/// Karush, Kuhn and Tucker most exchanges weight (Platt 1998; Keerthi et al. 2001), then the weights between their bounds
/// are solved for exactly.
/// </summary>
internal static class BoxQuadratic
{
    private const int MaxSteps = 500_000;
    private const double Tolerance = 1e-12;

    /// <summary>Moves feasible weights to the least; false when the steps did not suffice.</summary>
    public static bool Solve(double[,] matrix, double[] linear, double[] lower, double[] upper, double[] weights)
    {
        var count = weights.Length;
        var slope = Slope(matrix, linear, weights);
        var scale = Enumerable.Range(0, count).Max(index => matrix[index, index] + Math.Abs(linear[index]));
        for (var step = 0; step < MaxSteps; step++)
        {
            var (up, down) = WorstPair(slope, lower, upper, weights);
            if (up < 0 || down < 0 || slope[down] - slope[up] <= Tolerance * scale)
            {
                Polish(matrix, linear, lower, upper, weights);
                return true;
            }

            var curve = matrix[up, up] + matrix[down, down] - (2d * matrix[up, down]);
            var move = (slope[down] - slope[up]) / curve;
            var (roomUp, roomDown) = (upper[up] - weights[up], weights[down] - lower[down]);
            move = Math.Min(move, Math.Min(roomUp, roomDown));

            // Set, not added: a weight that rounding leaves beside its bound would be picked for ever.
            weights[up] = move >= roomUp ? upper[up] : weights[up] + move;
            weights[down] = move >= roomDown ? lower[down] : weights[down] - move;
            for (var index = 0; index < count; index++)
            {
                slope[index] += move * (matrix[index, up] - matrix[index, down]);
            }
        }

        return false;
    }

    private static double[] Slope(double[,] matrix, double[] linear, double[] weights)
    {
        var slope = new double[weights.Length];
        for (var row = 0; row < slope.Length; row++)
        {
            slope[row] = -linear[row];
            for (var column = 0; column < slope.Length; column++)
            {
                slope[row] += matrix[row, column] * weights[column];
            }
        }

        return slope;
    }

    private static (int Up, int Down) WorstPair(double[] slope, double[] lower, double[] upper, double[] weights)
    {
        var (up, down) = (-1, -1);
        for (var index = 0; index < slope.Length; index++)
        {
            up = weights[index] < upper[index] && (up < 0 || slope[index] < slope[up]) ? index : up;
            down = weights[index] > lower[index] && (down < 0 || slope[index] > slope[down]) ? index : down;
        }

        return (up, down);
    }

    private static void Polish(double[,] matrix, double[] linear, double[] lower, double[] upper, double[] weights)
    {
        var all = Enumerable.Range(0, weights.Length).ToArray();
        var free = all.Where(index => weights[index] > lower[index] && weights[index] < upper[index]).ToArray();
        if (free.Length == 0)
        {
            return;
        }

        var held = all.Except(free).ToArray();
        var system = Matrix<double>.Build.Dense(free.Length + 1, free.Length + 1, (row, column) =>
            row < free.Length && column < free.Length ? matrix[free[row], free[column]] : row == column ? 0d : 1d);
        var right = Vector<double>.Build.Dense(free.Length + 1, row => row < free.Length
            ? linear[free[row]] - held.Sum(index => matrix[free[row], index] * weights[index])
            : 1d - held.Sum(index => weights[index]));
        var exact = system.Solve(right);
        if (Array.TrueForAll([.. Enumerable.Range(0, free.Length)], row =>
            exact[row] >= lower[free[row]] && exact[row] <= upper[free[row]]))
        {
            for (var row = 0; row < free.Length; row++)
            {
                weights[free[row]] = exact[row];
            }
        }
    }
}
