using MathNet.Numerics.LinearAlgebra;

namespace TradingEngine.Trading.Optimisation;

/// <summary>
/// Covariance of returns, shrunk to a scaled identity: (1 − δ)·S + δ·μ·I, S with divisor n, μ the mean variance.
/// (Ledoit and Wolf 2004, A well-conditioned estimator for large-dimensional covariance matrices, lemmas 3.2 to 3.4.)
/// </summary>
public static class ShrunkCovariance
{
    /// <summary>The matrix and δ, 0 to 1; null under two periods, without assets, or where a value is missing or not finite.</summary>
    /// <param name="returns">A row for each period, a column for each asset; fractions, signed.</param>
    public static (double[,] Matrix, double Shrinkage)? Of(double[,] returns)
    {
        ArgumentNullException.ThrowIfNull(returns);
        var (periods, assets) = (returns.GetLength(0), returns.GetLength(1));
        if (periods < 2 || assets == 0 || returns.Cast<double>().Any(value => !double.IsFinite(value)))
        {
            return null;
        }

        var raw = Matrix<double>.Build.DenseOfArray(returns);
        var means = raw.ColumnSums() / periods;
        var centred = raw.MapIndexed((_, column, value) => value - means[column]);
        var sample = centred.TransposeThisAndMultiply(centred) / periods;
        var mean = sample.Trace() / assets;
        var target = Matrix<double>.Build.DenseIdentity(assets) * mean;
        var distance = Squares(sample - target);
        var noise = centred.EnumerateRows().Sum(row => Squares(row.OuterProduct(row) - sample)) / periods / periods;
        var shrinkage = distance > 0d ? Math.Min(noise, distance) / distance : 0d;
        return (((1d - shrinkage) * sample + (shrinkage * target)).ToArray(), shrinkage);
    }

    private static double Squares(Matrix<double> matrix) => matrix.Enumerate().Sum(value => value * value);
}
