using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Engine;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Configuration;

namespace TradingEngine.Grains.Hosting;

/// <summary>
/// Lets this silo trade by what stands in the store. The silo where a change is applied has it at once, the others read it every few
/// seconds. What cannot be read lets no entry pass: limits that nobody knows are not taken for those of before. Thread-safe.
/// </summary>
public sealed partial class ConfigurationFollower(
    ITradingStore store, IOptions<EngineOptions> options, LogLevelSwitch logLevel, ILogger<ConfigurationFollower> logger)
{
    /// <summary>A silo follows a change within this time, as long as its store answers; where it does not, nothing is committed either.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ConfigurationBoard _board = options.Value.Trading;
    private long _older = -1;
    private long _unread = -1;

    /// <summary>Reads what stands, and adopts it where it is another version than counts here; true where it did.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellation = default)
    {
        var stored = await StoredConfiguration.ReadAsync(store.Partition(options.Value.Partition), cancellation);
        if (stored is null)
        {
            return false;
        }

        if (stored.Configuration is { } configuration)
        {
            return Adopt(stored.Version, configuration, isRead: true);
        }

        Close(stored);
        return false;
    }

    /// <summary>Lets a version that was just committed count.</summary>
    public void Adopt(long version, TradingConfiguration configuration) => Adopt(version, configuration, isRead: false);

    private bool Adopt(long version, TradingConfiguration configuration, bool isRead)
    {
        lock (_gate)
        {
            // Read before a commit and adopted after it, an older version would undo it. Where the store itself went back, the next
            // read finds the older one again.
            var isOlder = isRead && version < _board.Version && version != _older;
            _older = isOlder ? version : -1;
            if (isOlder || version == _board.Version)
            {
                return false;
            }

            var before = _board.Adopt(version, configuration);
            if (before.LogLevel != configuration.LogLevel && Enum.TryParse<LogLevel>(configuration.LogLevel, ignoreCase: true, out var level))
            {
                logLevel.Level = level;
            }

            LogAdopted(logger, version, configuration.Risk.Name, configuration.Risk.Hash);
            return true;
        }
    }

    private void Close(StoredConfiguration stored)
    {
        lock (_gate)
        {
            if (stored.Version == _unread)
            {
                return;
            }

            _unread = stored.Version;
            _board.Adopt(stored.Version, _board.Current.Closed());
            LogUnreadable(logger, stored.Version, string.Join("; ", stored.Errors));
        }
    }

    [LoggerMessage(2521, LogLevel.Information, "Trading by version {Version} of the configuration, limits {Name}/{Hash}")]
    private static partial void LogAdopted(ILogger logger, long version, string name, string hash);

    [LoggerMessage(2522, LogLevel.Error, "Version {Version} of the configuration cannot be read, so no entry passes here: {Errors}")]
    private static partial void LogUnreadable(ILogger logger, long version, string errors);
}
