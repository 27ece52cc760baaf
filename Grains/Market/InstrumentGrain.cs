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
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Market;

/// <summary>
/// One symbol: its last price and its exit book. The book is a projection of the store's index: positions tell it of
/// changes, and each second it reads what it missed, so an exit whose arming was lost is armed within two.
/// </summary>
[GrainType("instrument"), PreferLocalPlacement, KeepAlive]
public sealed partial class InstrumentGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    PriceBoard prices,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<InstrumentGrain> logger) : Grain, IInstrumentGrain
{
    private static readonly TimeSpan CatchUpPeriod = TimeSpan.FromSeconds(1);

    private readonly EngineOptions _options = options.Value;
    private readonly ExitBook _book = new();
    private readonly BarBuilder _bars = new(ExitBook.BarInterval);
    private readonly Deadlines _deadlines = new(CatchUpPeriod);
    private readonly Dictionary<string, PositionIndexEntry> _open = new(StringComparer.Ordinal);
    private IPartitionStore _partition = null!;
    private InstrumentMemory? _memory;
    private PriceView _price = PriceView.None;
    private long _version = -1;

    private string Symbol => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        _memory = new InstrumentMemory(_partition, Symbol);
        await _memory.LoadAsync(_book);
        await CatchUpAsync();
        if (!_options.IsLockStep)
        {
            this.RegisterGrainTimer(OnTimerAsync, new() { DueTime = CatchUpPeriod, Period = CatchUpPeriod, KeepAlive = true });
        }
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        prices.Remove(Symbol);
        await SaveAsync();
    }

    /// <inheritdoc/>
    public Task<PriceView> GetPriceAsync() => Task.FromResult(_price);

    /// <inheritdoc/>
    public Task WakeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<ExitBookStatus> GetExitsAsync() => Task.FromResult(
        new ExitBookStatus(Symbol, _open.Count, _book.Count, [.. _book.ArmedIds]));

    /// <inheritdoc/>
    public Task FollowAsync(PositionIndexEntry entry, bool isOver)
    {
        Follow(entry, isOver);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(ImmutableArray<MarketUpdate> updates)
    {
        foreach (var update in updates)
        {
            if (update.IsHistory || update.Time < _price.Time)
            {
                // A price of the past neither is the last one nor reaches an exit.
                await JudgeAsync(_bars.Update(update));
                continue;
            }

            if (_options.IsLockStep)
            {
                await CatchUpAsync();
                await WakeDueAsync();
                await LeaveAsync(_book.Due(clock.GetUtcNow()));
            }

            SetPrice(update);
            await LeaveAsync(_book.Reach(update, clock.GetUtcNow()));
            await JudgeAsync(_bars.Update(update));
        }
    }

    /// <summary>Shows finished bars to the rules.</summary>
    private async Task JudgeAsync(ImmutableArray<MarketUpdate> bars)
    {
        foreach (var bar in bars)
        {
            if (bar.IsHistory)
            {
                _book.Warm(bar);
            }
            else
            {
                await LeaveAsync(_book.Judge(bar));
            }
        }
    }

    private void SetPrice(MarketUpdate update)
    {
        var assetClass = update.AssetClass == AssetClass.Unknown ? _price.AssetClass : update.AssetClass;
        _price = new PriceView(update.Bid, update.Ask, update.Time, update.Bar?.Interval ?? TimeSpan.Zero, assetClass);
        prices.Set(Symbol, _price);
    }

    private async Task LeaveAsync(IReadOnlyList<TriggeredExit> exits)
    {
        if (_options.IsLockStep)
        {
            foreach (var exit in exits)
            {
                await LeaveAsync(exit);
            }

            return;
        }

        await Task.WhenAll(exits.Select(LeaveAsync));
    }

    private async Task LeaveAsync(TriggeredExit exit)
    {
        try
        {
            var state = await GrainFactory.GetGrain<IPositionGrain>(exit.PositionId).CloseAsync(exit.Reason, exit.Price);
            if (state?.Phase == PositionPhase.Open)
            {
                // The mode lets no exit pass now; it stays armed for when it does.
                Arm(exit.PositionId);
            }
        }
        catch (Exception exception) when (exception is StoreException or TimeoutException or OrleansException)
        {
            Arm(exit.PositionId);
            LogExitFailed(logger, exit.PositionId, exit.Reason, exception.Message);
        }
    }

    private async Task OnTimerAsync()
    {
        try
        {
            await CatchUpAsync();
            await WakeDueAsync();
        }
        catch (StoreException exception)
        {
            LogCatchUpFailed(logger, Symbol, exception.Message);
        }

        var now = clock.GetUtcNow();
        await JudgeAsync(_bars.Flush(now));
        await LeaveAsync(_book.Due(now));
        await SaveAsync();
    }

    /// <summary>Saves what the exits have seen. A replay is never resumed, so it saves nothing.</summary>
    private async Task SaveAsync()
    {
        if (_options.IsLockStep || _memory is null)
        {
            return;
        }

        try
        {
            await _memory.SaveAsync(_book);
        }
        catch (StoreException exception)
        {
            LogSaveFailed(logger, Symbol, exception.Message);
        }
    }

    /// <summary>Reads the index where it changed since it was last read.</summary>
    private async Task CatchUpAsync()
    {
        var changes = await _partition.ReadIndexChangesAsync(Symbol, _version);
        if (changes is null)
        {
            return;
        }

        if (changes.IsWhole)
        {
            foreach (var gone in _open.Keys.Where(id => !changes.Fields.ContainsKey(id)).ToList())
            {
                Follow(_open[gone], isOver: true);
            }
        }

        foreach (var (id, data) in changes.Fields)
        {
            if (data is { } entry)
            {
                Follow(DomainJson.ReadIndexEntry(entry.Span), isOver: false);
            }
            else if (_open.TryGetValue(id, out var gone))
            {
                Follow(gone, isOver: true);
            }
        }

        _version = changes.Version;
    }

    /// <summary>Wakes positions for which time has come and which may be asleep.</summary>
    private async Task WakeDueAsync()
    {
        foreach (var id in _deadlines.Take(clock.GetUtcNow()))
        {
            await GrainFactory.GetGrain<IPositionGrain>(id).WakeAsync();
        }
    }

    private void Follow(PositionIndexEntry entry, bool isOver)
    {
        if (isOver)
        {
            _open.Remove(entry.Id);
            _deadlines.Set(entry.Id, null);
            _book.Disarm(entry.Id);
            return;
        }

        _open[entry.Id] = entry;
        _deadlines.Set(entry.Id, entry.Deadline);
        if (entry.Phase == PositionPhase.Open && entry.Quantity != 0m)
        {
            Arm(entry.Id);
        }
        else
        {
            _book.Disarm(entry.Id);
        }
    }

    private void Arm(string positionId)
    {
        if (_open.TryGetValue(positionId, out var entry))
        {
            var plan = entry.Exits ?? new ExitPlan(entry.StopLoss, entry.TakeProfit);
            var opened = entry.OpenedAt ?? entry.CreatedAt;
            _book.Arm(new ArmedExit(entry.Id, entry.Side, plan, entry.AverageOpen, opened, SessionEnd(plan, opened)));
        }
    }

    private DateTimeOffset? SessionEnd(ExitPlan plan, DateTimeOffset opened) =>
        plan.EndOfSession == true && _options.InstrumentOf(Symbol, _price.AssetClass) is { } instrument
            ? _options.SessionEnd(instrument.AssetClass, opened) - _options.LeaveBeforeSessionEnd
            : null;

    [LoggerMessage(2401, LogLevel.Warning, "Exit {Reason} of {PositionId} failed and stays armed: {Error}")]
    private static partial void LogExitFailed(ILogger logger, string positionId, string reason, string error);

    [LoggerMessage(2402, LogLevel.Warning, "Exits of {Symbol} could not be read again: {Error}")]
    private static partial void LogCatchUpFailed(ILogger logger, string symbol, string error);

    [LoggerMessage(2403, LogLevel.Warning, "What the exits of {Symbol} have seen could not be saved yet: {Error}")]
    private static partial void LogSaveFailed(ILogger logger, string symbol, string error);
}
