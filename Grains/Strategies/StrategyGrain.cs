using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using TradingEngine.Grains.Diagnostics;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Strategies;
using TradingEngine.Grains.Positions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Orders;
using TradingEngine.Trading.Portfolio;
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
    SizingBoard sizes,
    GrainReferences<IPositionGrain> positions,
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
                outcomes.AddRange(await CarryOutAsync(works, began));
                works.Clear();
                work = await PlanAsync(input, mayReadOpen: true);
            }

            works.Add(work!);
            if (work!.MeetsOpen)
            {
                outcomes.AddRange(await CarryOutAsync(works, began));
                works.Clear();
            }
        }

        outcomes.AddRange(await CarryOutAsync(works, began));
        return outcomes.MoveToImmutable();
    }

    private async Task<ImmutableArray<SignalOutcome>> CarryOutAsync(List<Work> works, long began)
    {
        if (works.Count == 0)
        {
            return [];
        }

        var reserving = Stopwatch.GetTimestamp();
        var fence = await ReserveAsync(works);
        var writing = Stopwatch.GetTimestamp();
        var isInDoubt = true;
        try
        {
            await AskRiskAgentAsync(works);
            await CommitOpeningsAsync(works, fence);
            foreach (var work in works.Where(work => work.Outcome is null))
            {
                work.Outcome = work.Plan.Changes.IsEmpty ? await AcknowledgeAsync(work) : await ChangeAsync(work, fence);
            }

            isInDoubt = works.Any(work => work.IsFenceLost);
            if (SignalTrace.IsOn)
            {
                var times = new DecisionTimes(began, reserving, fence is null ? 0 : writing, writing, Stopwatch.GetTimestamp());
                works.ForEach(work => SignalTrace.Decided(work.Signal, work.PositionId, times));
            }
        }
        finally
        {
            // What was written, and so acknowledged, is not delivered again: nobody else would settle it.
            var reserved = works.Where(work => work.IsReserved).Select(work => work.PositionId).ToImmutableArray();
            if (reserved.Length > 0)
            {
                await (isInDoubt
                    ? AccountOf(works[0]).SettleInDoubtAsync(reserved, fence!.Value.Token)
                    : AccountOf(works[0]).SettleAsync(reserved, readAgain: false));
            }
        }

        return [.. works.Select(work => work.Outcome!)];
    }

    /// <summary>Plans a signal; null when it needs to read what is open and may not yet.</summary>
    private async Task<Work?> PlanAsync(SignalInput input, bool mayReadOpen)
    {
        var (signal, unsized) = await SizeAsync(input.Signal);
        input = input with { Signal = signal };
        var positionId = ClientOrderId.ForPosition(signal.Account, signal.Strategy, signal.Id);
        var mode = _options.PositionModes.GetValueOrDefault(signal.Strategy, PositionMode.Hedge);
        if (unsized != RejectReason.None && mode != PositionMode.Reverse)
        {
            return new Work(input, positionId) { Plan = SignalPlan.Refuse(unsized) };
        }

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

        // What a reversal leaves hangs on no size.
        plan = unsized == RejectReason.None || plan.Reject != RejectReason.None ? plan : plan.RefuseEntry(unsized);
        if (!plan.Changes.IsEmpty && (plan.Open is not null || plan.EntryReject != RejectReason.None)
            && await _partition.ReadAsync(PositionCommits.RecordKey(positionId)) is not null)
        {
            // It was refused before, when nothing was open yet: what is left of it has its record, and a repetition sends nothing.
            return new Work(input, positionId) { Plan = new SignalPlan(), IsDuplicate = true };
        }

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
            entries[i].Decision = answer.Stamp ?? _options.Risk.EntryStamp;
            entries[i].Plan = entries[i].IsReserved
                ? StampedOf(entries[i].Plan, entries[i].Decision)
                : entries[i].Plan.RefuseEntry(answer.Decisions[i]);
        }

        return new Fence(Contributions.AccountGroup(entries[0].Signal.Account), answer.Fence);
    }

    private bool IsSessionOpen(string symbol, DateTimeOffset now) =>
        _options.InstrumentOf(symbol, PriceOf(symbol).AssetClass) is { } instrument
        && _options.IsSessionOpen(instrument.AssetClass, now);

    /// <summary>The account of all its signals: it is in the grain's key.</summary>
    private IAccountGrain AccountOf(Work work) => AccountOf(work.Signal.Account);

    private IAccountGrain AccountOf(string account) => _account ??= GrainFactory.GetGrain<IAccountGrain>(account);

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
}
