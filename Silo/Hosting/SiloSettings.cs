using System.Collections.Immutable;
using TradingEngine.Api.Hosting;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Security;
using TradingEngine.Silo.Alerts;
using TradingEngine.Trading.Configuration;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Simulation;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tiers;

namespace TradingEngine.Silo.Hosting;

/// <summary>Where durable state lives.</summary>
internal enum StoreKind
{
    Embedded,
    Redis,
}

/// <summary>Where prices come from.</summary>
internal enum FeedKind
{
    Simulated,
    Redis,
    Replay,
    Http,
}

/// <summary>Who executes orders.</summary>
internal enum ExecutionKind
{
    Paper,
    Redis,
    Http,
}

/// <summary>What the silo runs with, valid as a whole.</summary>
internal sealed record SiloSettings
{
    public required StoreKind Store { get; init; }

    /// <summary>Address given for Redis; null looks for one.</summary>
    public string? Redis { get; init; }

    public required FeedKind Feed { get; init; }

    /// <summary>File of a replay.</summary>
    public string? ReplayFile { get; init; }

    /// <summary>Times as fast as the market; null is as fast as possible.</summary>
    public double? Speed { get; init; }

    public required ExecutionKind Execution { get; init; }

    /// <summary>How the paper executor fills.</summary>
    public required PaperVenueOptions Venue { get; init; }

    /// <summary>What the engine is to trade by, unless the store knows better.</summary>
    public TradingConfiguration Trading { get; init; } = TradingConfiguration.Default;

    /// <summary>Where its values come from, by path; absent ones are by default.</summary>
    public ImmutableSortedDictionary<string, string> Origins { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Version of it in the store.</summary>
    public long TradingVersion { get; init; }

    /// <summary>Every setting with where it comes from, without secrets.</summary>
    public ImmutableArray<StartSetting> Given { get; init; } = [];

    /// <summary>Position modes by strategy, from appsettings.json.</summary>
    public required ImmutableDictionary<string, PositionMode> PositionModes { get; init; }

    /// <summary>How strategies' arbitrage groups and quotes are handled, from appsettings.json.</summary>
    public required ImmutableDictionary<string, TierOneTerms> TierOne { get; init; }

    /// <summary>Sends closes as the opposite side.</summary>
    public required bool ClosesAsOpposite { get; init; }

    public required bool UsesStreams { get; init; }

    public required RiskProfile Risk { get; init; }

    /// <summary>Instruments that are known.</summary>
    public required InstrumentCatalog Instruments { get; init; }

    /// <summary>When asset classes trade.</summary>
    public required SessionCalendar Sessions { get; init; }

    /// <summary>Where the API listens, and to whom; null where it does not.</summary>
    public ApiOptions? Api { get; init; }

    /// <summary>Keys of those whose commands are followed from the agents' queue; null where they need no signature.</summary>
    public CommandKeys? CommandKeys { get; init; }

    /// <summary>True where the dashboard of Orleans is served.</summary>
    public bool HasDashboard { get; init; }

    /// <summary>True where lines of the log file are JSON.</summary>
    public bool LogsJson { get; init; }

    /// <summary>What is sent to a collector; null for nothing.</summary>
    public TelemetryOptions? Telemetry { get; init; }

    /// <summary>Where alerts are sent; null for nowhere.</summary>
    public AlertOptions? Alerts { get; init; }

    public required string Data { get; init; }

    /// <summary>How long the store keeps what is over.</summary>
    public required TimeSpan Retention { get; init; }

    /// <summary>Further tiers as given, and where; read when the plug-ins have brought their jobs.</summary>
    public (string Value, string Origin) TierText { get; init; } = ("", "");

    /// <summary>Further tiers.</summary>
    public ImmutableArray<TierDefinition> Tiers { get; init; } = [];

    /// <summary>Folder of plug-ins; null for none.</summary>
    public string? Plugins { get; init; }

    /// <summary>What was loaded from it, in words.</summary>
    public ImmutableArray<string> LoadedPlugins { get; init; } = [];

    /// <summary>Strategies that run inside the cluster.</summary>
    public StrategyRegistry Strategies { get; init; } = new();

    public required decimal Equity { get; init; }

    public required bool InitializesStore { get; init; }

    /// <summary>Partitions the accounts are spread over.</summary>
    public required int Partitions { get; init; }

    /// <summary>The one of them that the silo serves.</summary>
    public required string Partition { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required int Seed { get; init; }

    /// <summary>Port at which other silos reach this one.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port it listens on for them: another one where something forwards between the two.</summary>
    public required int SiloListenPort { get; init; }

    public required int GatewayPort { get; init; }

    /// <summary>Where silos and clients reach it.</summary>
    public SiloReach Reach { get; init; } = SiloReach.Local;

    /// <summary>True in a pod.</summary>
    public bool IsOnKubernetes { get; init; }
}

/// <summary>A setting that cannot be followed; the message names setting, value and fix.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SettingsException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public SettingsException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public SettingsException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
