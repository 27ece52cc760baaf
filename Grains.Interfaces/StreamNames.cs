namespace TradingEngine.Grains.Interfaces;

/// <summary>Every stream namespace, queue and key outside the stores, in one place.</summary>
public static class StreamNames
{
    /// <summary>The stream provider that links the agents' queues.</summary>
    public const string AgentStreams = "agents";

    /// <summary>The first partition, in which everything lives unless accounts are spread over more.</summary>
    public const string DefaultPartition = "0";

    /// <summary>Signals for tier 1.</summary>
    public const string HftSignals = "signals:hft";

    /// <summary>Signals for tier 2.</summary>
    public const string FastSignals = "signals:fast";

    /// <summary>Signals for tier 3.</summary>
    public const string TacticalSignals = "signals:tactical";

    /// <summary>Warnings of market observers.</summary>
    public const string Warnings = "alerts:warnings";

    /// <summary>Alerts of market observers that something is out of balance now.</summary>
    public const string Alerts = "alerts:immediate";

    /// <summary>Agents' answers to requests of tier 3.</summary>
    public const string TacticalAnswers = "answers:tactical";

    /// <summary>Agents' answers to requests of tier 4.</summary>
    public const string StrategicAnswers = "answers:strategic";

    /// <summary>A risk agent's answers about entries.</summary>
    public const string RiskAnswers = "answers:risk";

    /// <summary>Execution reports.</summary>
    public const string Updates = "updates";

    /// <summary>Operators' commands.</summary>
    public const string Commands = "commands";

    /// <summary>Prices.</summary>
    public const string Market = "market";

    /// <summary>Orders for the execution agent.</summary>
    public const string Orders = "orders";

    /// <summary>Questions to the execution agent what became of orders.</summary>
    public const string Reconcile = "reconcile";

    /// <summary>Its answers.</summary>
    public const string Reconciled = "reconciled";
}

/// <summary>Lists and channels of the wire that carry messages to the engine and from it.</summary>
public static class QueueKeys
{
    /// <summary>List in: signals for tier 1.</summary>
    public const string HftSignals = "hft_signals";

    /// <summary>List in: signals for tier 2.</summary>
    public const string StrategySignals = "strategy_signals";

    /// <summary>List in: signals for tier 2, under its other name.</summary>
    public const string FastSignals = "fast_signals";

    /// <summary>List in: signals for tier 3.</summary>
    public const string TacticalSignals = "tactical_signals";

    /// <summary>List in: execution reports.</summary>
    public const string Updates = "position_updates";

    /// <summary>List in: operators' commands.</summary>
    public const string Commands = "trading_commands";

    /// <summary>Channel in: prices.</summary>
    public const string Prices = "strategy_engine:market_data";

    /// <summary>Channel in: warnings of market observers.</summary>
    public const string Warnings = "market_warnings";

    /// <summary>Channel in: alerts of market observers.</summary>
    public const string Alerts = "immediate_alerts";

    /// <summary>List in: answers to <see cref="BoardKeys.MarketAnalysisRequests"/>.</summary>
    public const string MarketAnalysisReplies = "market_analysis_requests:replies";

    /// <summary>List in: answers to <see cref="BoardKeys.CoordinationMessages"/>.</summary>
    public const string CoordinationReplies = "coordination_messages:replies";

    /// <summary>List in: answers to <see cref="BoardKeys.RiskAssessmentRequests"/>.</summary>
    public const string RiskAssessmentReplies = "risk_assessment_requests:replies";

    /// <summary>List in: answers to <see cref="BoardKeys.OptimizationRequests"/>.</summary>
    public const string OptimizationReplies = "optimization_requests:replies";

    /// <summary>List in: answers to <see cref="BoardKeys.RiskChecks"/>.</summary>
    public const string RiskCheckReplies = "risk_checks:replies";

    /// <summary>List out: orders.</summary>
    public const string Orders = "execution_orders";

    /// <summary>List out: questions to the execution agent.</summary>
    public const string ReconcileRequests = "reconcile_requests";

    /// <summary>List in: its answers.</summary>
    public const string ReconcileReplies = "reconcile_requests:replies";
}

