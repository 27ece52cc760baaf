using TradingEngine.Grains.Engine;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Configuration;

namespace TradingEngine.Silo.Hosting;

/// <summary>
/// Settles at the start what the engine trades by. A new store takes what this silo was started with. So does one that never had another
/// configuration applied: the newest start wins, for all silos. Once one was applied, the store wins, and what differs is told.
/// </summary>
internal sealed class ConfigurationStart(SiloSettings settings, TimeProvider clock, TextWriter output)
{
    private const int MostShown = 10;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    /// <summary>The settings with the configuration that counts.</summary>
    /// <exception cref="SettingsException">What stands cannot be read.</exception>
    public async Task<SiloSettings> RunAsync(IPartitionStore partition, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                if (await SettleAsync(partition, cancellation) is { } settled)
                {
                    if (!settings.Risk.General.IsStructuralOnly)
                    {
                        Banner.PrintOpen(output, settled);
                    }

                    return settled;
                }
            }
            catch (StoreException exception)
            {
                await output.WriteLineAsync($"Waiting for the store: {exception.Message}");
                await Task.Delay(RetryEvery, cancellation);
            }
        }
    }

    /// <summary>Null where another silo was faster: then what that one wrote is looked at.</summary>
    private async Task<SiloSettings?> SettleAsync(IPartitionStore partition, CancellationToken cancellation)
    {
        var stored = await StoredConfiguration.ReadAsync(partition, cancellation);
        if (stored is { Configuration: null })
        {
            throw new SettingsException(
                $"The store holds version {stored.Version} of the configuration, which this engine {OrleansHost.Version} cannot read; "
                + $"start the version that wrote it, or apply another one there:{string.Concat(stored.Errors.Select(error => $"\n  {error}"))}");
        }

        var differences = stored is null ? [] : ConfigurationDifferences.Between(settings.Trading, stored.Configuration!);
        if (stored is not null && (stored.IsApplied || differences.IsEmpty))
        {
            if (!differences.IsEmpty)
            {
                await output.WriteLineAsync(
                    $"WARNING version {stored.Version} of the configuration, applied by {stored.By} at {stored.Time:yyyy-MM-dd HH:mm:ss} UTC, counts over "
                    + "what this silo was started with. To change it: Client -- config apply");
                foreach (var difference in differences.Take(MostShown))
                {
                    await output.WriteLineAsync($"  {difference.Path} is {difference.After ?? "(none)"}, not {difference.Before ?? "(none)"}");
                }

                if (differences.Length > MostShown)
                {
                    await output.WriteLineAsync($"  and {differences.Length - MostShown} more: Client -- config show");
                }
            }

            return With(stored.Configuration!, stored.Version);
        }

        var next = new StoredConfiguration
        {
            Version = stored?.Version ?? 0,
            Configuration = settings.Trading,
            By = "start",
            Time = clock.GetUtcNow(),
            Origins = settings.Origins,
        };
        var outcome = (await partition.CommitAsync([new Commit { Records = [next.ToRecord()] }], cancellation))[0];
        if (outcome.Outcome == CommitOutcome.VersionConflict)
        {
            return null;
        }

        if (!outcome.IsCommitted)
        {
            throw new StoreException($"the configuration could not be written: {outcome.Outcome}");
        }

        if (stored is not null)
        {
            await output.WriteLineAsync($"Configuration: version {next.Version + 1} as this silo was started, for all silos of the store. Changed:");
            foreach (var difference in differences.Take(MostShown))
            {
                await output.WriteLineAsync($"  {difference.Path} is {difference.Before ?? "(none)"}, was {difference.After ?? "(none)"}");
            }
        }

        return With(settings.Trading, next.Version + 1);
    }

    private SiloSettings With(TradingConfiguration trading, long version) => settings with
    {
        Trading = trading,
        TradingVersion = version,
        Risk = trading.Risk,
        Equity = trading.Account.Equity,
        LogLevel = Enum.Parse<LogLevel>(trading.LogLevel, ignoreCase: true),
    };
}
