using System.Globalization;
using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace TradingEngine.Tests.Faults.Soak;

/// <summary>Something that is measured again and again, and by how much it grows: the slope of the line that fits it best, with its standard error.</summary>
/// <param name="name">What it is.</param>
/// <param name="goal">Most it may grow, in MB an hour; null where it is shown alone.</param>
/// <param name="isAtRest">
/// True where nothing is under way at a look, so that the slope itself is judged. Otherwise a look counts what passes as well: medians of parts of the time are compared, and only a growth that
/// chance does not explain misses the goal.
/// </param>
internal sealed class Growth(string name, double? goal, bool isAtRest = false)
{
    /// <summary>Neighbours are alike, which would make the error look small: as many parts are taken for independent.</summary>
    private const int Parts = 25;
    private const double ErrorsOfChance = 2;

    private readonly List<(TimeSpan At, double Megabytes)> _values = [];

    public bool HasValues => _values.Exists(value => value.Megabytes > 0);

    public void Add(TimeSpan at, double megabytes) => _values.Add((at, megabytes));

    /// <summary>The growth from a time on, in words, and whether the goal is met.</summary>
    public (string Text, bool IsMet) Judge(TimeSpan from)
    {
        var values = _values.Where(value => value.At >= from).ToList();
        if (values.Count < 3)
        {
            return ($"{name,-15} too few values", false);
        }

        var parts = values.Chunk(isAtRest ? 1 : Math.Max(1, (int)Math.Ceiling(values.Count / (double)Parts))).ToList();
        double[] hours = [.. parts.Select(part => part.Average(value => value.At.TotalHours))];
        double[] medians = [.. parts.Select(part => part.Select(value => value.Megabytes).Median())];
        var (intercept, slope) = Fit.Line(hours, medians);
        var scatter = GoodnessOfFit.StandardError(hours.Select(x => intercept + (slope * x)), medians, degreesOfFreedom: 2);
        var error = scatter / Math.Sqrt(hours.Variance() * (hours.Length - 1));
        return (
            string.Create(CultureInfo.InvariantCulture,
                $"{name,-15} {slope,7:0.00} MB/h, standard error {error:0.00}; first {medians[0]:0.0} MB, last {medians[^1]:0.0} MB"),
            goal is not { } most || (isAtRest ? slope : slope - (ErrorsOfChance * error)) < most);
    }
}
