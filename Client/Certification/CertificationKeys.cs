namespace TradingEngine.Client.Certification;

/// <summary>Keys of the wire that an engine reads and writes, as <c>docs/wire.md</c> has them: the certification stands in for one.</summary>
internal static class CertificationKeys
{
    public const string Orders = "execution_orders";
    public const string Updates = "position_updates";
    public const string ReconcileRequests = "reconcile_requests";
    public const string HftSignals = "hft_signals";
    public const string StrategySignals = "strategy_signals";
    public const string FastSignals = "fast_signals";
    public const string TacticalSignals = "tactical_signals";
    public const string Commands = "trading_commands";
    public const string Prices = "strategy_engine:market_data";

    /// <summary>What the keys of a store begin with.</summary>
    public const string StorePrefix = "te:{";

    /// <summary>Agent names in <c>agent_stats:</c>.</summary>
    public const string Engine = "trading_engine", Execution = "execution", Strategy = "strategy_engine";

    /// <summary>Fields of <c>agent_stats:</c>.</summary>
    public const string Status = "status", LastHeartbeat = "last_heartbeat", Timestamp = "timestamp", Reconcile = "reconcile";
}
