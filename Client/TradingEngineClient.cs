using System.Collections.Immutable;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Trading.Audit;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Client;

/// <summary>
/// A remote control of a running engine, over Orleans' grain client. Safe for use by many threads at once.
/// </summary>
/// <remarks>
/// Every call throws <see cref="EngineUnreachableException"/> when the engine cannot be reached and
/// <see cref="TimeoutException"/> when it does not answer in time. After a time-out of a command its outcome is not known: ask
/// for the status. A lost connection is made again by itself. What the engine refuses is a <see cref="CommandResult"/> that
/// is not completed, never an exception.
/// </remarks>
public sealed class TradingEngineClient : IAsyncDisposable
{
    private const string EveryPosition = "*";

    private readonly IEngineGrain _engine;
    private readonly IDeadLetterGrain _deadLetters;
    private readonly IAuditGrain _audit;
    private readonly IOverviewGrain _overview;
    private readonly TradingEngineClientOptions _options;
    private readonly ClusterConnection? _connection;

    /// <summary>Stands on a cluster client that is connected, and leaves closing it to its owner.</summary>
    /// <param name="cluster">The cluster client, with the trading types added to its serializer.</param>
    /// <param name="options">Time for an answer and name of the source; the addresses are only named in errors.</param>
    public TradingEngineClient(IClusterClient cluster, TradingEngineClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        _options = options ?? new TradingEngineClientOptions();
        _engine = cluster.GetGrain<IEngineGrain>(_options.Partition);
        _deadLetters = cluster.GetGrain<IDeadLetterGrain>(_options.Partition);
        _audit = cluster.GetGrain<IAuditGrain>(_options.Partition);
        _overview = cluster.GetGrain<IOverviewGrain>(_options.Partition);
    }

    private TradingEngineClient(ClusterConnection connection, TradingEngineClientOptions options)
        : this(connection.Client, options) => _connection = connection;

