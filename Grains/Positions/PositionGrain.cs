using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Positions;

/// <summary>
/// One position. Every change is a pure transition, committed before it is adopted; after a storage fault what is in
/// memory is worth nothing, so the activation ends and the next one reads again. It has a timer only for its own next
/// deadline: its instrument watches all positions of the symbol each second, and wakes those for which time has come.
/// </summary>
[GrainType("position"), PreferLocalPlacement]
public sealed partial class PositionGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    GrainReferences<IInstrumentGrain> instruments,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<PositionGrain> logger) : Grain, IPositionGrain, IRemindable
{
    private const string DeadlineReminder = "deadline";
    private const int TacticalTier = 3;

    private readonly EngineOptions _options = options.Value;
    private IPartitionStore _partition = null!;
    private PositionState? _state;
    private long _version;
    private IGrainTimer? _deadline;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        var record = await _partition.ReadAsync(
            PositionCommits.RecordKey(this.GetPrimaryKeyString()), cancellationToken);
        if (record is not null)
        {
            _state = DomainJson.ReadPosition(record.Data.Span);
            _version = record.Version;
        }

        if (!_options.IsLockStep)
        {
            _deadline = this.RegisterGrainTimer(
                MonitorAsync, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan });
            KeepDeadline(_state);
        }
    }

    /// <inheritdoc/>
    public Task<PositionState?> GetAsync() => Task.FromResult(_state);

    /// <inheritdoc/>
    public async Task<ImmutableArray<ReportOutcome>> ApplyAsync(ImmutableArray<ReportInput> reports)
    {
        if (_state is null)
        {
            DeactivateOnIdle();
            return [.. reports.Select(_ => ReportOutcome.Unmatched)];
        }

        var mode = await ApplyAsync(reports, maySend: true, mayEnter: true);
        if (mode.Refused && _state.Orders.Any(order => order.Status == OrderStatus.Pending))
        {
            // What closes may pass where new quotes may not.
            mode = await ApplyAsync(reports, maySend: true, mayEnter: false);
        }

        if (mode.Refused)
        {
            // A fill is a fact in any mode; only what it would send has to wait.
            mode = await ApplyAsync(reports, maySend: false, mayEnter: false);
        }

        return mode.Outcomes;
    }

    /// <inheritdoc/>
    public async Task<PositionState?> CloseAsync(string reason, decimal? price)
    {
        if (_state is not null)
        {
            await CommitAsync(PositionLifecycle.Close(_state, reason, price, clock.GetUtcNow()), reason, []);
        }

        return _state;
    }

    /// <inheritdoc/>
    public async Task WithdrawAsync(string reason)
    {
        if (_state is not null)
        {
            await CommitAsync(PositionLifecycle.Withdraw(_state, reason, clock.GetUtcNow()), reason, []);
        }
    }

    /// <inheritdoc/>
    public async Task<ChangeResult> ChangeAsync(ChangeRequest request)
    {
        if (_state is null)
        {
            DeactivateOnIdle();
            return ChangeResult.Gone;
        }

        if (_state.IsFinal && request.Change.Kind == ChangeKind.Quote)
        {
            // It ended since the signal was planned: the signal comes again, and opens another.
            return ChangeResult.Gone;
        }

        var now = clock.GetUtcNow();
        var (change, signal) = (request.Change, request.Signal);
        var why = signal.Tier == TacticalTier ? "tactical" : "signal";
        var transition = change.Kind switch
        {
            ChangeKind.Close => PositionLifecycle.Close(_state, why, change.Price, now),
            ChangeKind.Reduce => PositionLifecycle.Reduce(_state, change.Quantity, why, change.Price, now),
            ChangeKind.Tighten => PositionLifecycle.Tighten(_state, change.Price!.Value, why, now),
            ChangeKind.Add => PositionLifecycle.Add(_state, signal, change.Price ?? _state.Legs[0].Ledger.AverageOpen, now, change.Risk),
            ChangeKind.Quote => PositionLifecycle.Quote(_state, signal, change.Quotes!, now, change.Risk),
            _ => throw new ArgumentOutOfRangeException(nameof(request), change.Kind, "Not a change."),
        };
        return await CommitAsync(transition, request, now);
    }

    /// <inheritdoc/>
    public Task WakeAsync() => MonitorAsync();

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, Orleans.Runtime.TickStatus status)
    {
        await MonitorAsync();
        if (_state is null or { IsFinal: true } && await this.GetReminder(DeadlineReminder) is { } reminder)
        {
            // What is over waits for nothing: without this every such position would be woken each minute for ever.
            await this.UnregisterReminder(reminder);
        }
    }

    private async Task MonitorAsync()
    {
        if (_state is null || _state.IsFinal)
        {
            DeactivateOnIdle();
            return;
        }

        try
        {
            var now = clock.GetUtcNow();
            if (!await CommitAsync(PositionLifecycle.Tick(_state, _options.UnansweredAfter, now), "time", []))
            {
                // Cancels pass in any mode; only what closes has to wait.
                await CommitAsync(PositionLifecycle.Tick(_state, _options.UnansweredAfter, now, maySend: false), "time", []);
            }
        }
        catch (StoreException exception)
        {
            LogMonitorFailed(logger, this.GetPrimaryKeyString(), exception.Message);
        }
    }

    private async Task<(bool Refused, ImmutableArray<ReportOutcome> Outcomes)> ApplyAsync(
        ImmutableArray<ReportInput> reports, bool maySend, bool mayEnter)
    {
        var now = clock.GetUtcNow();
        var transition = new Transition(_state!, [], []);
        var outcomes = ImmutableArray.CreateBuilder<ReportOutcome>(reports.Length);
        var acks = ImmutableArray.CreateBuilder<QueueAck>(reports.Length);
        foreach (var input in reports)
        {
            var (next, outcome) = PositionLifecycle.Apply(transition.State, input.Report, now, maySend, mayEnter);
            transition = next with
            {
                Orders = transition.Orders.AddRange(next.Orders),
                Facts = transition.Facts.AddRange(next.Facts),
                HasChanged = transition.HasChanged || next.HasChanged,
            };
            outcomes.Add(outcome);
            if (outcome != ReportOutcome.Unmatched)
            {
                acks.Add(new QueueAck(input.Queue, input.EntryId));
            }
        }

        var input0 = reports.Length == 0 ? "" : reports[0].EntryId;
        var written = await CommitAsync(transition, input0, acks.ToImmutable());
        return (!written && acks.Count > 0, outcomes.MoveToImmutable());
    }

    /// <summary>Commits the change of a signal; the last one marks the signal as handled, opens what it opens and acknowledges it.</summary>
    private async Task<ChangeResult> CommitAsync(Transition transition, ChangeRequest request, DateTimeOffset now)
    {
        ImmutableArray<QueueAck> acks = request is { IsLast: true, Queue: { } queue }
            ? [new QueueAck(queue, request.EntryId)]
            : [];
        var more = new Commit { Acks = acks };
        Transition? beside = null;
        if (request.IsLast)
        {
            more = more with { Records = [PositionCommits.MarkerOf(request.Signal, _options)] };
        }

        if (request.Opens is { } open)
        {
            beside = PositionLifecycle.Open(open, now);
            more = PositionCommits.Join(more, PositionCommits.Of(null, 0, beside, request.Signal.Id, [], _options).Commit);
        }

        if (request.Refuses is { } refused)
        {
            beside = PositionLifecycle.Refuse(refused.PositionId, request.Signal, refused.Reason, now);
            more = PositionCommits.Join(more, PositionCommits.Of(null, 0, beside, request.Signal.Id, [], _options).Commit);
        }

        if (request.FenceGroup is { } group)
        {
            more = more with { Fence = new Fence(group, request.Fence) };
        }

        if (request.Change.Kind == ChangeKind.Quote)
        {
            more = PositionCommits.AsEntry(more, transition.State);
        }

        var result = await WriteAsync(transition, request.Signal.Id, more, request.Signal.Raw);
        switch (result.Outcome)
        {
            case CommitOutcome.Committed:
                if (beside is not null)
                {
                    facts.Publish(beside.Facts);
                }

                return ChangeResult.Done;
            case CommitOutcome.ModeRefused or CommitOutcome.Halted:
                return ChangeResult.Refused;
            case CommitOutcome.FenceLost:
                return ChangeResult.FenceLost;
            case CommitOutcome.VersionConflict when result.Detail == PositionCommits.MarkerKey(request.Signal)
                || (beside is not null && result.Detail == PositionCommits.RecordKey(beside.State.Id)):
                await _partition.CommitAsync([new Commit { Acks = acks }]);
                return ChangeResult.Duplicate;
            case CommitOutcome.VersionConflict or CommitOutcome.EpochLost:
                throw WrittenElsewhere(result);
            default:
                throw new InvalidOperationException($"Unknown commit outcome {result.Outcome}.");
        }
    }

    /// <summary>Commits a transition and adopts it; false when mode or halt refuses it.</summary>
    private async Task<bool> CommitAsync(Transition transition, string input, ImmutableArray<QueueAck> acks)
    {
        var result = await WriteAsync(transition, input, new Commit { Acks = acks });
        return result.Outcome switch
        {
            CommitOutcome.Committed => true,
            CommitOutcome.ModeRefused or CommitOutcome.Halted => false,
            CommitOutcome.VersionConflict or CommitOutcome.FenceLost or CommitOutcome.EpochLost => throw WrittenElsewhere(result),
            _ => throw new InvalidOperationException($"Unknown commit outcome {result.Outcome}."),
        };
    }

    /// <summary>Writes a transition together with <paramref name="more"/>, and adopts it when it was written.</summary>
    private async Task<CommitResult> WriteAsync(
        Transition transition, string input, Commit more, string? rawSignal = null)
    {
        var state = transition.State;
        var commit = more;
        if (transition.HasChanged)
        {
            (var own, state) = PositionCommits.Of(
                _state, _version, transition, input, [], _options, rawSignal ?? _state!.PendingRaw);
            commit = PositionCommits.Join(own, more);
        }
        else if (commit.Acks.IsEmpty && commit.Records.IsEmpty)
        {
            return new CommitResult(CommitOutcome.Committed, null, 0, []);
        }

        CommitResult result;
        try
        {
            await HaltOverfilledAsync(transition);
            result = (await _partition.CommitAsync([commit]))[0];
        }
        catch (StoreException)
        {
            DeactivateOnIdle();
            throw;
        }

        if (result.IsCommitted && transition.HasChanged)
        {
            _version++;
            _state = state;
            await PublishAsync(transition, state);
        }

        return result;
    }

    /// <summary>
    /// Stops entries of a symbol before the fill is written that went beyond its order: whatever fails in between, the fill
    /// comes again and meets the halt.
    /// </summary>
    private async Task HaltOverfilledAsync(Transition transition)
    {
        foreach (var fact in transition.Facts)
        {
            if (fact is { Kind: FactKind.Overfill, Symbol: { } symbol })
            {
                await HaltRegister.SetAsync(_partition, HaltScopes.Symbol(symbol), new Halt(
                    PositionLifecycle.OverfillReason, $"{PositionLifecycle.OverfillReason} of {fact.Quantity} lots on order {fact.OrderId}"));
                LogOverfill(logger, symbol, fact.OrderId!, fact.Quantity ?? 0m);
            }
        }
    }

    private StoreException WrittenElsewhere(CommitResult result)
    {
        DeactivateOnIdle();
        return new StoreException(
            $"Position {this.GetPrimaryKeyString()} was written elsewhere: {result.Outcome} {result.Detail}");
    }

    private async Task PublishAsync(Transition transition, PositionState state)
    {
        facts.Publish(transition.Facts);
        SignalTrace.Committed(transition.Orders, transition.Facts, state);
        if (!_options.IsLockStep)
        {
            foreach (var leg in state.Legs.DistinctBy(leg => leg.Symbol))
            {
                var entry = PositionIndexEntry.Of(state, leg, _options.UnansweredAfter, _version);
                await instruments.Of(leg.Symbol).FollowAsync(entry, state.IsFinal);
            }

            KeepDeadline(state);
            await KeepReminderAsync(state);
        }

        if (state.IsFinal)
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>Looks again at the moment of the next deadline, if that is near; the instrument's second is too coarse for quotes.</summary>
    private void KeepDeadline(PositionState? state)
    {
        var left = state is null ? null : PositionLifecycle.NextDeadline(state, _options.UnansweredAfter) - clock.GetUtcNow();
        _deadline?.Change(
            left is { } due && due < TimeSpan.FromMinutes(1) && due > TimeSpan.Zero ? due : Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>A reminder wakes the position only for a deadline that lies beyond its own life in memory.</summary>
    private async Task KeepReminderAsync(PositionState state)
    {
        var deadline = PositionLifecycle.NextDeadline(state, _options.UnansweredAfter);
        if (deadline - clock.GetUtcNow() > TimeSpan.FromMinutes(1))
        {
            await this.RegisterOrUpdateReminder(DeadlineReminder, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        }
    }

    [LoggerMessage(2002, LogLevel.Error, "{Symbol} takes no more entries: order {OrderId} was overfilled by {Lots} lots")]
    private static partial void LogOverfill(ILogger logger, string symbol, string orderId, decimal lots);

    [LoggerMessage(2001, LogLevel.Warning, "Position {PositionId} could not be monitored: {Error}")]
    private static partial void LogMonitorFailed(ILogger logger, string positionId, string error);
}
