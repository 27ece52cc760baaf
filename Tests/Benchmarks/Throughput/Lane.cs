using TradingEngine.Tests.Benchmarks.Harness;
using TradingEngine.Tests.Benchmarks.Latency;

namespace TradingEngine.Tests.Benchmarks.Throughput;

/// <summary>One side on one transport: where its signals go in and its orders come out.</summary>
/// <param name="Side">Engine or relay.</param>
/// <param name="Signals">List or stream of its signals.</param>
/// <param name="Orders">List or stream of its orders.</param>
/// <param name="IsStream">Whether both are streams.</param>
internal sealed record Lane(string Side, string Signals, string Orders, bool IsStream)
{
    public static Lane OfEngine(SignalKind kind, bool isStream) => (kind, isStream) switch
    {
        (SignalKind.Fast, false) => new("engine", WireKeys.StrategySignals, WireKeys.ExecutionOrders, false),
        (SignalKind.Hft, false) => new("engine", WireKeys.HftSignals, WireKeys.ExecutionOrders, false),
        (SignalKind.Fast, true) => new("engine", WireKeys.FastSignalsStream, WireKeys.OrdersStream, true),
        (SignalKind.Hft, true) => new("engine", WireKeys.HftSignalsStream, WireKeys.OrdersStream, true),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such signal."),
    };

    public static Lane OfRelay(bool isStream) => new("relay", WireKeys.RelayInput, WireKeys.RelayOutput, isStream);
}
