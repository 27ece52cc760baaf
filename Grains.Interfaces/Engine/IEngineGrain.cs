using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Reconciliation;
using TradingEngine.Grains.Interfaces.Tiers;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Interfaces.Engine;

/// <summary>The engine's life: mode, commands, status. Keyed by partition.</summary>
[GrainInterfaceType("te.engine"), Alias("te.IEngineGrain")]
public interface IEngineGrain : IGrainWithStringKey
{
    /// <summary>Wakes it and what belongs to it; harmless when it is awake.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Executes a command of <see cref="EngineCommands"/> that needs nothing said, and answers when it is done.</summary>
    [Alias("Execute")]
    Task<CommandResult> ExecuteAsync(string action, string source);

    /// <summary>Executes a command and answers when it is in force; what a kill cancels or closes goes on behind the answer.</summary>
    [Alias("Command")]
    Task<CommandResult> CommandAsync(EngineCommand command);

    /// <summary>The whole status.</summary>
    [Alias("GetStatus")]
    Task<EngineStatus> GetStatusAsync();

    /// <summary>The store's health.</summary>
    [Alias("GetStoreHealth")]
    Task<StoreHealth> GetStoreHealthAsync();

    /// <summary>Positions that are not over, oldest first.</summary>
    [Alias("GetPositions")]
    Task<ImmutableArray<PositionView>> GetPositionsAsync();

    /// <summary>One position with its orders, open or not; null when there is none or it is no longer kept.</summary>
    [Alias("GetPosition")]
    Task<PositionState?> GetPositionAsync(string positionId);

    /// <summary>The newest closed positions, newest first.</summary>
    [Alias("GetTrades")]
    Task<ImmutableArray<TradeView>> GetTradesAsync(int count);

    /// <summary>Strategies with their statistics, in the order of account and name.</summary>
    [Alias("GetStrategies")]
    Task<ImmutableArray<StrategyView>> GetStrategiesAsync();

    /// <summary>The newest orders, newest first.</summary>
    [Alias("GetOrders")]
    Task<ImmutableArray<OrderView>> GetOrdersAsync(int count);

    /// <summary>Closes one position, or all with <c>*</c>.</summary>
    [Alias("ClosePosition")]
    Task<CommandResult> ClosePositionAsync(string positionId, string source);

    /// <summary>Puts a signal on the queue of a tier, as an agent would.</summary>
    [Alias("SubmitSignal")]
    Task SubmitSignalAsync(int tier, string json);

    /// <summary>What the engine trades by, with where each value comes from, and what the silo that answers was started with.</summary>
    [Alias("GetConfiguration")]
    Task<ConfigurationView> GetConfigurationAsync();

    /// <summary>Lets the engine trade by another configuration, or refuses it as a whole with every reason.</summary>
    [Alias("ApplyConfiguration")]
    Task<ConfigurationResult> ApplyConfigurationAsync(ConfigurationChange change);

    /// <summary>Sets what is logged from now on, on the silo that answers: <c>trace</c> to <c>critical</c>.</summary>
    [Alias("SetLogLevel")]
    Task<CommandResult> SetLogLevelAsync(string level);
}

/// <summary>Commands, on the wire and from the client.</summary>
public static class EngineCommands
{
    /// <summary>Run; entries pass.</summary>
    public const string Start = "start";

    /// <summary>Close every position, then pass nothing.</summary>
    public const string Stop = "stop";

    /// <summary>No entries; exits are managed.</summary>
    public const string Pause = "pause";

    /// <summary>Run again after a pause.</summary>
    public const string Resume = "resume";

    /// <summary>Close every position, and take no entries until a resume.</summary>
    public const string Flatten = "flatten";

    /// <summary>Close a position, or every one; the mode stays.</summary>
    public const string Close = "close";

    /// <summary>From the answer on, no order that takes risk; working orders are cancelled. Latched: only a reset leads on.</summary>
    public const string Kill = "kill";

    /// <summary>After a kill: exits are managed again, entries wait for a resume.</summary>
    public const string Reset = "reset";

    /// <summary>No entries of one symbol, strategy or tier.</summary>
    public const string Halt = "halt";

    /// <summary>Entries of what was halted.</summary>
    public const string Unhalt = "unhalt";

    /// <summary>Another configuration; in the command history only, since it comes by a call of its own.</summary>
    public const string ApplyConfiguration = "config_apply";
}

/// <summary>A command with what it needs said.</summary>
/// <param name="Action">One of <see cref="EngineCommands"/>.</param>
/// <param name="Source">Who gives it.</param>
[GenerateSerializer, Immutable, Alias("te.EngineCommand")]
public sealed record EngineCommand([property: Id(0)] string Action, [property: Id(1)] string Source)
{
    /// <summary>Why, for people; null when it says nothing.</summary>
    [Id(2)] public string? Reason { get; init; }

    /// <summary>With kill: positions are closed as well.</summary>
    [Id(3)] public bool IsFlattening { get; init; }

    /// <summary>With halt and unhalt: a name of <see cref="HaltScopes"/>.</summary>
    [Id(4)] public string? Scope { get; init; }

    /// <summary>With halt: for how long; null until it is lifted.</summary>
    [Id(5)] public TimeSpan? Duration { get; init; }
}

