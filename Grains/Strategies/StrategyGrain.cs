using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;

namespace TradingEngine.Grains.Strategies;

/// <summary>
/// Turns signals into positions: plan, reserve, commit. The commit creates the position's record, which only the first
/// handling of a signal can do, so a repetition finds what was done and answers with it.
/// </summary>
[GrainType("strategy"), PreferLocalPlacement]
public sealed partial class StrategyGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    PriceBoard prices,
    HopMeter hops,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<StrategyGrain> logger) : Grain, IStrategyGrain
{
    private readonly EngineOptions _options = options.Value;
    private readonly Dictionary<string, PriceView> _prices = new(StringComparer.Ordinal);
    private IPartitionStore _partition = null!;
    private StrategyPositions _open = null!;
    private IAccountGrain? _account;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        _open = new StrategyPositions(_partition, _options.UnansweredAfter);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<SignalOutcome>> HandleAsync(string partition, ImmutableArray<SignalInput> signals)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            return await HandleAsync(signals);
        }
        catch (StoreException exception)
        {
            LogStoreFailed(logger, this.GetPrimaryKeyString(), exception.Message);
            return [.. signals.Select(_ => new SignalOutcome(SignalResult.Unknown, RejectReason.NotReady, null))];
        }
        finally
        {
            hops.End(Hop.Decide, began);
        }
    }

    private async Task<ImmutableArray<SignalOutcome>> HandleAsync(ImmutableArray<SignalInput> signals)
    {
        var began = Stopwatch.GetTimestamp();
        await ReadPricesAsync(signals);
        hops.End(Hop.Price, began);
        var outcomes = ImmutableArray.CreateBuilder<SignalOutcome>(signals.Length);
        var works = new List<Work>(signals.Length);
        foreach (var input in signals)
        {
            var work = await PlanAsync(input, mayReadOpen: works.Count == 0);
            if (work is null)
            {
                // It depends on what is open, so it is planned when the ones before it are carried out.
                outcomes.AddRange(await CarryOutAsync(works));
                works.Clear();
                work = await PlanAsync(input, mayReadOpen: true);
            }

            works.Add(work!);
            if (work!.MeetsOpen)
            {
                outcomes.AddRange(await CarryOutAsync(works));
                works.Clear();
            }
        }

        outcomes.AddRange(await CarryOutAsync(works));
        return outcomes.MoveToImmutable();
    }

    private async Task<ImmutableArray<SignalOutcome>> CarryOutAsync(List<Work> works)
    {
        if (works.Count == 0)
        {
            return [];
        }

        var fence = await ReserveAsync(works);
        var isInDoubt = true;
        try
        {
            await CommitOpeningsAsync(works, fence);
            foreach (var work in works.Where(work => work.Outcome is null))
            {
                work.Outcome = work.Plan.Changes.IsEmpty ? await AcknowledgeAsync(work) : await ChangeAsync(work, fence);
            }

            isInDoubt = works.Any(work => work.IsFenceLost);
        }
        finally
        {
            // What was written, and so acknowledged, is not delivered again: nobody else would settle it.
            var reserved = works.Where(work => work.IsReserved).Select(work => work.PositionId).ToImmutableArray();
            if (reserved.Length > 0)
            {
                await AccountOf(works[0]).SettleAsync(reserved, isInDoubt);
            }
        }

        return [.. works.Select(work => work.Outcome!)];
    }

    /// <summary>Plans a signal; null when it needs to read what is open and may not yet.</summary>
    private async Task<Work?> PlanAsync(SignalInput input, bool mayReadOpen)
    {
        var signal = input.Signal;
        var positionId = ClientOrderId.ForPosition(signal.Account, signal.Strategy, signal.Id);
        var mode = _options.PositionModes.GetValueOrDefault(signal.Strategy, PositionMode.Hedge);
        var meetsOpen = signal.Action switch
        {
            SignalAction.Close or SignalAction.MarketMaking => true,
            SignalAction.Arbitrage => false,
            SignalAction.Buy or SignalAction.Sell or SignalAction.Hold => mode != PositionMode.Hedge,
            _ => throw new ArgumentOutOfRangeException(nameof(input), signal.Action, "Not a signal action."),
        };
        if (meetsOpen && !mayReadOpen)
        {
            return null;
        }

        if (meetsOpen && await _partition.ReadAsync(PositionCommits.MarkerKey(signal)) is not null)
        {
            return new Work(input, positionId) { Plan = new SignalPlan(), IsDuplicate = true };
        }

        var open = meetsOpen ? await _open.ReadAsync(signal) : [];
        var plan = SignalPlanner.Plan(
            signal, positionId, mode, open,
            symbol => _options.InstrumentOf(symbol, PriceOf(symbol).AssetClass), PriceOf,
            _options.TierOne.GetValueOrDefault(signal.Strategy));
        return new Work(input, positionId) { Plan = plan, MeetsOpen = meetsOpen };
    }

    /// <summary>A signal that asks for nothing is answered by its acknowledgement.</summary>
    private async Task<SignalOutcome> AcknowledgeAsync(Work work)
    {
        if (!work.Acks.IsEmpty)
        {
            await _partition.CommitAsync([new Commit { Acks = work.Acks }]);
        }

        return work.IsDuplicate
            ? new SignalOutcome(SignalResult.Duplicate, RejectReason.Duplicate, null)
            : new SignalOutcome(SignalResult.Accepted, RejectReason.None, null);
    }

    /// <summary>Every order carries a risk decision: entries are judged and their exposure reserved, in one call.</summary>
    private async Task<Fence?> ReserveAsync(List<Work> works)
    {
        var now = clock.GetUtcNow();
        var entries = works.Where(work => work.Plan.Reject == RejectReason.None && work.Plan.IsEntry).ToList();
        if (entries.Count == 0)
        {
            return null;
        }

        var requests = entries.Select(work => new ReservationRequest(work.PositionId, RequestOf(work, now)));
        var began = Stopwatch.GetTimestamp();
        var answer = await AccountOf(entries[0]).ReserveAsync([.. requests]);
        hops.End(Hop.Reserve, began);
        for (var i = 0; i < entries.Count; i++)
        {
            entries[i].IsReserved = answer.Decisions[i] == RejectReason.None;
            if (!entries[i].IsReserved)
            {
                entries[i].Plan = SignalPlan.Refuse(answer.Decisions[i]);
            }
        }

        return new Fence(Contributions.AccountGroup(entries[0].Signal.Account), answer.Fence);
    }

    private EntryRequest RequestOf(Work work, DateTimeOffset now)
    {
        var price = PriceOf(work.Signal.Symbol);
        var instrument = _options.InstrumentOf(work.Signal.Symbol, price.AssetClass);
        return new EntryRequest
        {
            Signal = work.Signal,
            Instrument = instrument,
            Price = price,
            IsSessionOpen = IsSessionOpen(work.Signal.Symbol, now) && work.Signal.Legs.All(leg => IsSessionOpen(leg.Symbol, now)),
            BuyNotional = work.Plan.BuyNotional,
            SellNotional = work.Plan.SellNotional,
        };
    }

    private bool IsSessionOpen(string symbol, DateTimeOffset now) =>
        _options.InstrumentOf(symbol, PriceOf(symbol).AssetClass) is { } instrument
        && _options.IsSessionOpen(instrument.AssetClass, now);

    /// <summary>Commits openings and refusals, all of the batch in one call; those that also change open positions follow.</summary>
    private async Task CommitOpeningsAsync(List<Work> works, Fence? fence)
    {
        var now = clock.GetUtcNow();
        var batch = new List<(Work Work, Commit Commit, Transition Transition)>(works.Count);
        foreach (var work in works)
        {
            if (work.Plan.Reject != RejectReason.None)
            {
                batch.Add(Refusal(work, work.Plan.Reject, now));
            }
            else if (work.Plan is { Open: { } open, Changes.IsEmpty: true })
            {
                batch.Add(Opening(work, open, fence, now));
            }
        }

        if (batch.Count == 0)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        var results = await _partition.CommitAsync([.. batch.Select(item => item.Commit)]);
        hops.End(Hop.Write, began);
        var repeated = new List<Commit>();
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Outcome == CommitOutcome.VersionConflict)
            {
                repeated.Add(new Commit { Acks = batch[i].Work.Acks });
                batch[i].Work.Outcome = DuplicateOf(batch[i].Work);
            }
            else
            {
                await ConcludeAsync(batch[i].Work, batch[i].Transition, results[i], now);
            }
        }

        await _partition.CommitAsync(repeated);
    }

    private static SignalOutcome DuplicateOf(Work work) =>
        new(SignalResult.Duplicate, RejectReason.Duplicate, work.PositionId);

    private (Work, Commit, Transition) Opening(Work work, OpenPosition open, Fence? fence, DateTimeOffset now)
    {
        var transition = PositionLifecycle.Open(open, now);
        var (commit, _) = PositionCommits.Of(
            null, 0, transition, work.Signal.Id, work.Acks, _options, work.Signal.Raw);
        if (work.MeetsOpen)
        {
            // The next signal may find this position open; a repetition of this one must not.
            commit = commit with { Records = commit.Records.Add(PositionCommits.MarkerOf(work.Signal, _options)) };
        }

        return (work, commit with { Fence = fence }, transition);
    }

    private (Work, Commit, Transition) Refusal(Work work, RejectReason reason, DateTimeOffset now)
    {
        var transition = PositionLifecycle.Refuse(work.PositionId, work.Signal, reason, now);
        var (commit, _) = PositionCommits.Of(null, 0, transition, work.Signal.Id, work.Acks, _options);
        return (work, commit, transition);
    }

    private async Task ConcludeAsync(Work work, Transition transition, CommitResult result, DateTimeOffset now)
    {
        switch (result.Outcome)
        {
            case CommitOutcome.Committed:
                facts.Publish(transition.Facts);
                Watch(transition.State);
                var reason = transition.State.Reject;
                work.Outcome = reason == RejectReason.None
                    ? new SignalOutcome(SignalResult.Accepted, reason, work.PositionId)
                    : new SignalOutcome(SignalResult.Rejected, reason, work.PositionId);
                break;
            case CommitOutcome.VersionConflict:
                await _partition.CommitAsync([new Commit { Acks = work.Acks }]);
                work.Outcome = DuplicateOf(work);
                break;
            case CommitOutcome.ModeRefused or CommitOutcome.Halted:
                var code = result.Outcome == CommitOutcome.Halted
                    ? HaltScopes.ReasonOf(result.Detail ?? "")
                    : HaltScopes.ReasonOf((EngineMode)result.Mode);
                var (_, commit, refusal) = Refusal(work, code, now);
                await ConcludeAsync(work, refusal, (await _partition.CommitAsync([commit]))[0], now);
                break;
            case CommitOutcome.FenceLost or CommitOutcome.EpochLost:
                // Not acknowledged: it is delivered again, to an account that holds the fence.
                work.IsFenceLost = true;
                LogFenceLost(logger, this.GetPrimaryKeyString(), result.Outcome);
                work.Outcome = new SignalOutcome(SignalResult.Unknown, RejectReason.NotReady, work.PositionId);
                break;
            default:
                throw new InvalidOperationException($"Unknown commit outcome {result.Outcome}.");
        }
    }

    /// <summary>
    /// Changes what is open. Every change but the last can be repeated; the last one's commit also opens what is left to
    /// open, marks the signal as handled and acknowledges it.
    /// </summary>
    private async Task<SignalOutcome> ChangeAsync(Work work, Fence? fence)
    {
        var result = ChangeResult.Done;
        for (var i = 0; i < work.Plan.Changes.Length && result == ChangeResult.Done; i++)
        {
            var isLast = i == work.Plan.Changes.Length - 1;
            result = await ChangeAsync(work, work.Plan.Changes[i], isLast ? work.Plan.Open : null, isLast, fence);
        }

        if (result == ChangeResult.Refused && work.Plan.Open is not null)
        {
            // An exit is never held up by the entry that came with it.
            result = await ChangeAsync(work, work.Plan.Changes[^1], null, isLast: false, null);
            return result == ChangeResult.Done ? await RefuseByModeAsync(work) : OutcomeOf(work, result);
        }

        return result == ChangeResult.Refused ? await RefuseByModeAsync(work) : OutcomeOf(work, result);
    }

    private Task<ChangeResult> ChangeAsync(
        Work work, PlannedChange change, OpenPosition? opens, bool isLast, Fence? fence) =>
        GrainFactory.GetGrain<IPositionGrain>(change.PositionId).ChangeAsync(new ChangeRequest(
            change, work.Signal, opens,
            isLast && work.Plan.IsEntry ? fence?.Group : null, fence?.Token ?? 0,
            isLast, work.Input.Queue, work.Input.EntryId));

    private static SignalOutcome OutcomeOf(Work work, ChangeResult result)
    {
        work.IsFenceLost = result == ChangeResult.FenceLost;
        return result switch
        {
            ChangeResult.Done => new SignalOutcome(SignalResult.Accepted, RejectReason.None, work.Plan.Open?.PositionId),
            ChangeResult.Duplicate => new SignalOutcome(SignalResult.Duplicate, RejectReason.Duplicate, null),
            // Not acknowledged: it comes again and meets what is open then.
            ChangeResult.Gone or ChangeResult.FenceLost or ChangeResult.Refused =>
                new SignalOutcome(SignalResult.Unknown, RejectReason.NotReady, null),
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, "Not a result."),
        };
    }

    /// <summary>
    /// Wakes a position whose first deadline is a matter of seconds, so that it is kept to the moment. The signals behind it do not wait
    /// for that, and one that is not reached is woken by its instrument within a second.
    /// </summary>
    private void Watch(PositionState state)
    {
        if (!_options.IsLockStep && (state.GroupDeadline is not null || state.Quoting is not null))
        {
            GrainFactory.GetGrain<IPositionGrain>(state.Id).WakeAsync().Ignore();
        }
    }

    private async Task<SignalOutcome> RefuseByModeAsync(Work work)
    {
        var now = clock.GetUtcNow();
        var control = await _partition.ReadControlAsync();
        var (_, commit, refusal) = Refusal(work, HaltScopes.ReasonOf((EngineMode)control.Mode), now);
        await ConcludeAsync(work, refusal, (await _partition.CommitAsync([commit]))[0], now);
        return work.Outcome!;
    }

    /// <summary>The account of all its signals: it is in the grain's key.</summary>
    private IAccountGrain AccountOf(Work work) => _account ??= GrainFactory.GetGrain<IAccountGrain>(work.Signal.Account);

    private PriceView PriceOf(string symbol) => _prices.GetValueOrDefault(symbol, PriceView.None);

    private async Task ReadPricesAsync(ImmutableArray<SignalInput> signals)
    {
        _prices.Clear();
        foreach (var input in signals)
        {
            await ReadPriceAsync(input.Signal.Symbol);
            foreach (var leg in input.Signal.Legs)
            {
                await ReadPriceAsync(leg.Symbol);
            }
        }
    }

    private async Task ReadPriceAsync(string symbol)
    {
        if (!_prices.ContainsKey(symbol))
        {
            _prices[symbol] = prices.Find(symbol)
                ?? await GrainFactory.GetGrain<IInstrumentGrain>(symbol).GetPriceAsync();
        }
    }

    [LoggerMessage(2102, LogLevel.Warning, "An opening of {Strategy} lost its fence ({Outcome}) and comes again")]
    private static partial void LogFenceLost(ILogger logger, string strategy, CommitOutcome outcome);

    [LoggerMessage(2101, LogLevel.Warning, "Signals of {Strategy} wait for the store: {Error}")]
    private static partial void LogStoreFailed(ILogger logger, string strategy, string error);

    /// <summary>One signal on its way through the grain.</summary>
    private sealed class Work(SignalInput input, string positionId)
    {
        public SignalInput Input { get; } = input;

        public Signal Signal => Input.Signal;

        public string PositionId { get; } = positionId;

        public required SignalPlan Plan { get; set; }

        public bool IsReserved { get; set; }

        public bool IsFenceLost { get; set; }

        public bool IsDuplicate { get; init; }

        public bool MeetsOpen { get; init; }

        public SignalOutcome? Outcome { get; set; }

        public ImmutableArray<QueueAck> Acks => Input.Queue is { } queue ? [new QueueAck(queue, Input.EntryId)] : [];
    }
}
