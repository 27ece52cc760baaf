using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Portfolio;

/// <summary>
/// Judges the entries of one account. What is held lives in the store's counters; in memory are the reservations of entries
/// on their way to a commit, and what its checks remember of the last minutes. Its fence makes the commits of an earlier
/// activation void, so two activations cannot both spend a limit.
/// </summary>
[GrainType("account"), PreferLocalPlacement]
public sealed partial class AccountGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    PriceBoard prices,
    VenueState venue,
    FactHub facts,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock,
    ILogger<AccountGrain> logger) : Grain, IAccountGrain
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>No handling of a signal takes as long: whoever reserved has died, and nobody else settles it.</summary>
    private static readonly TimeSpan LongestReservation = TimeSpan.FromSeconds(60);

    private readonly EngineOptions _options = options.Value;
    private readonly ReservedEntries _reserved = new();
    private readonly RiskMemory _memory = new();
    private readonly List<string> _settled = [];
    private IPartitionStore _partition = null!;
    private ExposureBook _exposure = ExposureBook.Empty;
    private long _version = -1;
    private long _fence;
    private DateTimeOffset _readAt;

    private string Account => this.GetPrimaryKeyString();

    private bool IsStructuralOnly => _options.Risk.General.IsStructuralOnly;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        _fence = await _partition.RaiseFenceAsync(Contributions.AccountGroup(Account), cancellationToken);
        await ReadAsync();
        await ReadDayAsync();
        WatchEachSecond();
    }

    /// <inheritdoc/>
    public async Task<Reservations> ReserveAsync(ImmutableArray<ReservationRequest> requests)
    {
        var now = clock.GetUtcNow();
        var value = AccountValue.Unknown;
        if (!IsStructuralOnly)
        {
            WatchEachSecond();
            if (_options.IsLockStep || _settled.Count > 0 || now - _readAt > ReadAgainAfter)
            {
                await ReadAsync();
            }

            await AskForRatesAsync(requests.Select(request => request.Entry), now);
            var terms = _options.TermsOf(Account);
            value = ValueAt(terms, now);
            await KeepDayAsync(terms, value, now);
        }

        // All of a call, and the stamp they carry, by the same version of the limits.
        var risk = _options.Risk;
        var decisions = ImmutableArray.CreateBuilder<RejectReason>(requests.Length);
        foreach (var request in requests)
        {
            decisions.Add(Judge(request, risk, value, now));
        }

        return new Reservations(decisions.MoveToImmutable(), _fence) { Stamp = risk.EntryStamp };
    }

    /// <inheritdoc/>
    public async Task SettleAsync(ImmutableArray<string> ids, bool readAgain)
    {
        if (IsStructuralOnly)
        {
            foreach (var id in ids)
            {
                _reserved.Remove(id);
            }
        }
        else
        {
            // They count until the counters were read again, which then hold what was written.
            _settled.AddRange(ids);
        }

        if (readAgain)
        {
            DeactivateOnIdle();
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SettleInDoubtAsync(ImmutableArray<string> ids, long fence) =>
        fence == _fence ? SettleAsync(ids, readAgain: true) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<AccountWorth> GetWorthAsync(string currency)
    {
        var now = clock.GetUtcNow();
        await AskForRatesAsync([currency], now);
        return new AccountWorth(ValueAt(_options.TermsOf(Account), now).Equity, RateOf(currency, now));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<BreakerDecision>> WatchAsync()
    {
        if (IsStructuralOnly)
        {
            return [];
        }

        await ReadAsync();
        var now = clock.GetUtcNow();
        if (_reserved.HasOlderThan(now - LongestReservation))
        {
            // The next activation counts what was written, and its fence voids what was not.
            LogForsaken(logger, Account);
            DeactivateOnIdle();
        }

        await AskForRatesAsync(CurrenciesHeld(), now);
        var terms = _options.TermsOf(Account);
        var value = ValueAt(terms, now);
        await KeepDayAsync(terms, value, now);
        return BreakersAt(value, now);
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(string strategy)
    {
        _memory.Release(strategy);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<AccountSummary> GetSummaryAsync()
    {
        await ReadAsync();
        var now = clock.GetUtcNow();
        await AskForRatesAsync(CurrenciesHeld(), now);
        var terms = _options.TermsOf(Account);
        var value = ValueAt(terms, now);
        var worst = value.Worst("", null, 0, _reserved);
        return new AccountSummary
        {
            Account = Account,
            Equity = value.Equity ?? (terms.Equity + value.Realized + value.Unrealized),
            Realized = value.Realized,
            Long = worst.Long,
            Short = worst.Short,
            OpenPositions = _exposure.OpenPositions,
            WorkingOrders = _exposure.WorkingOrders,
            Limits = _options.Risk.Name,
            Currency = terms.Currency,
            Unrealized = value.Unrealized,
            DayStart = _day?.DayStart,
            Peak = _day?.Peak,
            Unvalued = value.Missing,
        };
    }

    private async Task ReadAsync()
    {
        var settled = _settled.Count;
        var snapshot = await _partition.ReadCountersAsync(Contributions.AccountGroup(Account), _version);
        if (snapshot is not null)
        {
            var before = _exposure;
            var isFirst = _version < 0;
            _exposure = ExposureBook.Of(snapshot.Fields);
            _version = snapshot.Version;
            if (!isFirst)
            {
                Remember(before);
            }
        }

        _readAt = clock.GetUtcNow();
        foreach (var id in _settled.Take(settled))
        {
            _reserved.Remove(id);
        }

        _settled.RemoveRange(0, settled);
    }
}
