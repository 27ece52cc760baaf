using System.Collections.Immutable;
using System.Globalization;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Silo.Hosting;

/// <summary>Reads how strategies' arbitrage groups and quotes are handled, from appsettings.json.</summary>
internal static class TierOneSection
{
    /// <summary>Key of the section: one child a strategy, with the names below.</summary>
    public const string Key = "TradingEngine:TierOne";

    private static readonly Dictionary<string, (string Range, Func<decimal, bool> IsValid, Func<TierOneTerms, decimal, TierOneTerms> Set)> Names =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["GroupTimeoutSeconds"] = ("more than 0, at most 3600", value => value is > 0m and <= 3600m,
                (terms, value) => terms with { GroupTimeout = TimeSpan.FromSeconds((double)value) }),
            ["QuoteAgeSeconds"] = ("more than 0, at most 3600", value => value is > 0m and <= 3600m,
                (terms, value) => terms with { QuoteAge = TimeSpan.FromSeconds((double)value) }),
            ["MaxInventory"] = ("lots, more than 0", value => value > 0m, (terms, value) => terms with { MaxInventory = value }),
            ["MaxInventoryNotional"] = ("money, more than 0", value => value > 0m,
                (terms, value) => terms with { MaxInventoryNotional = value }),
            ["SkewBps"] = ("0 to 10000", value => value is >= 0m and <= 10_000m, (terms, value) => terms with { SkewBps = value }),
        };

    /// <summary>The terms by strategy; what is not given is as by default.</summary>
    /// <param name="file">appsettings.json.</param>
    /// <param name="errors">Gets everything that is wrong.</param>
    public static ImmutableDictionary<string, TierOneTerms> Read(IConfiguration file, ICollection<string> errors)
    {
        var terms = ImmutableDictionary.CreateBuilder<string, TierOneTerms>(StringComparer.Ordinal);
        foreach (var strategy in file.GetSection(Key).GetChildren())
        {
            terms[strategy.Key.ToLowerInvariant()] = strategy.GetChildren().Aggregate(
                TierOneTerms.Default, (before, given) => Set(before, given, errors));
        }

        return terms.ToImmutable();
    }

    private static TierOneTerms Set(TierOneTerms terms, IConfigurationSection given, ICollection<string> errors)
    {
        if (!Names.TryGetValue(given.Key, out var name))
        {
            errors.Add(
                $"{given.Path} in appsettings.json is no setting; use one of {string.Join(", ", Names.Keys.Order(StringComparer.Ordinal))}");
            return terms;
        }

        if (decimal.TryParse(given.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && name.IsValid(value))
        {
            return name.Set(terms, value);
        }

        errors.Add($"{given.Path} in appsettings.json is {given.Value}; use {name.Range}");
        return terms;
    }
}
