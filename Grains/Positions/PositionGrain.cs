using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Positions;

/// <summary>
/// One position. Every change is a pure transition, committed before it is adopted; after a storage fault what is in
/// memory is worth nothing, so the activation ends and the next one reads again.
/// </summary>
[GrainType("position"), PreferLocalPlacement]
public sealed partial class PositionGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<PositionGrain> logger) : Grain, IPositionGrain, IRemindable
{
    private const string DeadlineReminder = "deadline";
    private static readonly TimeSpan MonitorPeriod = TimeSpan.FromSeconds(1);

    private readonly EngineOptions _options = options.Value;
    private IPartitionStore _partition = null!;
    private PositionState? _state;
    private long _version;

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
            this.RegisterGrainTimer(MonitorAsync, new() { DueTime = MonitorPeriod, Period = MonitorPeriod });
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

        var mode = await ApplyAsync(reports, maySend: true);
        if (mode.Refused)
        {
            // A fill is a fact in any mode; only what it would send has to wait.
            mode = await ApplyAsync(reports, maySend: false);
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
    public async Task<bool> ChangeAsync(PlannedChange change, Signal signal, string? queue, string entryId)
    {
        ImmutableArray<QueueAck> acks = queue is null ? [] : [new QueueAck(queue, entryId)];
        if (_state is null)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var transition = change.Kind switch
        {
            ChangeKind.Close => PositionLifecycle.Close(_state, "signal", change.Price, now),
            ChangeKind.Reduce => PositionLifecycle.Reduce(_state, change.Quantity, "signal", change.Price, now),
            ChangeKind.Add => PositionLifecycle.Add(_state, signal, change.Price ?? _state.Legs[0].Ledger.AverageOpen, now),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change.Kind, "Not a change."),
        };
        var marker = PositionCommits.MarkerOf(signal, change);
        return await CommitAsync(transition, signal.Id, acks, marker);
    }

    /// <inheritdoc/>
    public Task WakeAsync() => MonitorAsync();

    /// <inheritdoc/>
    public Task ReceiveReminder(string reminderName, Orleans.Runtime.TickStatus status) => MonitorAsync();

    private async Task MonitorAsync()
    {
        if (_state is null || _state.IsFinal)
        {
            DeactivateOnIdle();
            return;
        }

        try
        {
            var transition = PositionLifecycle.Tick(_state, _options.UnansweredAfter, clock.GetUtcNow());
            await CommitAsync(transition, "time", []);
        }
        catch (StoreException exception)
        {
            LogMonitorFailed(logger, this.GetPrimaryKeyString(), exception.Message);
        }
    }

    private async Task<(bool Refused, ImmutableArray<ReportOutcome> Outcomes)> ApplyAsync(
        ImmutableArray<ReportInput> reports, bool maySend)
    {
        var now = clock.GetUtcNow();
        var transition = new Transition(_state!, [], []);
        var outcomes = ImmutableArray.CreateBuilder<ReportOutcome>(reports.Length);
        var acks = ImmutableArray.CreateBuilder<QueueAck>(reports.Length);
        foreach (var input in reports)
        {
            var (next, outcome) = PositionLifecycle.Apply(transition.State, input.Report, now, maySend);
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

    /// <summary>Commits a transition and adopts it; false when mode or halt refuses it.</summary>
    private async Task<bool> CommitAsync(
        Transition transition, string input, ImmutableArray<QueueAck> acks, RecordWrite? marker = null)
    {
        if (!transition.HasChanged)
        {
            if (acks.Length > 0)
            {
                await _partition.CommitAsync([new Commit { Acks = acks }]);
            }

            return true;
        }

        var (commit, state) = PositionCommits.Of(_state, _version, transition, input, acks, _options);
        if (marker is { } mark)
        {
            commit = commit with { Records = commit.Records.Add(mark) };
        }

        CommitResult result;
        try
        {
            result = (await _partition.CommitAsync([commit]))[0];
        }
        catch (StoreException)
        {
            DeactivateOnIdle();
            throw;
        }

        switch (result.Outcome)
        {
            case CommitOutcome.Committed:
                _version++;
                _state = state;
                await PublishAsync(transition, state);
                return true;
            case CommitOutcome.ModeRefused or CommitOutcome.Halted:
                return false;
            case CommitOutcome.VersionConflict when marker is { } done && result.Detail == done.Key:
                await _partition.CommitAsync([new Commit { Acks = acks }]);
                return true;
            case CommitOutcome.VersionConflict or CommitOutcome.FenceLost or CommitOutcome.EpochLost:
                DeactivateOnIdle();
                throw new StoreException($"Position {state.Id} was written elsewhere: {result.Outcome} {result.Detail}");
            default:
                throw new InvalidOperationException($"Unknown commit outcome {result.Outcome}.");
        }
    }

    private async Task PublishAsync(Transition transition, PositionState state)
    {
        facts.Publish(transition.Facts);
        if (!_options.IsLockStep)
        {
            foreach (var leg in state.Legs.DistinctBy(leg => leg.Symbol))
            {
                var entry = PositionIndexEntry.Of(state, leg, _options.UnansweredAfter);
                await GrainFactory.GetGrain<IInstrumentGrain>(leg.Symbol).FollowAsync(entry, state.IsFinal);
            }

            await KeepReminderAsync(state);
        }

        if (state.IsFinal)
        {
            DeactivateOnIdle();
        }
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

    [LoggerMessage(2001, LogLevel.Warning, "Position {PositionId} could not be monitored: {Error}")]
    private static partial void LogMonitorFailed(ILogger logger, string positionId, string error);
}
