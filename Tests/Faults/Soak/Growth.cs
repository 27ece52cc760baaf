using System.Globalization;
using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace TradingEngine.Tests.Faults.Soak;

/// <summary>Something that is measured again and again, and by how much it grows: the slope of the line that fits it best, with its standard error.</summary>
/// <param name="name">What it is.</param>
/// <param name="goal">Most it may grow, in MB an hour; null where it is shown alone.</param>
/// <param name="isFloor">True where a look also counts what happens to be under way, so that only the lowest of several tells what stays.</param>
internal sealed class Growth(string name, double? goal, bool isFloor = false)
{
    /// <summary>Neighbours are alike, which would make the error look small: as many parts are taken for independent.</summary>
    private const int Parts = 25;
    private const int Floors = 10;

    private readonly List<(TimeSpan At, double Megabytes)> _values = [];

    public bool HasValues => _values.Exists(value => value.Megabytes > 0);

    public void Add(TimeSpan at, double megabytes) => _values.Add((at, megabytes));

    /// <summary>The growth from a time on, in words, and whether the goal is met. Where the error is as large as the goal, that is chance: run longer.</summary>
    public (string Text, bool IsMet) Judge(TimeSpan from)
    {
        var values = _values.Where(value => value.At >= from).ToList();
        if (values.Count < 3)
        {
            return ($"{name,-15} too few values", false);
        }

        var parts = values.Chunk(Math.Max(1, (int)Math.Ceiling(values.Count / (double)(isFloor ? Floors : Parts)))).ToList();
        double[] hours = [.. parts.Select(part => part.Average(value => value.At.TotalHours))];
        double[] means = [.. parts.Select(part => isFloor ? part.Min(value => value.Megabytes) : part.Average(value => value.Megabytes))];
        var (intercept, slope) = Fit.Line(hours, means);
        var scatter = parts.Count > 2
            ? GoodnessOfFit.StandardError(hours.Select(x => intercept + (slope * x)), means, degreesOfFreedom: 2)
            : double.NaN;
        var error = scatter / Math.Sqrt(hours.Variance() * (hours.Length - 1));
        var first = values.Take(values.Count / 4).Min(value => value.Megabytes);
        var last = values.TakeLast(values.Count / 4).Min(value => value.Megabytes);
        return (
            string.Create(CultureInfo.InvariantCulture,
                $"{name,-15} {slope,7:0.0} MB/h, standard error {error:0.0}; lowest of the first quarter {first:0.0} MB, of the last {last:0.0} MB"),
            goal is not { } most || slope < most);
    }
}
