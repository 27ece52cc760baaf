namespace TradingEngine.Tests.Benchmarks.Latency;

/// <summary>Which signals are sent.</summary>
internal enum SignalKind
{
    /// <summary>Arbitrage on <c>hft_signals</c>, tier 1: one leg, so one order each.</summary>
    Hft,

    /// <summary>Trend following on <c>strategy_signals</c>, tier 2: one position opened each.</summary>
    Fast,
}

/// <summary>What the user asked the latency benchmark for.</summary>
/// <param name="Rates">Signals per second, a row each.</param>
/// <param name="Seconds">Measured seconds per row and side.</param>
/// <param name="Warmup">Seconds at the same rate before.</param>
/// <param name="Transport">Passed to the silo.</param>
/// <param name="Kind">The signals.</param>
/// <param name="Fills">Whether the consumer answers each order of the engine with its fill.</param>
/// <param name="Silo">Binary of the silo; null is the release build of this repository.</param>
/// <param name="RelayOnly">Leave the engine out.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record LatencyOptions(
    IReadOnlyList<int> Rates,
    int Seconds,
    int Warmup,
    string Transport,
    SignalKind Kind,
    bool Fills,
    string? Silo,
    bool RelayOnly,
    bool Markdown);