    /// <summary>Connects to an engine.</summary>
    /// <param name="options">Where it is; null for one on this machine.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineUnreachableException">None answered within the time to connect.</exception>
    public static async Task<TradingEngineClient> ConnectAsync(
        TradingEngineClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new TradingEngineClientOptions();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ResponseTimeout, TimeSpan.Zero, nameof(options));
        return new TradingEngineClient(await ClusterConnection.OpenAsync(options, cancellationToken), options);
    }

    /// <summary>Lets it trade: entries pass.</summary>
    public Task<CommandResult> StartAsync(CancellationToken cancellationToken = default) =>
        ExecuteAsync(EngineCommands.Start, cancellationToken);

    /// <summary>Closes every position, then passes nothing; the result says what remains.</summary>
    public Task<CommandResult> StopAsync(CancellationToken cancellationToken = default) =>
        ExecuteAsync(EngineCommands.Stop, cancellationToken);

    /// <summary>Takes no entries; exits are managed.</summary>
    public Task<CommandResult> PauseAsync(CancellationToken cancellationToken = default) =>
        ExecuteAsync(EngineCommands.Pause, cancellationToken);

    /// <summary>Trades again after a pause.</summary>
    public Task<CommandResult> ResumeAsync(CancellationToken cancellationToken = default) =>
        ExecuteAsync(EngineCommands.Resume, cancellationToken);

    /// <summary>Gives a command with what it needs said: kill, reset, halt, unhalt, or any other.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellationToken">Stops waiting for the answer, not what was asked for.</param>
    public Task<CommandResult> CommandAsync(EngineCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return CallAsync(() => _engine.CommandAsync(command), cancellationToken);
    }

    /// <summary>Leaves one position.</summary>
    /// <param name="positionId">Its id, as in <see cref="GetPositionsAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting for the answer, not what was asked for.</param>
    public Task<CommandResult> ClosePositionAsync(string positionId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(positionId);
        return CallAsync(() => _engine.ClosePositionAsync(positionId, _options.Source), cancellationToken);
    }

    /// <summary>Leaves every position; the mode stays as it is.</summary>
    public Task<CommandResult> CloseAllAsync(CancellationToken cancellationToken = default) =>
        CallAsync(() => _engine.ClosePositionAsync(EveryPosition, _options.Source), cancellationToken);

    /// <summary>Mode, tiers, accounts and totals.</summary>
    public Task<EngineStatus> GetEngineStatusAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_engine.GetStatusAsync, cancellationToken);

    /// <summary>Health of the store, Redis or embedded: connected, latency, persistence, depths of the queues.</summary>
    public Task<StoreHealth> GetRedisStatusAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_engine.GetStoreHealthAsync, cancellationToken);

    /// <summary>True when the engine takes entries.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken = default) =>
        (await GetEngineStatusAsync(cancellationToken)).Mode == EngineMode.Running;

    /// <summary>Positions that are not over, oldest first.</summary>
    public Task<ImmutableArray<PositionView>> GetPositionsAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_engine.GetPositionsAsync, cancellationToken);

    /// <summary>The newest orders, newest first.</summary>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<ImmutableArray<OrderView>> GetOrdersAsync(int count = 20, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return CallAsync(() => _engine.GetOrdersAsync(count), cancellationToken);
    }

    /// <summary>One position with its orders, open or not; null when there is none or it is no longer kept.</summary>
    /// <param name="positionId">Its id, as in <see cref="GetPositionsAsync"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<PositionState?> GetPositionAsync(string positionId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(positionId);
        return CallAsync(() => _engine.GetPositionAsync(positionId), cancellationToken);
    }

    /// <summary>The newest closed positions, newest first; 1,000 are kept.</summary>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<ImmutableArray<TradeView>> GetTradesAsync(int count = 20, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return CallAsync(() => _engine.GetTradesAsync(count), cancellationToken);
    }

    /// <summary>Strategies with their statistics, in the order of account and name.</summary>
    public Task<ImmutableArray<StrategyView>> GetStrategiesAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_engine.GetStrategiesAsync, cancellationToken);

    /// <summary>Agents with their last signs, in the order of the wire.</summary>
    public Task<ImmutableArray<AgentView>> GetAgentsAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_overview.GetAgentsAsync, cancellationToken);

    /// <summary>Instruments that are held or have a price, with that price, in order of their symbols.</summary>
    public Task<ImmutableArray<InstrumentView>> GetInstrumentsAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_overview.GetInstrumentsAsync, cancellationToken);

    /// <summary>Puts a signal on the queue of a tier, as an agent would. Done means queued, not accepted.</summary>
    /// <param name="tier">1 for arbitrage and market making, 2 for strategies, 3 for tactical signals.</param>
    /// <param name="json">The signal as on the wire; give it a <c>signal_id</c> to be able to repeat the call safely.</param>
    /// <param name="cancellationToken">Stops waiting for the answer, not what was asked for.</param>
    public Task SubmitSignalAsync(int tier, string json, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tier, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tier, 3);
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        return CallAsync(
            async () =>
            {
                await _engine.SubmitSignalAsync(tier, json);
                return true;
            },
            cancellationToken);
    }

    /// <summary>The newest messages that could not be understood, newest first and without their bytes.</summary>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<DeadLetterPage> GetDeadLettersAsync(int count = 20, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return CallAsync(() => _deadLetters.ListAsync(count), cancellationToken);
    }

    /// <summary>One dead letter with its bytes; null when there is none of that id.</summary>
    public Task<DeadLetter?> GetDeadLetterAsync(string id, CancellationToken cancellationToken = default) =>
        CallAsync(() => _deadLetters.GetAsync(id), cancellationToken);

    /// <summary>Puts a dead letter back on the queue it came from.</summary>
    public Task<CommandResult> RequeueDeadLetterAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return CallAsync(() => _deadLetters.RequeueAsync(id), cancellationToken);
    }

    /// <summary>Puts all dead letters back on their queues, oldest first.</summary>
    public Task<CommandResult> RequeueAllDeadLettersAsync(CancellationToken cancellationToken = default) =>
        CallAsync(() => _deadLetters.RequeueAsync("*"), cancellationToken);

    /// <summary>Throws all dead letters away.</summary>
    public Task<CommandResult> PurgeDeadLettersAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_deadLetters.PurgeAsync, cancellationToken);

    /// <summary>How far the audit is sealed, and moved to segment files.</summary>
    public Task<AuditHead> GetAuditHeadAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_audit.GetHeadAsync, cancellationToken);

    /// <summary>A page of the audit behind a cursor, oldest first.</summary>
    /// <param name="from">Where the page before ended; null begins.</param>
    /// <param name="positionId">Gives the entries of this position alone; null all of them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<AuditPage> ReadAuditAsync(
        AuditCursor? from = null, string? positionId = null, CancellationToken cancellationToken = default) =>
        CallAsync(() => _audit.ReadAsync(from ?? new AuditCursor(), positionId), cancellationToken);

    /// <summary>Records of positions as they are kept, in the store or in a segment file; what is not kept is absent.</summary>
    public Task<ImmutableArray<PositionRecord>> FindRecordsAsync(
        ImmutableArray<string> positionIds, CancellationToken cancellationToken = default) =>
        CallAsync(() => _audit.FindAsync(positionIds), cancellationToken);

    /// <summary>What the engine trades by, with where each value comes from.</summary>
    public Task<ConfigurationView> GetConfigurationAsync(CancellationToken cancellationToken = default) =>
        CallAsync(_engine.GetConfigurationAsync, cancellationToken);

    /// <summary>Lets the engine trade by another configuration; it is refused as a whole, with every reason, or done as a whole.</summary>
    /// <param name="change">The configuration, and the version it is based on.</param>
    /// <param name="cancellationToken">Stops waiting for the answer, not what was asked for.</param>
    public Task<ConfigurationResult> ApplyConfigurationAsync(ConfigurationChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return CallAsync(() => _engine.ApplyConfigurationAsync(change), cancellationToken);
    }

    /// <summary>Sets what the silo that answers logs from now on: <c>trace</c> to <c>critical</c>.</summary>
    public Task<CommandResult> SetLogLevelAsync(string level, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(level);
        return CallAsync(() => _engine.SetLogLevelAsync(level), cancellationToken);
    }

    /// <summary>Closes the connection, if it is this client's own. The engine goes on.</summary>
    public ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<CommandResult> ExecuteAsync(string action, CancellationToken cancellationToken) =>
        CallAsync(() => _engine.ExecuteAsync(action, _options.Source), cancellationToken);

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call().WaitAsync(_options.ResponseTimeout, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException(
                $"The engine at {_options.Gateway} did not answer within {_options.ResponseTimeout.TotalSeconds:0.###} s.",
                exception);
        }
        catch (Exception exception) when (ClusterConnection.IsUnreachable(exception))
        {
            throw new EngineUnreachableException(_options.Gateway, exception);
        }
    }
}
