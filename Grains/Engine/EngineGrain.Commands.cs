using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Reconciliation;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Engine;

/// <content>Commands: what changes the mode, what halts, and what a stop or a kill does to positions.</content>
public sealed partial class EngineGrain
{
    private const string OperatorHalt = "operator";

    /// <summary>Version of the mode whose kill was carried out: orders withdrawn, and positions closed where it flattens.</summary>
    private long _killedVersion = -1;

    /// <summary>Version of the mode whose stop was carried out: every position was told to close.</summary>
    private long _stoppedVersion = -1;

    private async Task<CommandResult> ExecuteAsync(EngineCommand command, ImmutableArray<QueueAck> acks)
    {
        command = command with { Action = command.Action.ToLowerInvariant() };
        if (command.Action is EngineCommands.Halt or EngineCommands.Unhalt)
        {
            var halted = await HaltAsync(command);
            await RecordAsync(command.Action, halted, command.Source, acks);
            return halted;
        }

        while (true)
        {
            var control = await _partition.ReadControlAsync();
            var decision = Decide(command, control);
            if (decision.Next is not { } next)
            {
                var answer = new CommandResult(decision.IsRefused ? "rejected" : "completed", decision.Reason);
                await RecordAsync(command.Action, answer, command.Source, acks);
                return answer;
            }

            var result = new CommandResult("completed", decision.Reason);
            var isFlatten = command.Action == EngineCommands.Flatten;
            var isRecordedLater = next == EngineMode.Stopping || isFlatten;
            var why = $"{command.Action} by {command.Source}{(command.Reason is { Length: > 0 } reason ? ": " + reason : "")}";
            // A stop is recorded when it is done; its input goes with the change of mode, so it is not followed twice. To flatten twice does no harm.
            IReadOnlyList<ListPush> pushes = isRecordedLater ? [] : [CommandRecord.History(command.Action, result, command.Source, clock.GetUtcNow())];
            if (await _partition.SetModeAsync(control.Version, (int)next, why, pushes, isFlatten ? [] : acks))
            {
                _modeVersion = control.Version + 1;
                if (!isRecordedLater)
                {
                    await AuditAsync(command.Action, result, command.Source);
                }

                return await FollowAsync(command, next, why, result, acks);
            }

            // Somebody else was faster. A kill is not held up by that; any other command may mean something else now.
            if (command.Action != EngineCommands.Kill)
            {
                return new CommandResult("failed", "the mode was changed by somebody else at the same time; look and try again");
            }
        }
    }

    private static ModeDecision Decide(EngineCommand command, ControlState control)
    {
        var mode = (EngineMode)control.Mode;
        var decision = ModeCommands.Decide(
            mode, command.Action, command.IsFlattening, hasReason: !string.IsNullOrWhiteSpace(command.Reason));
        if (command.Action == EngineCommands.Reset && decision.Next is not null
            && HaltRegister.Of(control).FirstOrDefault(found => found.Halts.Any(halt => halt.By == ReconciliationGrain.HaltReason))
                is { Scope: { } broken })
        {
            return new ModeDecision(null, true, $"the execution agent does not agree on {broken}: a reset waits for its reconciliation");
        }

        return decision;
    }

    /// <summary>What comes after the mode was set.</summary>
    private async Task<CommandResult> FollowAsync(
        EngineCommand command, EngineMode next, string why, CommandResult result, ImmutableArray<QueueAck> acks)
    {
        Announce(next, why);
        if (next == EngineMode.Stopping)
        {
            result = await StopAsync();
            await RecordAsync(command.Action, result, command.Source, []);
        }
        else if (command.Action == EngineCommands.Flatten)
        {
            var count = await CloseAllAsync("command");
            result = new CommandResult("completed", $"reduce_only: {count} positions are being closed; resume to take entries again");
            await RecordAsync(command.Action, result, command.Source, acks);
        }
        else if (ModeCommands.IsKilled(next))
        {
            LogKilled(_logger, why);
            if (_options.IsLockStep)
            {
                await CarryOutKillAsync(await _partition.ReadControlAsync());
            }
            else
            {
                // The answer does not wait for it: no order that takes risk passes from now on.
                this.RegisterGrainTimer(
                    TickAsync, new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true });
                return result;
            }
        }