/// <summary>What is halted, by whom and why.</summary>
/// <param name="Scope">A name of <see cref="HaltScopes"/>.</param>
/// <param name="Halt">One of its halts.</param>
[GenerateSerializer, Immutable, Alias("te.HaltView")]
public sealed record HaltView([property: Id(0)] string Scope, [property: Id(1)] Halt Halt);

/// <summary>The answer to a command.</summary>
/// <param name="Status"><c>completed</c>, <c>failed</c> or <c>rejected</c>.</param>
/// <param name="Reason">What was done, or why not.</param>
[GenerateSerializer, Immutable, Alias("te.CommandResult")]
public sealed record CommandResult([property: Id(0)] string Status, [property: Id(1)] string Reason)
{
    /// <summary>True when it was done.</summary>
    public bool IsCompleted => Status == "completed";
}

/// <summary>The engine's status.</summary>
[GenerateSerializer, Immutable, Alias("te.EngineStatus")]
public sealed record EngineStatus
{
    /// <summary>Mode.</summary>
    [Id(0)] public required EngineMode Mode { get; init; }

    /// <summary>Why the mode was set.</summary>
    [Id(1)] public required string ModeReason { get; init; }

    /// <summary>Version of the engine.</summary>
    [Id(2)] public required string Version { get; init; }

    /// <summary>Since the engine grain woke.</summary>
    [Id(3)] public required TimeSpan Uptime { get; init; }

    /// <summary>Store, in words.</summary>
    [Id(4)] public required string Store { get; init; }

    /// <summary>Feed, in words.</summary>
    [Id(5)] public required string Feed { get; init; }

    /// <summary>Execution, in words.</summary>
    [Id(6)] public required string Execution { get; init; }

    /// <summary>Tiers, first to last.</summary>
    [Id(7)] public required ImmutableArray<TierStatistics> Tiers { get; init; }

    /// <summary>Accounts.</summary>
    [Id(8)] public required ImmutableArray<AccountSummary> Accounts { get; init; }

    /// <summary>Totals: orders, opened, closed, rejected, active.</summary>
    [Id(9)] public required EngineTotals Totals { get; init; }

    /// <summary>Silos of the cluster that are active.</summary>
    [Id(10)] public required int Silos { get; init; }

    /// <summary>What the monitoring of open positions says.</summary>
    [Id(11)] public required MonitoringView Monitoring { get; init; }

    /// <summary>How the engine and the execution agent agree.</summary>
    [Id(12)] public required ReconciliationView Reconciliation { get; init; }

    /// <summary>What takes no entries beside the mode, in order.</summary>
    [Id(13)] public ImmutableArray<HaltView> Halts { get; init; } = [];
}

/// <summary>The open positions of all symbols, as they are watched. A position of several symbols counts once in each.</summary>
[GenerateSerializer, Immutable, Alias("te.MonitoringView")]
public sealed record MonitoringView
{
    /// <summary>Positions that are watched.</summary>
    [Id(0)] public required int Watched { get; init; }

    /// <summary>Those with exits armed.</summary>
    [Id(1)] public required int Armed { get; init; }

    /// <summary>Those for which a time has passed that was to change something.</summary>
    [Id(2)] public required int Overdue { get; init; }

    /// <summary>Those with an order whose outcome is unknown.</summary>
    [Id(3)] public required int InDoubt { get; init; }

    /// <summary>Age of the oldest; zero when there is none.</summary>
    [Id(4)] public required TimeSpan OldestAge { get; init; }

    /// <summary>Symbols with open positions whose price is stale, in order.</summary>
    [Id(5)] public required ImmutableArray<string> StaleSymbols { get; init; }

    /// <summary>Unrealised P&amp;L and exposure, by account and currency.</summary>
    [Id(6)] public required ImmutableArray<AccountMark> Marks { get; init; }
}

/// <summary>Sums over all positions ever.</summary>
[GenerateSerializer, Immutable, Alias("te.EngineTotals")]
public sealed record EngineTotals(
    [property: Id(0)] long Orders,
    [property: Id(1)] long Opened,
    [property: Id(2)] long Closed,
    [property: Id(3)] long Rejected,
    [property: Id(4)] long Active,
    [property: Id(5)] long Long,
    [property: Id(6)] long Short,
    [property: Id(7)] decimal Realized);

/// <summary>The store's health.</summary>
[GenerateSerializer, Immutable, Alias("te.StoreHealth")]
public sealed record StoreHealth(
    [property: Id(0)] bool Connected,
    [property: Id(1)] double? LatencyMs,
    [property: Id(2)] string Persistence,
    [property: Id(3)] ImmutableDictionary<string, long> QueueDepths,
    [property: Id(4)] string? Error);

/// <summary>An open position with its mark.</summary>
/// <param name="Entry">The position.</param>
/// <param name="Mark">Price it could be left at; null when none is known.</param>
/// <param name="Unrealized">P&amp;L at the mark; null when no mark is known.</param>
/// <param name="IsArmed">True when its exits are armed.</param>
[GenerateSerializer, Immutable, Alias("te.PositionView")]
public sealed record PositionView(
    [property: Id(0)] PositionIndexEntry Entry,
    [property: Id(1)] decimal? Mark,
    [property: Id(2)] decimal? Unrealized,
    [property: Id(3)] bool IsArmed);

/// <summary>An order with where it stands; the state is null when its position is no longer kept.</summary>
[GenerateSerializer, Immutable, Alias("te.OrderView")]
public sealed record OrderView([property: Id(0)] Order Order, [property: Id(1)] OrderState? State);
