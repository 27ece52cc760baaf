using System.Collections.Immutable;
using TradingEngine.Trading.Configuration;

namespace TradingEngine.Silo.Hosting;

/// <summary>What a silo would have the engine trade by, put together source by source, each over those before it.</summary>
internal sealed record TradingStart
{
    /// <summary>The configuration so far.</summary>
    public TradingConfiguration Configuration { get; private init; } = TradingConfiguration.Default;

    /// <summary>Where its values come from, by path; absent ones are by default.</summary>
    public ImmutableSortedDictionary<string, string> Origins { get; private init; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>This with what another source says.</summary>
    public TradingStart With(string origin, Func<TradingConfiguration, TradingConfiguration> change)
    {
        var after = change(Configuration);
        return new TradingStart
        {
            Configuration = after,
            Origins = ConfigurationDifferences.OriginsAfter(Origins, ConfigurationDifferences.Between(Configuration, after), origin),
        };
    }
}
