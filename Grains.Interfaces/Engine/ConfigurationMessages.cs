using System.Collections.Immutable;
using TradingEngine.Trading.Configuration;

namespace TradingEngine.Grains.Interfaces.Engine;

/// <summary>The configuration that stands, with where it comes from.</summary>
[GenerateSerializer, Immutable, Alias("te.ConfigurationView")]
public sealed record ConfigurationView
{
    /// <summary>Version in the store; 0 where there is none yet.</summary>
    [Id(0)] public required long Version { get; init; }

    /// <summary>The configuration, written whole, with its version.</summary>
    [Id(1)] public required string Json { get; init; }

    /// <summary>True once somebody applied one; false where it comes from files and options of a silo.</summary>
    [Id(2)] public required bool IsApplied { get; init; }

    /// <summary>Who wrote it.</summary>
    [Id(3)] public required string By { get; init; }

    /// <summary>Why; empty where nothing was said.</summary>
    [Id(4)] public required string Reason { get; init; }

    /// <summary>When; null where there is none yet.</summary>
    [Id(5)] public required DateTimeOffset? Time { get; init; }

    /// <summary>Every value by its path, as it is written.</summary>
    [Id(6)] public required ImmutableArray<ConfiguredValue> Values { get; init; }

    /// <summary>What the silo that answers was started with; secrets are not in it.</summary>
    [Id(7)] public required ImmutableArray<StartSetting> Settings { get; init; }
}

/// <summary>A value of the configuration.</summary>
/// <param name="Path">Where, names joined by points.</param>
/// <param name="Value">As it is written.</param>
/// <param name="Origin">Where it comes from.</param>
[GenerateSerializer, Immutable, Alias("te.ConfiguredValue")]
public sealed record ConfiguredValue([property: Id(0)] string Path, [property: Id(1)] string Value, [property: Id(2)] string Origin);

/// <summary>A setting that a silo was started with; another one takes a restart.</summary>
/// <param name="Name">Option without dashes.</param>
/// <param name="Value">Its value; of secrets only whether there is one.</param>
/// <param name="Origin">Where it comes from: option, environment variable, file or default.</param>
[GenerateSerializer, Immutable, Alias("te.StartSetting")]
public sealed record StartSetting([property: Id(0)] string Name, [property: Id(1)] string Value, [property: Id(2)] string Origin);

/// <summary>Asks for another configuration.</summary>
/// <param name="Json">The configuration, whole: what it does not say is as by default.</param>
/// <param name="Source">Who asks.</param>
[GenerateSerializer, Immutable, Alias("te.ConfigurationChange")]
public sealed record ConfigurationChange([property: Id(0)] string Json, [property: Id(1)] string Source)
{
    /// <summary>Version it is based on; null: the one written in it. Where another one stands it is refused.</summary>
    [Id(2)] public long? BasedOn { get; init; }

    /// <summary>Why, for people; null when nothing is said.</summary>
    [Id(3)] public string? Reason { get; init; }

    /// <summary>Only says what would be changed, or why not.</summary>
    [Id(4)] public bool IsTrial { get; init; }
}

/// <summary>What became of a change.</summary>
/// <param name="Answer">Done or not.</param>
/// <param name="Version">The version that stands now; where the change is not done, as far as is known.</param>
[GenerateSerializer, Immutable, Alias("te.ConfigurationResult")]
public sealed record ConfigurationResult([property: Id(0)] CommandResult Answer, [property: Id(1)] long Version)
{
    /// <summary>Every reason against it; empty when it is done.</summary>
    [Id(2)] public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>What is changed, or would be.</summary>
    [Id(3)] public ImmutableArray<ConfigurationDifference> Changes { get; init; } = [];
}