        await _board.ShowAsync(clock.GetUtcNow());
        return result;
    }

    /// <summary>
    /// Withdraws the orders of a killed engine, and closes where it flattens: once for each kill, whoever set it, and again after a
    /// restart, since it is not known then how far it came.
    /// </summary>
    private async Task CarryOutKillAsync(ControlState control)
    {
        if (!ModeCommands.IsKilled((EngineMode)control.Mode) || control.Version == _killedVersion)
        {
            return;
        }

        _killedVersion = control.Version;
        try
        {
            if (control.Mode == (int)EngineMode.KilledFlattening)
            {
                await CloseAllAsync(EngineCommands.Kill);
                return;
            }

            var entries = await _board.ReadEntriesAsync();
            await EachAsync(entries.Where(entry => entry.WorkingOrders > 0), position => position.WithdrawAsync(EngineCommands.Kill));
        }
        catch
        {
            // The next second tries again.
            _killedVersion = -1;
            throw;
        }
    }

    /// <summary>Carries on a stop whose command failed half way, or whose silo died.</summary>
    private async Task CarryOutStopAsync(ControlState control)
    {
        if ((EngineMode)control.Mode == EngineMode.Stopping && control.Version != _stoppedVersion)
        {
            await CloseForStopAsync(control.Version);
        }
    }

    private async Task<int> CloseForStopAsync(long version)
    {
        _stoppedVersion = version;
        try
        {
            return await CloseAllAsync("stop");
        }
        catch
        {
            _stoppedVersion = -1;
            throw;
        }
    }

    private async Task<CommandResult> HaltAsync(EngineCommand command)
    {
        if (command.Scope is not { } scope)
        {
            return new CommandResult("rejected", $"{command.Action} names nothing; give symbol, strategy, tier or account");
        }

        if (HaltScopes.AccountOf(scope) is { } named && _options.OtherPartitionOf(named) is { } holder)
        {
            return new CommandResult("rejected", $"account {named} belongs to partition {holder}, and this is {_options.Partition}: give the command there");
        }

        if (command.Action == EngineCommands.Unhalt)
        {
            if (HaltScopes.AccountAndStrategyOf(scope) is (var account, var strategy))
            {
                // Not awaited: the account may be asking the engine just now.
                GrainFactory.GetGrain<IAccountGrain>(account).ReleaseAsync(strategy).Ignore();
            }

            return await HaltRegister.LiftByHandAsync(_partition, scope, OperatorHalt)
                ? new CommandResult("completed", $"{scope} takes entries again, as far as nobody else halts it")
                : new CommandResult("rejected", $"neither an operator nor a breaker halted {scope}");
        }

        if (string.IsNullOrWhiteSpace(command.Reason))
        {
            return new CommandResult("rejected", "a halt needs a reason");
        }

        var until = clock.GetUtcNow() + command.Duration;
        await HaltRegister.SetAsync(_partition, scope, new Halt(OperatorHalt, command.Reason, until));
        return new CommandResult(
            "completed", $"{scope} takes no entries {(until is { } end ? $"until {end:yyyy-MM-dd HH:mm:ss} UTC" : "until unhalt")}");
    }

    private async Task<CommandResult> StopAsync()
    {
        var count = await CloseForStopAsync((await _partition.ReadControlAsync()).Version);
        var deadline = TimeProvider.System.GetTimestamp();
        while (await _board.CountActiveAsync() > 0 && TimeProvider.System.GetElapsedTime(deadline) < StopWait)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        await FinishStopAsync();
        var remaining = await _board.CountActiveAsync();
        return remaining == 0
            ? new CommandResult("completed", $"stopped: {count} positions closed, none remain")
            : new CommandResult("completed", $"stopping: {remaining} of {count} positions are still closing");
    }

    private async Task FinishStopAsync()
    {
        var control = await _partition.ReadControlAsync();
        if ((EngineMode)control.Mode == EngineMode.Stopping && await _board.CountActiveAsync() == 0
            && await _partition.SetModeAsync(control.Version, (int)EngineMode.Stopped, control.Reason, [], []))
        {
            _modeVersion = control.Version + 1;
            Announce(EngineMode.Stopped, control.Reason);
        }
    }

    private async Task<int> CloseAllAsync(string reason)
    {
        var entries = await _board.ReadEntriesAsync();
        await EachAsync(entries, position => position.CloseAsync(reason, null));
        return entries.Count;
    }

    /// <summary>Does something to each position; one for which that fails holds up no other, and the failure shows at the end.</summary>
    private async Task EachAsync(IEnumerable<PositionIndexEntry> entries, Func<IPositionGrain, Task> act)
    {
        ExceptionDispatchInfo? failure = null;
        foreach (var batch in entries.Select(entry => entry.Id).Distinct().Chunk(64))
        {
            try
            {
                await Task.WhenAll(batch.Select(id => act(GrainFactory.GetGrain<IPositionGrain>(id))));
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    [LoggerMessage(2511, LogLevel.Critical, "Killed: {Why}")]
    private static partial void LogKilled(ILogger logger, string why);
}
