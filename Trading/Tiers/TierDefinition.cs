using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace TradingEngine.Trading.Tiers;

/// <summary>A tier beside the four: a period, perhaps a queue, and the jobs that each of its cycles runs in order.</summary>
/// <param name="Number">5 or more, in the order of configuration.</param>
/// <param name="Name">1 to 32 lower-case letters, digits and <c>_</c>; it is shown by it.</param>
/// <param name="Period">Between its cycles, at least 50 ms.</param>
/// <param name="Queue">Key of a queue of agents whose messages each cycle takes and hands to the jobs; null for none.</param>
/// <param name="Jobs">Names of <see cref="TierJobRegistry"/>.</param>
public sealed partial record TierDefinition(int Number, string Name, TimeSpan Period, string? Queue, ImmutableArray<string> Jobs)
{
    /// <summary>Number of the first tier beside the four.</summary>
    public const int FirstNumber = 5;

    /// <summary>Shortest period: below it the beat of a grain's timer is too coarse.</summary>
    public static readonly TimeSpan ShortestPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest period.</summary>
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(7);

    private static readonly ImmutableHashSet<string> Taken = ["ultra_hft", "fast", "tactical", "strategic"];

    /// <summary>Name of its queue inside the engine.</summary>
    public string QueueName => "tier:" + Name;

    /// <summary>Reads tiers from the text of the setting, <c>name=period[,queue=key],jobs=job[+job…]</c> separated by <c>;</c>.</summary>
    /// <param name="text">The text; empty for none.</param>
    /// <param name="registry">Jobs that there are.</param>
    /// <exception cref="FormatException">It says something else; the message names the part, its value and what it must be.</exception>
    public static ImmutableArray<TierDefinition> Parse(string text, TierJobRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(registry);
        var tiers = ImmutableArray.CreateBuilder<TierDefinition>();
        foreach (var line in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var tier = ParseOne(line, FirstNumber + tiers.Count, registry);
            if (Taken.Contains(tier.Name) || tiers.Any(other => other.Name == tier.Name))
            {
                throw new FormatException($"there is a tier {tier.Name} already");
            }

            tiers.Add(tier);
        }

        return tiers.ToImmutable();
    }

    private static TierDefinition ParseOne(string line, int number, TierJobRegistry registry)
    {
        string? name = null, queue = null;
        var period = TimeSpan.Zero;
        ImmutableArray<string> jobs = [];
        foreach (var part in line.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (name is null)
            {
                name = WellFormed().IsMatch(key) ? key : throw new FormatException(
                    $"the name of a tier is '{key}'; use 1 to 32 lower-case letters, digits and _");
                period = PeriodOf(name, value);
            }
            else if (key == "queue")
            {
                queue = QueueKey().IsMatch(value) ? value : throw new FormatException(
                    $"the queue of tier {name} is '{value}'; use 1 to 64 of a-z 0-9 _ - :");
            }
            else if (key == "jobs")
            {
                jobs = [.. value.Split('+').Select(job => registry.Find(job) is not null ? job : throw new FormatException(
                    $"tier {name} has a job '{job}'; use one of {string.Join(", ", registry.Names)}"))];
            }
            else
            {
                throw new FormatException($"tier {name} says '{key}'; use queue or jobs");
            }
        }

        return jobs.IsEmpty
            ? throw new FormatException($"tier {name} has no jobs; add jobs= with one of {string.Join(", ", registry.Names)}")
            : new TierDefinition(number, name!, period, queue, jobs);
    }

    private static TimeSpan PeriodOf(string name, string text) =>
        TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var period)
            && period >= ShortestPeriod && period <= LongestPeriod
            ? period
            : throw new FormatException($"the period of tier {name} is '{text}'; use [days.]hh:mm:ss, 00:00:00.05 to 7.00:00:00");

    [GeneratedRegex("^[a-z0-9_]{1,32}\\z")]
    private static partial Regex WellFormed();

    [GeneratedRegex("^[a-z0-9_:-]{1,64}\\z")]
    private static partial Regex QueueKey();
}
