using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Market;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Exits;
using TradingEngine.Trading.Market;
using TradingEngine.Trading.Portfolio;
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
    GrainReferences<IPositionGrain> positions,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<InstrumentGrain> logger) : Grain, IInstrumentGrain
{
    private static readonly TimeSpan CatchUpPeriod = TimeSpan.FromSeconds(1);

    private readonly EngineOptions _options = options.Value;
    private readonly ExitBook _book = new();
    private readonly BarBuilder _bars = new(ExitBook.BarInterval);
    private readonly Deadlines _deadlines = new(CatchUpPeriod);
    private readonly OpenPositions _open = new();
    private IPartitionStore _partition = null!;
    private InstrumentMemory? _memory;
    private readonly PriceWindow _window = new();
    private PriceView _price = PriceView.None;
    private long _version = -1;
    private bool _isBlind;

    private string Symbol => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        _memory = new InstrumentMemory(_partition, Symbol);
        await _memory.LoadAsync(_book);
        await CatchUpAsync();
        await LookForPriceAsync();
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
    public Task WakeAsync() => _options.IsLockStep ? Task.CompletedTask : OnTimerAsync();

    /// <inheritdoc/>
    public Task<ExitBookStatus> GetExitsAsync() => Task.FromResult(
        new ExitBookStatus(Symbol, _open.Count, _book.Count, [.. _book.ArmedIds]));

    /// <inheritdoc/>
    public Task<SymbolReport> GetReportAsync() => Task.FromResult(
        _open.Report(_price, _options.Limits.MaxPriceAge, clock.GetUtcNow()) with
        {
            Armed = _book.Count,
            Overdue = _deadlines.Overdue,
        });

    /// <inheritdoc/>
    public Task<ImmutableArray<PositionIndexEntry>> GetOldestAsync(int most) =>
        Task.FromResult(_open.ByOldest.Take(most).ToImmutableArray());

    /// <inheritdoc/>
    public Task<ImmutableArray<string>> GetUnsettledAsync(DateTimeOffset? before, int most) => Task.FromResult(
        _open.ByOldest.Where(entry => before is { } time ? entry.UnansweredSince <= time : entry.WorkingOrders > 0)
            .Take(most).Select(entry => entry.Id).ToImmutableArray());

    /// <inheritdoc/>
    public Task FollowAsync(PositionIndexEntry entry, bool isOver)
    {
        if (isOver)
        {
            Forget(entry.Id);
        }
        else
        {
            Follow(entry);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(ImmutableArray<MarketUpdate> updates)
    {
        foreach (var given in updates)
        {
            // A feed whose clock is ahead must not make the prices that follow look old: no stop would see them.
            var now = clock.GetUtcNow();
            var update = given.Time > now ? given with { Time = now } : given;
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
                await LeaveAsync(_book.Due(now));
            }

            SetPrice(update);
            await LeaveAsync(_book.Reach(update, now));
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
        var isDeclared = assetClass != _price.AssetClass;
        var (low, high) = _window.Add((update.Bid + update.Ask) / 2m, update.Time);
        _price = new PriceView(update.Bid, update.Ask, update.Time, update.Bar?.Interval ?? TimeSpan.Zero, assetClass)
        {
            WindowLow = low,
            WindowHigh = high,
        };
        prices.Set(Symbol, _price, _options.InstrumentOf(Symbol, assetClass));
        if (isDeclared)
        {
            // When the session ends is known from now on.
            foreach (var id in _book.ArmedIds.Where(id => _open.Find(id)?.Exits?.EndOfSession == true).ToList())
            {
                Arm(id);
            }
        }
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
            var state = await positions.Of(exit.PositionId).CloseAsync(exit.Reason, exit.Price);
            if (state?.Phase == PositionPhase.Open)
            {
                // The mode lets no exit pass now; it stays armed for when it does.
                Arm(exit.PositionId);
            }
        }
        catch (Exception exception)
        {
            // Whatever it was: what is held must not be left without its exit.
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

        await LookForPriceAsync();
        var now = clock.GetUtcNow();
        WatchPrice(now);
        await JudgeAsync(_bars.Flush(now));
        await LeaveAsync(_book.Due(now));
        await SaveAsync();
    }

    /// <summary>Takes the price that a feed left in the store, where none came for a second.</summary>
    private async Task LookForPriceAsync()
    {
        var now = clock.GetUtcNow();
        if (!_options.ReadsSharedPrices || now - _price.Time < CatchUpPeriod)
        {
            return;
        }

        try
        {
            if (await SharedPrice.ReadAsync(store, Symbol, now) is { } update && update.Time > _price.Time)
            {
                await ApplyAsync([update]);
            }
        }
        catch (StoreException exception)
        {
            LogPriceUnread(logger, Symbol, exception.Message);
        }
    }

    /// <summary>Says once that nothing guards what is held, because its market is open and no price comes; and once that one came.</summary>
    private void WatchPrice(DateTimeOffset now)
    {
        var isBlind = _open.Count > 0 && _price.IsStale(_options.Limits.MaxPriceAge, now)
            && _options.InstrumentOf(Symbol, _price.AssetClass) is { } instrument
            && _options.IsSessionOpen(instrument.AssetClass, now);
        if (isBlind && !_isBlind)
        {
            LogBlind(logger, Symbol, _open.Count, _price.IsKnown ? _price.Time : null);
            if (Breakers.FeedStale(Symbol, _price, isSessionOpen: true, _options.Risk.For("", "", Symbol), now) is { } stale)
            {
                facts.Publish([new TradingFact { Kind = FactKind.FeedStale, Time = now, Symbol = Symbol, Reason = stale.Reason }]);
            }
        }
        else if (_isBlind && !isBlind)
        {
            LogSeeing(logger, Symbol);
        }

        _isBlind = isBlind;
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

    [LoggerMessage(2404, LogLevel.Warning,
        "No fresh price of {Symbol}, the last one of {LastPrice:O}: the exits of {Positions} open positions wait for one. Is its feed running?")]
    private static partial void LogBlind(ILogger logger, string symbol, int positions, DateTimeOffset? lastPrice);

    [LoggerMessage(2405, LogLevel.Information, "Prices of {Symbol} come again, or nothing of it is held any more")]
    private static partial void LogSeeing(ILogger logger, string symbol);

    [LoggerMessage(2406, LogLevel.Debug, "The price of {Symbol} that its feed left could not be read: {Error}")]
    private static partial void LogPriceUnread(ILogger logger, string symbol, string error);

    [LoggerMessage(2401, LogLevel.Warning, "Exit {Reason} of {PositionId} failed and stays armed: {Error}")]
    private static partial void LogExitFailed(ILogger logger, string positionId, string reason, string error);

    [LoggerMessage(2403, LogLevel.Warning, "What the exits of {Symbol} have seen could not be saved yet: {Error}")]
    private static partial void LogSaveFailed(ILogger logger, string symbol, string error);
}
