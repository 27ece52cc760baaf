using System.Collections.Immutable;

namespace TradingEngine.Trading.Optimisation;

/// <summary>Why there are no weights.</summary>
public enum OptimisationError
{
    /// <summary>There are weights.</summary>
    None,

    /// <summary>Nothing to weigh.</summary>
    NoAssets,

    /// <summary>Sizes differ, a number is not finite, or the matrix is not symmetric.</summary>
    InvalidInput,

    /// <summary>A bound is outside 0 to 1 or over its upper one, or no weights within the bounds add up to 1.</summary>
    InfeasibleBounds,

    /// <summary>An asset has a variance of 0 or less.</summary>
    ZeroVariance,

    /// <summary>One asset is a mixture of others (correlation 1, or fewer observations than assets): weights would be arbitrary. Shrink first.</summary>
    SingularCovariance,

    /// <summary>No weights within the bounds have an expected return over the rate.</summary>
    NoPositiveExcess,

    /// <summary>The bounded number of steps did not reach the tolerance.</summary>
    NotConverged,
}

/// <summary>Weights in the order of the assets, each 0 to 1 and together 1; or empty with the reason.</summary>
/// <param name="Error">Why there are none.</param>
/// <param name="Weights">Fractions of the capital, 0 to 1.</param>
public sealed record OptimisedWeights(OptimisationError Error, ImmutableArray<double> Weights)
{
    internal static OptimisedWeights Failed(OptimisationError error) => new(error, []);

    internal static OptimisedWeights Of(double[] weights) => Array.TrueForAll(weights, double.IsFinite)
        ? new(OptimisationError.None, [.. weights])
        : Failed(OptimisationError.NotConverged);
}
