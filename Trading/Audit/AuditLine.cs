using System.Collections.Immutable;
using TradingEngine.Trading.Positions;

namespace TradingEngine.Trading.Audit;

/// <summary>One change of a position, or one command, as it was recorded.</summary>
public sealed record AuditLine
{
    /// <summary>Form of the line: 1 has no phase, record or legs, and its fills no commissions.</summary>
    public const int NewestFormat = 2;

    /// <summary>Form it was written in.</summary>
    public int Format { get; init; } = NewestFormat;

    /// <summary>Stands for the position in a line of the engine itself, such as of a command: the seals hold it, and no chain.</summary>
    public const string OfEngine = "";

    /// <summary>Position; <see cref="OfEngine"/> where it is none's.</summary>
    public required string PositionId { get; init; }

    /// <summary>Version of the position's record that was written with it, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>Id of what caused it.</summary>
    public required string Input { get; init; }

    /// <summary>Hash of the position's line before; empty in its first.</summary>
    public required string Previous { get; init; }

    /// <summary>Where the position stands after it; null in form 1.</summary>
    public PositionPhase? Phase { get; init; }

    /// <summary>Hash of the record that was written with it (<see cref="AuditHash.OfRecord"/>); null in form 1.</summary>
    public string? Record { get; init; }

    /// <summary>The legs before anything traded, in the first line of form 2.</summary>
    public ImmutableArray<PositionLeg> Legs { get; init; } = [];

    /// <summary>What happened.</summary>
    public ImmutableArray<TradingFact> Facts { get; init; } = [];
}
