namespace TradingEngine.Trading.Optimisation;

/// <summary>A step of one weight towards its target.</summary>
/// <param name="Before">The weight that held, a fraction of the capital.</param>
/// <param name="Target">The weight wanted.</param>
/// <param name="After">The weight that holds now, between the two.</param>
public sealed record WeightChange(double Before, double Target, double After)
{
    /// <summary>
    /// Damped and capped steps. All weights move by the same fraction of their way, so that two sets that add up to 1 and
    /// keep their bounds lead to a third that does.
    /// </summary>
    /// <param name="before">Weights that hold.</param>
    /// <param name="target">Weights wanted, in the same order.</param>
    /// <param name="damping">Fraction of the way to go, over 0 to 1.</param>
    /// <param name="cap">Largest change of a weight, over 0.</param>
    public static IReadOnlyList<WeightChange> Step(
        IReadOnlyList<double> before, IReadOnlyList<double> target, double damping, double cap)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Count, before.Count);
        if (!(damping is > 0d and <= 1d) || !(cap > 0d))
        {
            throw new ArgumentOutOfRangeException(nameof(damping), $"Damping {damping} or cap {cap} is out of range.");
        }

        var farthest = before.Zip(target, (from, to) => Math.Abs(to - from)).DefaultIfEmpty().Max();
        var fraction = damping * farthest > cap ? cap / farthest : damping;
        return [.. before.Zip(target, (from, to) => new WeightChange(from, to, from + (fraction * (to - from))))];
    }
}
