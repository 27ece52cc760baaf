using System.Collections.Immutable;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Tactics;

/// <summary>What an agent answered to a request of tier 3 or 4. What it did not say is null or empty.</summary>
/// <param name="RequestId">The request it answers.</param>
public sealed record AgentAnswer(string RequestId)
{
    /// <summary>Who answers.</summary>
    public string? Agent { get; init; }

    /// <summary>The regime it sees.</summary>
    public string? Regime { get; init; }

    /// <summary>How sure it is of regime or severity, 0 to 1.</summary>
    public decimal? Confidence { get; init; }

    /// <summary>How bad the portfolio's risk is.</summary>
    public string? Severity { get; init; }

    /// <summary>Words for people.</summary>
    public string? Message { get; init; }

    /// <summary>Volatility a year by symbol, fractions above 0.</summary>
    public ImmutableSortedDictionary<string, decimal> Volatilities { get; init; } = ImmutableSortedDictionary<string, decimal>.Empty;

    /// <summary>Capital weights by strategy, 0 or more.</summary>
    public ImmutableSortedDictionary<string, decimal> Weights { get; init; } = ImmutableSortedDictionary<string, decimal>.Empty;

    /// <summary>What its regime and its severity ask for, by the rules of signals: a regime needs its confidence.</summary>
    public ImmutableArray<TacticalAction> Decide(TacticalPolicy policy, DateTimeOffset now)
    {
        var who = Agent ?? "an agent";
        return
        [
            .. Regime is null ? [] : TacticalDecisions.Decide(
                new TacticalSignal(TacticalKind.RegimeChange, Regime, null, Confidence ?? 0m, now), policy, now),
            .. Severity is null ? [] : TacticalDecisions.Decide(
                new TacticalSignal(TacticalKind.MarketAnomaly, $"portfolio risk by {who}", Severity, Confidence, now), policy, now),
        ];
    }
}
