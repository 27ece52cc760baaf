using System.Collections.Immutable;

namespace TradingEngine.Grains.Interfaces.Engine;

/// <summary>What can be looked at beside the engine's own status. It reads and changes nothing. Keyed by partition.</summary>
[GrainInterfaceType("te.overview"), Alias("te.IOverviewGrain")]
public interface IOverviewGrain : IGrainWithStringKey
{
    /// <summary>Agents with their last signs, in the order of the wire.</summary>
    [Alias("GetAgents")]
    Task<ImmutableArray<AgentView>> GetAgentsAsync();

    /// <summary>Symbols that were ever held, or have a price in the silo that answers, in order.</summary>
    [Alias("GetInstruments")]
    Task<ImmutableArray<InstrumentView>> GetInstrumentsAsync();
}

/// <summary>An agent by its last sign.</summary>
/// <param name="Agent">Its name under <c>agent_stats:</c>.</param>
/// <param name="Condition"><c>fresh</c>, <c>late</c>, <c>dead</c> or <c>never_seen</c>.</param>
/// <param name="Lag">Time since its last sign; null when it never gave one.</param>
/// <param name="Version">Its version; null where it does not say.</param>
[GenerateSerializer, Immutable, Alias("te.AgentView")]
public sealed record AgentView(
    [property: Id(0)] string Agent, [property: Id(1)] string Condition, [property: Id(2)] TimeSpan? Lag, [property: Id(3)] string? Version);

/// <summary>An instrument with its newest price; what is not known is null.</summary>
[GenerateSerializer, Immutable, Alias("te.InstrumentView")]
public sealed record InstrumentView
{
    /// <summary>Symbol.</summary>
    [Id(0)] public required string Symbol { get; init; }

    /// <summary>Asset class as in the configuration, such as <c>forex</c>; <c>unknown</c> where nobody says.</summary>
    [Id(1)] public required string AssetClass { get; init; }

    /// <summary>Prices are multiples of it.</summary>
    [Id(2)] public decimal? TickSize { get; init; }

    /// <summary>Quantities are multiples of it, lots.</summary>
    [Id(3)] public decimal? LotStep { get; init; }

    /// <summary>Units of the base asset in one lot.</summary>
    [Id(4)] public decimal? ContractSize { get; init; }

    /// <summary>Currency of prices.</summary>
    [Id(5)] public string? QuoteCurrency { get; init; }

    /// <summary>Best bid.</summary>
    [Id(6)] public decimal? Bid { get; init; }

    /// <summary>Best ask.</summary>
    [Id(7)] public decimal? Ask { get; init; }

    /// <summary>When that price was.</summary>
    [Id(8)] public DateTimeOffset? PriceTime { get; init; }

    /// <summary>True where it is too old to enter by, or there is none.</summary>
    [Id(9)] public required bool IsStale { get; init; }
}
