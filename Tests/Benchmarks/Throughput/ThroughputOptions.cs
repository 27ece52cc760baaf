using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>What the user asked the throughput benchmark for.</summary>
/// <param name="Transports">Lists, streams, or both: a row pair each.</param>
/// <param name="Signals">Signals measured per side.</param>
/// <param name="Warmup">Signals sent before them, which are not measured.</param>
/// <param name="Window">Signals without an order that the producer allows before it waits.</param>
/// <param name="Symbols">Symbols the signals are spread over.</param>
/// <param name="Fills">Whether the consumer answers each order of the engine with its fill.</param>
/// <param name="Kind">The signals.</param>
/// <param name="Silo">Binary of the silo; null is the release build of this repository.</param>
/// <param name="RelayOnly">Leave the engine out.</param>
/// <param name="Markdown">Print markdown.</param>
internal sealed record ThroughputOptions(
    IReadOnlyList<string> Transports,
    int Signals,
    int Warmup,
    int Window,
    int Symbols,
    bool Fills,
    SignalKind Kind,
    string? Silo,
    bool RelayOnly,
    bool Markdown);
