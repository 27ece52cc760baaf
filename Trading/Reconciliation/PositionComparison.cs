using System.Collections.Immutable;

namespace TradingEngine.Trading.Reconciliation;

/// <summary>What an account holds of a symbol, over all its positions.</summary>
/// <param name="Account">Account.</param>
/// <param name="Symbol">Instrument.</param>
public readonly record struct Holding(string Account, string Symbol);

/// <summary>A difference between what the engine counts and what the execution agent states.</summary>
/// <param name="Holding">Of what.</param>
/// <param name="Engine">Signed lots by the engine's fills.</param>
/// <param name="Venue">Signed lots by the agent.</param>
public sealed record PositionBreak(Holding Holding, decimal Engine, decimal Venue);

/// <summary>
/// Compares positions with those of the execution agent. Fills may be on their way while both are read, so a difference is
/// believed when the same one shows in two answers in a row, and forgotten when an answer shows none.
/// </summary>
public sealed record PositionComparison
{
    /// <summary>Nothing compared yet.</summary>
    public static PositionComparison None { get; } = new();

    /// <summary>Differences of the last answer, by what they are of.</summary>
    public ImmutableDictionary<Holding, PositionBreak> Suspected { get; init; } = ImmutableDictionary<Holding, PositionBreak>.Empty;

    /// <summary>Differences that are believed.</summary>
    public ImmutableDictionary<Holding, PositionBreak> Breaks { get; init; } = ImmutableDictionary<Holding, PositionBreak>.Empty;

    /// <summary>Takes an answer.</summary>
    /// <param name="engine">Signed lots as the engine counts them when the answer came; what is absent is 0.</param>
    /// <param name="venue">Signed lots as the agent states them, complete: what is absent is 0.</param>
    public PositionComparison Take(IReadOnlyDictionary<Holding, decimal> engine, IReadOnlyDictionary<Holding, decimal> venue)
    {
        var suspected = engine.Keys.Union(venue.Keys)
            .Select(holding => new PositionBreak(holding, engine.GetValueOrDefault(holding), venue.GetValueOrDefault(holding)))
            .Where(found => found.Engine != found.Venue)
            .ToImmutableDictionary(found => found.Holding);

        // What was believed stays so while it differs at all: it is not over because it grew.
        var breaks = suspected.Values
            .Where(found => Breaks.ContainsKey(found.Holding) || Suspected.GetValueOrDefault(found.Holding) == found)
            .ToImmutableDictionary(found => found.Holding);
        return new PositionComparison { Suspected = suspected, Breaks = breaks };
    }
}
