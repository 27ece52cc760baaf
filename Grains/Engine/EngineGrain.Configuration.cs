using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Portfolio;

namespace TradingEngine.Grains.Engine;

/// <content>The configuration: shown as it stands in the store, and changed there by compare and set.</content>
public sealed partial class EngineGrain
{
    private const int MostShownChanges = 20;
    private const int LongestText = 500;

    /// <inheritdoc/>
    public async Task<ConfigurationView> GetConfigurationAsync()
    {
        var stored = await StandingAsync();
        // Where it cannot be read, what this silo makes of it is shown.
        var stands = stored.Configuration ?? _options.Trading.Current;
        return new ConfigurationView
        {
            Version = stored.Version,
            Json = Encoding.UTF8.GetString(ConfigurationWriter.Write(stands, stored.Version, isIndented: true)),
            IsApplied = stored.IsApplied,
            By = stored.By,
            Reason = stored.Errors.IsEmpty ? stored.Reason : "cannot be read: " + string.Join("; ", stored.Errors),
            Time = stored.Version == 0 ? null : stored.Time,
            Values =
            [
                .. ConfigurationDifferences.ValuesOf(stands).Select(pair => new ConfiguredValue(
                    pair.Key, pair.Value, stored.Origins.GetValueOrDefault(pair.Key, ConfigurationDifferences.ByDefault))),
            ],
            Settings = _options.Settings,
        };
    }

    /// <inheritdoc/>
    public async Task<ConfigurationResult> ApplyConfigurationAsync(ConfigurationChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var stored = await StandingAsync();
        var document = ConfigurationReader.Read(Encoding.UTF8.GetBytes(change.Json));
        var errors = document.Errors;
        var basedOn = change.BasedOn ?? document.Version;
        if (basedOn is null && errors.IsEmpty)
        {
            errors = ["it does not say which version it is based on; take \"version\" from config show"];
        }
        else if (basedOn is { } version && version != stored.Version)
        {
            errors = errors.Add(
                $"it is based on version {version}, but version {stored.Version} stands, by {stored.By}"
                + $"{(stored.Reason.Length > 0 ? $" ({stored.Reason})" : "")}; look at config diff and apply again");
        }

        if (!IsText(change.Source) || !IsText(change.Reason ?? ""))
        {
            errors = errors.Add($"who or why cannot be shown; use at most {LongestText} characters, none of them a control character");
        }

        var before = stored.Configuration ?? _options.Trading.Current;
        if (document.Configuration is not { } after)
        {
            return await RefuseAsync(change, stored.Version, errors);
        }

        errors = errors.AddRange(ConfigurationChecks.Of(before, after, await TradedAccountsAsync(), await HeldSymbolsAsync()));
        var changes = ConfigurationDifferences.Between(before, after);
        if (!errors.IsEmpty)
        {
            return (await RefuseAsync(change, stored.Version, errors)) with { Changes = changes };
        }

        if (changes.IsEmpty || change.IsTrial)
        {
            var words = changes.IsEmpty
                ? "nothing differs from what stands"
                : $"{changes.Length} {(changes.Length == 1 ? "value" : "values")} would be changed; nothing was done";
            return new ConfigurationResult(new CommandResult("completed", words), stored.Version) { Changes = changes };
        }

        try
        {
            return await WriteAsync(change, stored, after, changes);
        }
        catch (StoreException exception)
        {
            return new ConfigurationResult(
                new CommandResult("failed", $"it is not known whether it was written; look at config show: {exception.Message}"), stored.Version)
            {
                Changes = changes,
            };
        }
    }

    private async Task<ConfigurationResult> WriteAsync(
        ConfigurationChange change, StoredConfiguration stored, TradingConfiguration after, ImmutableArray<ConfigurationDifference> changes)
    {
        var version = stored.Version + 1;
        var why = $"by {change.Source}{(string.IsNullOrWhiteSpace(change.Reason) ? "" : ": " + change.Reason)}";
        var next = stored with
        {
            Configuration = after,
            IsApplied = true,
            By = change.Source,
            Reason = change.Reason ?? "",
            Time = clock.GetUtcNow(),
            Origins = ConfigurationDifferences.OriginsAfter(stored.Origins, changes, $"version {version} {why}"),
            Errors = [],
        };
        var result = new CommandResult(
            "completed", $"version {version} {why}: {ListOf(changes)}; other silos follow within {ConfigurationFollower.Bound.TotalSeconds:0} s");
        var outcome = (await _partition.CommitAsync(
            [CommandRecord.Of(EngineCommands.ApplyConfiguration, result, change.Source, clock.GetUtcNow()) with { Records = [next.ToRecord()] }]))[0];
        if (outcome.Outcome == CommitOutcome.VersionConflict)
        {
            return await RefuseAsync(
                change, stored.Version, ["somebody else applied another configuration at the same time; look at config diff and apply again"]);
        }

        if (!outcome.IsCommitted)
        {
            return await RefuseAsync(change, stored.Version, [$"the store refused it: {outcome.Outcome}"]);
        }

        configuration.Adopt(version, after);
        LogApplied(_logger, version, why, ListOf(changes));
        return new ConfigurationResult(result, version) { Changes = changes };
    }

    private async Task<ConfigurationResult> RefuseAsync(ConfigurationChange change, long version, ImmutableArray<string> errors)
    {
        var answer = new CommandResult("rejected", $"{errors.Length} {(errors.Length == 1 ? "error" : "errors")}; nothing was changed");
        if (!change.IsTrial)
        {
            await RecordAsync(
                EngineCommands.ApplyConfiguration, answer with { Reason = $"by {change.Source}: {string.Join("; ", errors.Take(MostShownChanges))}" }, change.Source, []);
        }

        return new ConfigurationResult(answer, version) { Errors = errors };
    }

    /// <summary>What stands in the store; before anything does, what this silo was started with.</summary>
    private async Task<StoredConfiguration> StandingAsync() => await StoredConfiguration.ReadAsync(_partition)
        ?? new StoredConfiguration { Configuration = _options.Trading.Current, By = "start" };

    private async Task<IEnumerable<string>> TradedAccountsAsync()
    {
        var prefix = Contributions.AccountGroup("");
        return (await _partition.ReadCounterGroupsAsync(prefix)).Select(group => group[prefix.Length..]);
    }

    private async Task<IEnumerable<string>> HeldSymbolsAsync() =>
        (await _board.ReadEntriesAsync()).Select(entry => entry.Symbol).Distinct(StringComparer.Ordinal);

    private static bool IsText(string text) => text.Length <= LongestText && !text.Any(char.IsControl);

    private static string ListOf(ImmutableArray<ConfigurationDifference> changes) =>
        string.Join(", ", changes.Take(MostShownChanges))
        + (changes.Length > MostShownChanges ? $" and {changes.Length - MostShownChanges} more" : "");

    [LoggerMessage(2523, LogLevel.Warning, "Configuration version {Version} {Why}: {Changes}")]
    private static partial void LogApplied(ILogger logger, long version, string why, string changes);
}
