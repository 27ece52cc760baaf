using System.Globalization;
using TradingEngine.Grains.Engine;
using TradingEngine.Grains.Interfaces.Positions;
using TradingEngine.Grains.Interfaces.Serialization;
using TradingEngine.Streaming.Commits;
using TradingEngine.Trading.Analysis;
using TradingEngine.Trading.Positions;
using TradingEngine.Trading.Risk;
using TradingEngine.Trading.Signals;
using TradingEngine.Trading.Strategies;
using TradingEngine.Trading.Tactics;

namespace TradingEngine.Grains.Tiers;

/// <content>Carries out what was decided, by the ways that signals and commands go.</content>
public sealed partial class TacticalTierGrain
{
    private const string Party = "tactical";
    private const int AtOnce = 64;

    private Task _switching = Task.CompletedTask;
    private StandingRegime _regime = StandingRegime.None;
    private long _regimeVersion;
    private bool _isRestored;

    private async Task CarryOutAsync(TacticalAction action, string cause, List<ListPush> decisions, DateTimeOffset now)
    {
        var where = action.Symbol ?? "all";
        switch (action.Kind)
        {
            case TacticalActionKind.Log:
                Note(decisions, $"nothing for {where}", action.Reason, now);
                break;
            case TacticalActionKind.HaltEntries:
                var until = now + action.For;
                foreach (var scope in action.Symbol is { } symbol ? (string[])[HaltScopes.Symbol(symbol)] : [HaltScopes.Tier(1), HaltScopes.Tier(2)])
                {
                    await HaltRegister.SetAsync(_partition, scope, new Halt(Party, action.Reason, until));
                    Note(decisions, string.Create(CultureInfo.InvariantCulture, $"halt {scope} until {until:HH:mm:ss}"), action.Reason, now);
                }

                break;
            case TacticalActionKind.Close:
                var closed = await EachAsync(action, entry => GrainFactory.GetGrain<IPositionGrain>(entry.Id).CloseAsync(Party, null));
                Note(decisions, $"close {closed} positions of {where}", action.Reason, now);
                break;
            case TacticalActionKind.Reduce:
                var reduced = await EachAsync(action, entry => ReduceAsync(entry, action, cause, now));
                Note(decisions, string.Create(CultureInfo.InvariantCulture, $"reduce {reduced} positions of {where} by {action.Share}"), action.Reason, now);
                break;
            case TacticalActionKind.TightenStops:
                var tightened = await EachAsync(action, entry => TightenAsync(entry, action, cause, now));
                Note(decisions, string.Create(CultureInfo.InvariantCulture, $"tighten stops of {tightened} positions of {where} by {action.Share}"), action.Reason, now);
                break;
            case TacticalActionKind.SwitchRegime:
                await SwitchAsync(standing => standing.Told(action.Regime, action.Reason, action.For, now), decisions, now);
                break;
            default:
                throw new InvalidOperationException($"Not an action: {action.Kind}.");
        }
    }

    /// <summary>Does something to every position that an action concerns; returns how many there are.</summary>
    private async Task<int> EachAsync(TacticalAction action, Func<PositionIndexEntry, Task> change)
    {
        var entries = (await new PositionBoard(store, _partition, GrainFactory).ReadEntriesAsync())
            .Where(entry => action.Symbol is null || entry.Symbol == action.Symbol).DistinctBy(entry => entry.Id).ToList();
        foreach (var batch in entries.Chunk(AtOnce))
        {
            await Task.WhenAll(batch.Select(change));
        }

        return entries.Count;
    }

    private Task ReduceAsync(PositionIndexEntry entry, TacticalAction action, string cause, DateTimeOffset now)
    {
        var instrument = Options.InstrumentOf(entry.Symbol, prices.Find(entry.Symbol)?.AssetClass ?? default);
        var lots = Math.Abs(entry.Quantity) * action.Share;
        lots = instrument?.FloorToStep(lots) ?? lots;
        return lots <= 0m ? Task.CompletedTask : ChangeAsync(entry, new PlannedChange(entry.Id, ChangeKind.Reduce, lots, null), cause, now);
    }

    private Task TightenAsync(PositionIndexEntry entry, TacticalAction action, string cause, DateTimeOffset now)
    {
        if (prices.Find(entry.Symbol) is not { IsKnown: true } price)
        {
            return Task.CompletedTask;
        }

        var decimals = Options.InstrumentOf(entry.Symbol, price.AssetClass)?.PriceDecimals ?? 8;
        return StopTightening.LevelOf(entry, price.Bid, price.Ask, action.Share, decimals) is { } level
            ? ChangeAsync(entry, new PlannedChange(entry.Id, ChangeKind.Tighten, 0m, level), cause, now)
            : Task.CompletedTask;
    }

    /// <summary>The marker that goes with the change makes it happen once, however often its cause is delivered.</summary>
    private Task ChangeAsync(PositionIndexEntry entry, PlannedChange change, string cause, DateTimeOffset now) =>
        GrainFactory.GetGrain<IPositionGrain>(entry.Id).ChangeAsync(new ChangeRequest(
            change,
            new Signal
            {
                Id = $"{Party}/{cause}/{entry.Id}",
                Tier = 3,
                Account = entry.Account,
                Strategy = entry.Strategy,
                Kind = entry.Kind,
                Action = SignalAction.Close,
                Symbol = entry.Symbol,
                Time = now,
            },
            Opens: null, FenceGroup: null, Fence: 0, IsLast: true, Queue: null, EntryId: cause));

    /// <summary>Lets another regime stand: written first, then sizes go by it. One change at a time, since a cycle may meet a message.</summary>
    private async Task SwitchAsync(Func<StandingRegime, StandingRegime> change, List<ListPush> decisions, DateTimeOffset now)
    {
        var (before, own) = (_switching, new TaskCompletionSource());
        _switching = own.Task;
        await before;
        try
        {
            if (!_isRestored)
            {
                await RestoreAsync();
            }

            var (standing, after) = (_regime, change(_regime));
            if (after == standing)
            {
                return;
            }

            var results = await _partition.CommitAsync(
                [new Commit { Records = [new RecordWrite(TierRecords.Regime, _regimeVersion, DomainJson.Write(after))] }]);
            if (!results[0].IsCommitted)
            {
                // Another activation wrote it: the next cycle goes on from there.
                _isRestored = false;
                return;
            }

            (_regime, _regimeVersion) = (after, _regimeVersion + 1);
            sizes.Adopt(_regimeVersion, after);
            if (after.Regime != standing.Regime)
            {
                Note(
                    decisions,
                    $"regime {MarketRegimes.NameOf(standing.Regime)} -> {MarketRegimes.NameOf(after.Regime)}, parameter set {ParameterSets.Of(standing.Regime).Name} -> {ParameterSets.Of(after.Regime).Name}",
                    after.Source == StandingRegime.Own ? $"own measure, {_observer.Explain(after.Regime)}" : after.Source,
                    now);
            }
        }
        finally
        {
            own.SetResult();
        }
    }

    private async Task RestoreAsync()
    {
        var record = await _partition.ReadAsync(TierRecords.Regime);
        (_regime, _regimeVersion) = record is null ? (StandingRegime.None, 0) : (DomainJson.ReadRegime(record.Data.Span), record.Version);
        sizes.Adopt(_regimeVersion, _regime);
        _isRestored = true;
    }
}
