namespace TradingEngine.Trading.Signals;

/// <summary>What a signal of tier 3 says.</summary>
public enum TacticalKind
{
    /// <summary>The market does something unusual.</summary>
    MarketAnomaly = 1,

    /// <summary>The market changed its character.</summary>
    RegimeChange = 2,
}

/// <summary>A valid signal of tier 3.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Name">Type of the anomaly, or the new regime.</param>
/// <param name="Severity">How bad an anomaly is, as its sender says it; null for a change of regime.</param>
/// <param name="Confidence">0 to 1; null where none was given.</param>
/// <param name="Time">The signal's own time, else when it came in; UTC.</param>
public sealed record TacticalSignal(
    TacticalKind Kind, string Name, string? Severity, decimal? Confidence, DateTimeOffset Time)
{
    /// <summary>The one instrument it concerns; null for all.</summary>
    public string? Symbol { get; init; }
}

/// <summary>Which channel's kind of warning it is.</summary>
public enum AlertKind
{
    /// <summary>An anomaly that is expected or seen.</summary>
    Anomaly = 1,

    /// <summary>An imbalance of buyers and sellers, now.</summary>
    Imbalance = 2,
}

/// <summary>A valid warning of a market observer.</summary>
/// <param name="Kind">Kind of warning.</param>
/// <param name="Type">What is warned of, as its sender names it.</param>
/// <param name="Severity">How bad it is, as its sender says it.</param>
/// <param name="Message">Words for people; empty where none were given.</param>
/// <param name="Value">Probability of an anomaly, 0 to 1, or size of an imbalance in its sender's unit; null where none was given.</param>
/// <param name="Time">The warning's own time, else when it came in; UTC.</param>
public sealed record MarketAlert(
    AlertKind Kind, string Type, string Severity, string Message, decimal? Value, DateTimeOffset Time)
{
    /// <summary>The one instrument it concerns; null for all.</summary>
    public string? Symbol { get; init; }
}
