using System.Collections.Immutable;
using System.Text.Json;

namespace TradingEngine.Trading.Configuration;

/// <summary>A value that differs between two configurations, as it is written.</summary>
/// <param name="Path">Where, names joined by points.</param>
/// <param name="Before">The value before; null where there was none.</param>
/// <param name="After">The value after; null where there is none.</param>
public sealed record ConfigurationDifference(string Path, string? Before, string? After)
{
    /// <summary>For people.</summary>
    public override string ToString() => $"{Path} {Before ?? "(none)"} -> {After ?? "(none)"}";
}

/// <summary>Compares configurations by what is written of them, and keeps where each value comes from. Pure.</summary>
public static class ConfigurationDifferences
{
    /// <summary>Origin of a value nobody wrote.</summary>
    public const string ByDefault = "default";

    /// <summary>Every value by its path, as it is written.</summary>
    public static ImmutableSortedDictionary<string, string> ValuesOf(TradingConfiguration configuration)
    {
        using var document = JsonDocument.Parse(ConfigurationWriter.Write(configuration));
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        Add("", document.RootElement);
        return values.ToImmutable();

        void Add(string path, JsonElement element)
        {
            // A scope of limits that sets none is seen by its name alone.
            if (element.ValueKind != JsonValueKind.Object || (path.Count(c => c == '.') >= 2 && !element.EnumerateObject().Any()))
            {
                values[path] = element.GetRawText();
                return;
            }

            foreach (var property in element.EnumerateObject())
            {
                Add(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value);
            }
        }
    }

    /// <summary>What differs, by path.</summary>
    public static ImmutableArray<ConfigurationDifference> Between(TradingConfiguration before, TradingConfiguration after)
    {
        var (old, young) = (ValuesOf(before), ValuesOf(after));
        return
        [
            .. old.Keys.Union(young.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(path => new ConfigurationDifference(path, old.GetValueOrDefault(path), young.GetValueOrDefault(path)))
                .Where(difference => difference.Before != difference.After),
        ];
    }

    /// <summary>Origins after a change: what differs comes from there now, and what is gone from nowhere.</summary>
    /// <param name="origins">Origins before, by path; absent ones are <see cref="ByDefault"/>.</param>
    /// <param name="changes">What differs.</param>
    /// <param name="origin">Where the change comes from.</param>
    public static ImmutableSortedDictionary<string, string> OriginsAfter(
        ImmutableSortedDictionary<string, string> origins, ImmutableArray<ConfigurationDifference> changes, string origin)
    {
        ArgumentNullException.ThrowIfNull(origins);
        var builder = origins.ToBuilder();
        foreach (var change in changes)
        {
            if (change.After is null)
            {
                builder.Remove(change.Path);
            }
            else
            {
                builder[change.Path] = origin;
            }
        }

        return builder.ToImmutable();
    }
}
