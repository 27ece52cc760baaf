using Microsoft.Extensions.Logging;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Interfaces.Engine;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Portfolio;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;

namespace TradingEngine.Grains.Portfolio;

/// <content>The automatic breakers: what they ask for becomes a halt, which outlives this activation and is checked in every commit.</content>
public sealed partial class AccountGrain
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);

    /// <summary>What was set, so that a cause that lasts is written once.</summary>
    private readonly Dictionary<(string Scope, RejectReason Code), DateTimeOffset?> _tripped = [];

    private IGrainTimer? _watch;

    /// <summary>From the first time on that limits are to be kept: an engine under load has no breakers to ask.</summary>
    private void WatchEachSecond()
    {
        if (!IsStructuralOnly && !_options.IsLockStep)
        {
            _watch ??= this.RegisterGrainTimer(FollowBreakersAsync, new() { DueTime = WatchEvery, Period = WatchEvery });
        }
    }

    private async Task FollowBreakersAsync()
    {
        try
        {
            var decisions = await WatchAsync();
            foreach (var decision in decisions)
            {
                await FollowAsync(decision);
            }

            var asked = decisions.Select(decision => (ScopeOf(decision), decision.Code)).ToHashSet();
            foreach (var gone in _tripped.Keys.Where(key => !asked.Contains(key)).ToList())
            {
                _tripped.Remove(gone);
            }
        }
        catch (StoreException exception)
        {
            LogWatchFailed(logger, Account, exception.Message);
        }
    }

    private async Task FollowAsync(BreakerDecision decision)
    {
        var scope = ScopeOf(decision);
        if (_tripped.TryGetValue((scope, decision.Code), out var until) && until == decision.Until)
        {
            return;
        }

        var isNew = await HaltRegister.SetAsync(
            _partition, scope, new Halt(HaltRegister.BreakerPrefix + decision.Code.Code(), decision.Reason, decision.Until));
        var isRenewed = !_tripped.TryAdd((scope, decision.Code), decision.Until);
        _tripped[(scope, decision.Code)] = decision.Until;
        if (!isNew || isRenewed)
        {
            return;
        }

        LogTripped(logger, scope, decision.Code.Code(), decision.Reason);
        facts.Publish(
        [
            new TradingFact
            {
                Kind = FactKind.BreakerTripped, Time = clock.GetUtcNow(), Reason = $"{scope}: {decision.Reason}", Code = decision.Code.Code(),
            },
        ]);
        if (decision.Action == BreakerAction.Kill && await IsOnlyAccountAsync())
        {
            // Not awaited: the engine may be asking this account just now. If it is lost, the account stays halted.
            GrainFactory.GetGrain<IEngineGrain>(_options.Partition)
                .CommandAsync(new EngineCommand(EngineCommands.Kill, HaltRegister.BreakerPrefix + decision.Code.Code()) { Reason = decision.Reason })
                .Ignore();
        }
    }

    /// <summary>What trips one account halts that account: others trade on.</summary>
    private string ScopeOf(BreakerDecision decision)
    {
        var strategies = HaltScopes.Strategy("");
        return decision.Scope is not { } scope ? HaltScopes.Account(Account)
            : scope.StartsWith(strategies, StringComparison.Ordinal) ? HaltScopes.Account(Account, scope[strategies.Length..])
            : scope;
    }

    private async Task<bool> IsOnlyAccountAsync() =>
        (await _partition.ReadCounterGroupsAsync(Contributions.AccountGroup(""))).Count <= 1;

    [LoggerMessage(2801, LogLevel.Error, "Breaker: {Scope} takes no more entries, {Code}. {Reason}")]
    private static partial void LogTripped(ILogger logger, string scope, string code, string reason);

    [LoggerMessage(2803, LogLevel.Warning, "Account {Account} is read anew: an entry was reserved and nobody said what became of it")]
    private static partial void LogForsaken(ILogger logger, string account);

    [LoggerMessage(2802, LogLevel.Warning, "Account {Account} could not be watched: {Error}")]
    private static partial void LogWatchFailed(ILogger logger, string account, string error);
}
