using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces;
using TradingEngine.Grains.Interfaces.Audit;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Grains.Interfaces.Wire;
using TradingEngine.Streaming.Commits;
using TradingEngine.Streaming.Streams;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Engine;

/// <summary>
/// The engine's life: it follows commands from queue and clients, keeps the mode in the store, and shows what the engine
/// does under the keys of the wire. It is not on the order path.
/// </summary>
[GrainType("engine"), ImplicitStreamSubscription(StreamNames.Commands), KeepAlive]
public sealed partial class EngineGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    FactHub facts,
    DeadLetters deadLetters,
    LogLevelSwitch logLevel,
    ConfigurationFollower configuration,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<EngineGrain> logger) : QueueConsumerGrain(deadLetters, logger), IEngineGrain
{
    private const string QueueSource = "queue";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>How long a stop waits for positions to close before it says what remains.</summary>
    private static readonly TimeSpan StopWait = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = logger;
    private readonly EngineOptions _options = options.Value;
    private IPartitionStore _partition = null!;
    private EngineBoard _board = null!;
    private DateTimeOffset _wokeAt;

    /// <summary>Newest version of the mode that was told of; null before the first look.</summary>
    private long? _modeVersion;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        _wokeAt = clock.GetUtcNow();
        _board = new EngineBoard(store, GrainFactory, _options, _wokeAt);
        if (!_options.IsLockStep)
        {
            this.RegisterGrainTimer(TickAsync, new() { DueTime = TimeSpan.Zero, Period = Second, KeepAlive = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            // Where another silo goes on, its engine grain shows it again within a second.
            await _board.HideReadyAsync();
        }
        catch (StoreException exception)
        {
            LogBoardFailed(_logger, exception.Message);
        }
    }

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<CommandResult> ExecuteAsync(string action, string source) => CommandAsync(new EngineCommand(action, source));

    /// <inheritdoc/>
    public Task<CommandResult> CommandAsync(EngineCommand command) => ExecuteAsync(command, []);

    /// <inheritdoc/>
    public Task<EngineStatus> GetStatusAsync() => _board.ReadAsync(clock.GetUtcNow());

    /// <inheritdoc/>
    public async Task<StoreHealth> GetStoreHealthAsync()
    {
        var status = await store.GetStatusAsync();
        return new StoreHealth(
            status.Connected, status.Latency?.TotalMilliseconds, status.Persistence,
            status.QueueDepths.ToImmutableDictionary(), status.Error);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<PositionView>> GetPositionsAsync() => _board.ReadPositionsAsync();

    /// <inheritdoc/>
    public async Task<PositionState?> GetPositionAsync(string positionId)
    {
        if (await _board.ReadPositionAsync(positionId) is { } state)
        {
            return state;
        }

        var archived = await GrainFactory.GetGrain<IAuditGrain>(_options.Partition).FindAsync([positionId]);
        return archived.IsEmpty ? null : DomainJson.ReadPosition(archived[0].Data.Span);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<TradeView>> GetTradesAsync(int count)
    {
        var newest = await _board.ReadTradesAsync(count);
        return newest.Length >= count
            ? newest
            : [.. newest.Concat(await GrainFactory.GetGrain<IAuditGrain>(_options.Partition).GetTradesAsync(count))
                .DistinctBy(trade => trade.PositionId).Take(count)];
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StrategyView>> GetStrategiesAsync() => _board.ReadStrategiesAsync();

    /// <inheritdoc/>
    public Task<ImmutableArray<OrderView>> GetOrdersAsync(int count) => _board.ReadOrdersAsync(count);

    /// <inheritdoc/>
    public async Task<CommandResult> ClosePositionAsync(string positionId, string source)
    {
        var result = await CloseAsync(positionId);
        await RecordAsync(EngineCommands.Close, result, source, []);
        return result;
    }

    private async Task<CommandResult> CloseAsync(string positionId)
    {
        var control = await _partition.ReadControlAsync();
        if (!ModeTable.Allows(OrderClass.Exit, (EngineMode)control.Mode))
        {
            return new CommandResult(
                "rejected", $"the engine is {ModeCommands.NameOf((EngineMode)control.Mode)}: no exit passes");
        }

        if (positionId == "*")
        {
            var count = await CloseAllAsync("command");
            return new CommandResult("completed", $"closing {count} positions");
        }

        var state = await GrainFactory.GetGrain<IPositionGrain>(positionId).CloseAsync("command", null);
        return state is null
            ? new CommandResult("rejected", $"there is no position {positionId}")
            : new CommandResult("completed", $"position {positionId} is {state.Phase.ToString().ToLowerInvariant()}");
    }

    /// <inheritdoc/>
    public async Task SubmitSignalAsync(int tier, string json)
    {
        var queue = tier switch
        {
            1 => StreamNames.HftSignals,
            2 => StreamNames.FastSignals,
            3 => StreamNames.TacticalSignals,
            _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "Signals go to tier 1, 2 or 3."),
        };
        await store.Queues.PushAsync(queue, [Encoding.UTF8.GetBytes(json)]);
    }

    /// <inheritdoc/>
    public Task<CommandResult> SetLogLevelAsync(string level)
    {
        if (!Enum.TryParse<LogLevel>(level, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
        {
            return Task.FromResult(new CommandResult(
                "rejected", $"{level} is no log level; use trace, debug, information, warning, error or critical"));
        }

        logLevel.Level = parsed;
        return Task.FromResult(new CommandResult("completed", $"logging {parsed.ToString().ToLowerInvariant()} and above"));
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(QueueBatch batch)
    {
        foreach (var message in batch.Messages)
        {
            var admitted = await AdmitAsync(message);
            var error = admitted.Error;
            var command = error is null ? CommandReader.Read(admitted.Payload, out error) : null;
            ImmutableArray<QueueAck> acks = [new QueueAck(batch.Queue, message.EntryId)];
            if (RoleRefusal(admitted, command?.Action ?? UnknownAction) is { } refusal)
            {
                await RecordAsync(command?.Action ?? UnknownAction, new CommandResult("rejected", refusal), admitted.By, acks);
                continue;
            }

            if (command is null)
            {
                await DeadLetters.AddAsync(batch.Queue, message, error!);
                continue;
            }

            if (command.Action == EngineCommands.Close)
            {
                // A mistyped key must not close everything: all is said in so many words.
                var closed = command.PositionId is not null || command.IsForAll
                    ? await CloseAsync(command.PositionId ?? "*")
                    : new CommandResult("rejected", "close names no position; give position_id, or \"all\": true");
                await RecordAsync(EngineCommands.Close, closed, admitted.By, acks);
                continue;
            }

            var asked = new EngineCommand(command.Action, admitted.By)
            {
                Reason = command.Reason, IsFlattening = command.IsFlattening, Scope = command.Scope, Duration = command.Duration,
            };
            await ExecuteAsync(asked, acks);
        }
    }

    private async Task TickAsync()
    {
        try
        {
            await FinishStopAsync();
            var control = await _partition.ReadControlAsync();
            AnnounceElsewhere(control);
            await HaltRegister.LiftEndedAsync(_partition, control, clock.GetUtcNow());
            await CarryOutKillAsync(control);
            await CarryOutStopAsync(control);
            await _board.ShowAsync(clock.GetUtcNow());
        }
        catch (StoreException exception)
        {
            LogBoardFailed(_logger, exception.Message);
        }
    }

    private async Task RecordAsync(string action, CommandResult result, string by, ImmutableArray<QueueAck> acks) =>
        await _partition.CommitAsync([CommandRecord.Of(action, result, by, clock.GetUtcNow()) with { Acks = acks }]);

    /// <summary>Notes in the audit what is in force already: that a kill holds does not hang on it.</summary>
    private async Task AuditAsync(string action, CommandResult result, string by)
    {
        try
        {
            await _partition.CommitAsync([new Commit { Audit = [CommandRecord.AuditLine(action, result, by, clock.GetUtcNow())] }]);
        }
        catch (StoreException exception)
        {
            LogAuditFailed(_logger, action, by, exception.Message);
        }
    }

    /// <summary>Tells of a mode that was set past this grain, as by a kill through the store; not of the one it woke to.</summary>
    private void AnnounceElsewhere(ControlState control)
    {
        if (_modeVersion is { } known && control.Version > known)
        {
            Announce((EngineMode)control.Mode, control.Reason);
        }

        _modeVersion = Math.Max(_modeVersion ?? 0, control.Version);
    }

    private void Announce(EngineMode mode, string reason) => facts.Publish(
    [
        new TradingFact
        {
            Kind = FactKind.ModeChanged, Time = clock.GetUtcNow(), Reason = $"{ModeCommands.NameOf(mode)} ({reason})",
            Code = ModeCommands.NameOf(mode),
        },
    ]);

    [LoggerMessage(2512, LogLevel.Error, "{Action} by {By} is in force and is not in the audit: {Error}")]
    private static partial void LogAuditFailed(ILogger logger, string action, string by, string error);

    [LoggerMessage(2501, LogLevel.Warning, "The engine's figures could not be shown: {Error}")]
    private static partial void LogBoardFailed(ILogger logger, string error);
}