/// <summary>Agents by their names in <see cref="BoardKeys.AgentStats"/> and <see cref="BoardKeys.Heartbeat"/>.</summary>
public static class AgentNames
{
    /// <summary>The engine itself.</summary>
    public const string Engine = "trading_engine";

    /// <summary>The execution agent.</summary>
    public const string Execution = "execution";

    /// <summary>The strategy agent.</summary>
    public const string Strategy = "strategy_engine";
}

/// <summary>Fields of an agent's statistics that the engine reads.</summary>
public static class AgentFields
{
    /// <summary><c>running</c> while it lives.</summary>
    public const string Status = "status";

    /// <summary>Time of its last heartbeat, seconds since 1970.</summary>
    public const string LastHeartbeat = "last_heartbeat";

    /// <summary>The same under its older name.</summary>
    public const string Timestamp = "timestamp";

    /// <summary><c>true</c> when it answers <see cref="QueueKeys.ReconcileRequests"/>.</summary>
    public const string Reconcile = "reconcile";

    /// <summary>Seconds between its heartbeats, as it declares them.</summary>
    public const string HeartbeatInterval = "heartbeat_interval";

    /// <summary>Its version.</summary>
    public const string Version = "version";
}

/// <summary>Keys of the wire that show state to agents and people.</summary>
public static class BoardKeys
{
    /// <summary>Hash, every 10 s.</summary>
    public const string TradingStats = "trading_stats";

    /// <summary>Hash, every 30 s.</summary>
    public const string SystemHealth = "system_health";

    /// <summary>Hash, every second.</summary>
    public const string PositionStats = "position_stats";

    /// <summary>Hash of JSON by strategy.</summary>
    public const string StrategyPerformance = "strategy_performance";

    /// <summary>List of open positions.</summary>
    public const string ActivePositions = "active_positions";

    /// <summary>List of the newest closed positions.</summary>
    public const string RecentTrades = "recent_trades";

    /// <summary>Followed by account and strategy: list of its newest closed trades, for statistics. The engine's own.</summary>
    public const string StrategyTrades = "te:{0}:trades:";

    /// <summary>List of the newest orders.</summary>
    public const string RecentOrders = "recent_orders";

    /// <summary>List of executed commands.</summary>
    public const string CommandHistory = "command_history";

    /// <summary>String <c>true</c> while the engine runs.</summary>
    public const string Ready = "trading_engine_ready";

    /// <summary>List of what could not be understood.</summary>
    public const string DeadLetters = "te:{0}:deadletter";

    /// <summary>List out: requests for market analysis.</summary>
    public const string MarketAnalysisRequests = "market_analysis_requests";

    /// <summary>List out: health checks and coordination.</summary>
    public const string CoordinationMessages = "coordination_messages";

    /// <summary>List out: portfolio risk requests.</summary>
    public const string RiskAssessmentRequests = "risk_assessment_requests";

    /// <summary>List out: entries that a risk agent is asked about.</summary>
    public const string RiskChecks = "risk_checks";

    /// <summary>List out: optimisation requests.</summary>
    public const string OptimizationRequests = "optimization_requests";

    /// <summary>List of what tiers 3 and 4 decided and why, newest first.</summary>
    public const string TierDecisions = "tier_decisions";

    /// <summary>Hash of JSON by symbol: the engine's own measure of each market, every 30 s.</summary>
    public const string MarketAnalysis = "market_analysis";

    /// <summary>Hash: risk of all that is held, every 30 s.</summary>
    public const string PortfolioRisk = "portfolio_risk";

    /// <summary>Hash of JSON by agent: how each one is, every 30 s.</summary>
    public const string AgentHealth = "agent_health";

    /// <summary>Hash of JSON by strategy: capital weights and standing, every 5 min.</summary>
    public const string StrategyWeights = "strategy_weights";

    /// <summary>Prefix of an agent's statistics hash.</summary>
    public const string AgentStats = "agent_stats:";

    /// <summary>Prefix of an agent's heartbeat, string and channel.</summary>
    public const string Heartbeat = "heartbeat:";

    /// <summary>Prefix of a symbol's last price hash.</summary>
    public const string MarketData = "market_data:";

    /// <summary>Channel and key of the newest prices.</summary>
    public const string MarketDataLatest = "market_data:latest";
}
