using System.Collections.Immutable;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Signals;

namespace TradingEngine.Trading.Tactics;

/// <summary>How bad something is.</summary>
public enum Severity
{
    /// <summary>Worth a line.</summary>
    Low = 1,

    /// <summary>Worth care.</summary>
    Medium = 2,

    /// <summary>Worth less exposure.</summary>
    High = 3,

    /// <summary>Worth none.</summary>
    Critical = 4,
}

/// <summary>What tier 3 does.</summary>
public enum TacticalActionKind
{
    /// <summary>A line in the log, and nothing else.</summary>
    Log = 1,

    /// <summary>Stops go nearer to the price by a share of their distance.</summary>
    TightenStops = 2,

    /// <summary>A share of what is held is left.</summary>
    Reduce = 3,

    /// <summary>All that is held is left.</summary>
    Close = 4,

    /// <summary>No entries for a time.</summary>
    HaltEntries = 5,

    /// <summary>Parameter set and strategy weights become those of another regime.</summary>
    SwitchRegime = 6,
}

/// <summary>One thing to do.</summary>
/// <param name="Kind">What.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record TacticalAction(TacticalActionKind Kind, string Reason)
{
    /// <summary>The one instrument it concerns; null for all.</summary>
    public string? Symbol { get; init; }

    /// <summary>Share to leave or to tighten by, above 0, at most 1; 0 where it means nothing.</summary>
    public decimal Share { get; init; }

    /// <summary>How long a halt or a regime stands; zero where it means nothing.</summary>
    public TimeSpan For { get; init; }

    /// <summary>The regime to switch to.</summary>
    public MarketRegime Regime { get; init; }
}

/// <summary>What tier 3 does on what observers tell it.</summary>
public sealed record TacticalPolicy
{
    /// <summary>True: at high severity all is closed; false: it is reduced by <see cref="ReduceBy"/>.</summary>
    public bool ClosesOnHigh { get; init; }

    /// <summary>True: at critical severity all is closed; false: it is reduced.</summary>
    public bool ClosesOnCritical { get; init; } = true;

    /// <summary>Share of each position that a reduction leaves, above 0, below 1.</summary>
    public decimal ReduceBy { get; init; } = 0.5m;

    /// <summary>Share of the distance from price to stop that tightening takes away, above 0, below 1.</summary>
    public decimal TightenBy { get; init; } = 0.5m;

    /// <summary>How long high and critical severity halt entries; zero for not at all.</summary>
    public TimeSpan HaltFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Least confidence at which a change of regime, or probability at which a warning, is followed; 0 to 1.</summary>
    public decimal MinConfidence { get; init; } = 0.7m;

    /// <summary>How long a regime that an agent told of stands before the engine's own measure counts again.</summary>
    public TimeSpan RegimeFor { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What is older is logged and not followed.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Decides what to do on signals of tier 3 and on warnings. Pure.</summary>
public static class TacticalDecisions
{
    /// <summary>Severity of a word or a number from 0 to 1 that agents send, in any case; null for one that is not known: it is logged and not guessed.</summary>
    public static Severity? SeverityOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.ToLowerInvariant() switch
        {
            "low" or "info" or "minor" => Severity.Low,
            "medium" or "moderate" or "warning" => Severity.Medium,
            "high" or "severe" or "major" => Severity.High,
            "critical" or "extreme" or "emergency" => Severity.Critical,
            _ => decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var share)
                && share is >= 0m and <= 1m
                ? share >= 0.9m ? Severity.Critical : share >= 0.7m ? Severity.High : share >= 0.4m ? Severity.Medium : Severity.Low
                : null,
        };
    }

    /// <summary>What a signal of tier 3 asks for.</summary>
    public static ImmutableArray<TacticalAction> Decide(TacticalSignal signal, TacticalPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(policy);
        return signal.Kind switch
        {
            TacticalKind.MarketAnomaly => OnSeverity(
                $"market_anomaly {signal.Name}, {signal.Severity}", signal.Severity!, signal.Confidence, signal.Symbol, now - signal.Time, policy),
            TacticalKind.RegimeChange => OnRegime(signal, policy, now),
            _ => throw new ArgumentOutOfRangeException(nameof(signal), signal.Kind, "Not a kind of signal."),
        };
    }

    /// <summary>What a warning of a market observer asks for.</summary>
    public static ImmutableArray<TacticalAction> Decide(MarketAlert alert, TacticalPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(alert);
        ArgumentNullException.ThrowIfNull(policy);
        var (name, sure) = alert.Kind switch
        {
            AlertKind.Anomaly => ("market_warning", alert.Value),
            AlertKind.Imbalance => ("immediate_alert", null),
            _ => throw new ArgumentOutOfRangeException(nameof(alert), alert.Kind, "Not a kind of warning."),
        };
        return OnSeverity($"{name} {alert.Type}, {alert.Severity}", alert.Severity, sure, alert.Symbol, now - alert.Time, policy);
    }

    private static ImmutableArray<TacticalAction> OnSeverity(
        string what, string severity, decimal? confidence, string? symbol, TimeSpan age, TacticalPolicy policy)
    {
        if (Doubt(confidence, age, policy) is { } doubt)
        {
            return [new TacticalAction(TacticalActionKind.Log, $"{what}: {doubt}") { Symbol = symbol }];
        }

        var log = new TacticalAction(TacticalActionKind.Log, what) { Symbol = symbol };
        return SeverityOf(severity) switch
        {
            null => [log with { Reason = $"{what}: not a known severity" }],
            Severity.Low => [log],
            Severity.Medium => [log with { Kind = TacticalActionKind.TightenStops, Share = policy.TightenBy }],
            Severity.High => Leave(policy.ClosesOnHigh),
            Severity.Critical => Leave(policy.ClosesOnCritical),
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "Not a severity."),
        };

        // Entries are halted first: what is left must not be bought again meanwhile.
        ImmutableArray<TacticalAction> Leave(bool closes)
        {
            var leave = closes
                ? log with { Kind = TacticalActionKind.Close, Share = 1m }
                : log with { Kind = TacticalActionKind.Reduce, Share = policy.ReduceBy };
            return policy.HaltFor > TimeSpan.Zero
                ? [log with { Kind = TacticalActionKind.HaltEntries, For = policy.HaltFor }, leave]
                : [leave];
        }
    }

    private static ImmutableArray<TacticalAction> OnRegime(TacticalSignal signal, TacticalPolicy policy, DateTimeOffset now)
    {
        var what = $"regime_change to {signal.Name}";
        var log = new TacticalAction(TacticalActionKind.Log, what);
        return Doubt(signal.Confidence, now - signal.Time, policy) is { } doubt ? [log with { Reason = $"{what}: {doubt}" }]
            : MarketRegimes.Parse(signal.Name) is not { } regime ? [log with { Reason = $"{what}: not a known regime" }]
            : [log with { Kind = TacticalActionKind.SwitchRegime, Regime = regime, For = policy.RegimeFor }];
    }

    /// <summary>Why it is not followed; null when it is.</summary>
    private static string? Doubt(decimal? confidence, TimeSpan age, TacticalPolicy policy) =>
        age > policy.MaxAge ? $"{age.TotalSeconds:0} s old, followed up to {policy.MaxAge.TotalSeconds:0} s"
        : confidence < policy.MinConfidence ? $"confidence {confidence}, followed from {policy.MinConfidence}"
        : null;
}
