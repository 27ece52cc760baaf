using System.Text.RegularExpressions;

namespace TradingEngine.Tests.Cluster.Observability;

/// <summary>Names in what Prometheus reads and in what refers to it.</summary>
internal static partial class Scrape
{
    /// <summary>Names of all series of an exposition.</summary>
    public static HashSet<string> SeriesOf(string exposition) => [.. exposition.Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('{', ' ')[0])];

    /// <summary>Names of all metrics of an exposition that are the product's own, as Prometheus calls them.</summary>
    public static SortedSet<string> OwnMetricsOf(string exposition) => [.. TypeLine().Matches(exposition).Select(match => match.Groups[1].Value)];

    /// <summary>Names of the metrics that a text speaks of.</summary>
    public static SortedSet<string> NamesIn(string text) => [.. Name().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"^# TYPE (tradingengine_\S+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"\b(tradingengine|dotnet)_[a-z0-9_]+\b")]
    private static partial Regex Name();
}
