namespace TradingEngine.Tests.Benchmarks.Harness;

/// <summary>The Redis keys the benchmarks touch: the agents' wire, and the relay's own.</summary>
internal static class WireKeys
{
    /// <summary>List of tier 1 signals.</summary>
    public const string HftSignals = "hft_signals";

    /// <summary>List of tier 2 signals.</summary>
    public const string StrategySignals = "strategy_signals";

    /// <summary>List the engine's orders appear on.</summary>
    public const string ExecutionOrders = "execution_orders";

    /// <summary>List the engine takes execution reports from.</summary>
    public const string PositionUpdates = "position_updates";

    /// <summary>Stream of tier 1 signals.</summary>
    public const string HftSignalsStream = "te:{0}:signals:hft";

    /// <summary>Stream of tier 2 signals.</summary>
    public const string FastSignalsStream = "te:{0}:signals:fast";

    /// <summary>Stream the engine's orders appear on.</summary>
    public const string OrdersStream = "te:{0}:orders";

    /// <summary>Stream of execution reports.</summary>
    public const string UpdatesStream = "te:{0}:updates";

    /// <summary>String that is <c>true</c> while the engine takes signals.</summary>
    public const string EngineReady = "trading_engine_ready";

    /// <summary>Input of the raw relay.</summary>
    public const string RelayInput = "bench:relay:signals";

    /// <summary>Where the relay keeps what it has taken and not yet acknowledged.</summary>
    public const string RelayTaken = "bench:relay:taken";

    /// <summary>Output of the raw relay.</summary>
    public const string RelayOutput = "bench:relay:orders";
}
