using TradingEngine.Trading.Configuration;

namespace TradingEngine.Grains.Hosting;

/// <summary>
/// What this silo trades by at the moment, whole: who reads it twice within one decision may read two versions, so a decision takes it
/// once. Thread-safe.
/// </summary>
public sealed class ConfigurationBoard
{
    private readonly Lock _gate = new();
    private volatile Standing _standing;

    /// <summary>Begins with a configuration.</summary>
    /// <param name="start">What counts until another is adopted.</param>
    /// <param name="version">Its version in the store; 0 where it is not there.</param>
    public ConfigurationBoard(TradingConfiguration start, long version = 0) => _standing = new Standing(version, start);

    /// <summary>What counts.</summary>
    public TradingConfiguration Current => _standing.Configuration;

    /// <summary>Its version in the store; 0 where it is not there.</summary>
    public long Version => _standing.Version;

    /// <summary>Lets another version count, and returns the one that counted before it.</summary>
    public TradingConfiguration Adopt(long version, TradingConfiguration configuration)
    {
        lock (_gate)
        {
            var before = _standing.Configuration;
            _standing = new Standing(version, configuration);
            return before;
        }
    }

    private sealed record Standing(long Version, TradingConfiguration Configuration);
}
