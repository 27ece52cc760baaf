using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using TradingEngine.Grains.Hosting;
using TradingEngine.Grains.Interfaces.Portfolio;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Portfolio;

/// <summary>
/// Judges the entries of one account. What is held lives in the store's counters; in memory are only the reservations of
/// entries on their way to a commit. Its fence makes the commits of an earlier activation void, so two activations
/// cannot both spend a limit.
/// </summary>
[GrainType("account"), PreferLocalPlacement]
public sealed class AccountGrain(
    ITradingStore store,
    IOptions<EngineOptions> options,
    [FromKeyedServices(EngineClock.Key)] TimeProvider clock) : Grain, IAccountGrain
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly EngineOptions _options = options.Value;
    private readonly ReservedEntries _reserved = new();
    private readonly List<string> _settled = [];
    private IPartitionStore _partition = null!;
    private ExposureBook _exposure = ExposureBook.Empty;
    private long _version = -1;
    private long _fence;
    private DateTimeOffset _readAt;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _partition = store.Partition(_options.Partition);
        _fence = await _partition.RaiseFenceAsync(
            Contributions.AccountGroup(this.GetPrimaryKeyString()), cancellationToken);
        await ReadAsync();
    }

    /// <inheritdoc/>
    public async Task<Reservations> ReserveAsync(ImmutableArray<ReservationRequest> requests)
    {
        var now = clock.GetUtcNow();
        if (!_options.Limits.IsStructuralOnly
            && (_options.IsLockStep || _settled.Count > 0 || now - _readAt > ReadAgainAfter))
        {
            await ReadAsync();
        }

        var equity = _options.Equity + _exposure.Realized;
        var decisions = ImmutableArray.CreateBuilder<RejectReason>(requests.Length);
        foreach (var request in requests)
        {
            var entry = request.Entry;

            // Asked for again after a commit that failed, it must not stand in its own way.
            _reserved.Remove(request.Id);
            var exposure = _reserved.Worst(_exposure, entry.Signal.Symbol);
            var decision = RiskCheck.Entry(_options.Limits, entry, exposure, equity, now);
            if (decision == RejectReason.None)
            {
                _reserved.Add(request.Id, entry);
            }

            decisions.Add(decision);
        }

        return new Reservations(decisions.MoveToImmutable(), _fence);
    }

    /// <inheritdoc/>
    public async Task SettleAsync(ImmutableArray<string> ids, bool readAgain)
    {
        if (_options.Limits.IsStructuralOnly)
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
    public async Task<AccountSummary> GetSummaryAsync()
    {
        await ReadAsync();
        var worst = _reserved.Worst(_exposure, "");
        return new AccountSummary
        {
            Account = this.GetPrimaryKeyString(),
            Equity = _options.Equity + _exposure.Realized,
            Realized = _exposure.Realized,
            Long = worst.Long,
            Short = worst.Short,
            OpenPositions = _exposure.OpenPositions,
            WorkingOrders = _exposure.WorkingOrders,
            Limits = _options.Limits.Name,
        };
    }

    private async Task ReadAsync()
    {
        var settled = _settled.Count;
        var snapshot = await _partition.ReadCountersAsync(
            Contributions.AccountGroup(this.GetPrimaryKeyString()), _version);
        if (snapshot is not null)
        {
            _exposure = ExposureBook.Of(snapshot.Fields);
            _version = snapshot.Version;
        }

        _readAt = clock.GetUtcNow();
        foreach (var id in _settled.Take(settled))
        {
            _reserved.Remove(id);
        }

        _settled.RemoveRange(0, settled);
    }
}
